"""Learners in the middle of their courses: enrolments, progress, notes, attempts and certificates, in bulk."""

import random
import secrets
from dataclasses import asdict
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from assessments.domain.quizzes import QuizRules
from assessments.domain.selection import draw_snapshot
from assessments.models import Attempt, Response
from certificates.domain.issuing import TEMPLATE, Facts, name_hmac
from certificates.domain.serials import new_serial
from certificates.enums import CertificateEventKind
from certificates.models import Certificate, CertificateEvent, CertificateSubject
from courses.enums import Award, EnrolmentState
from courses.models import Course, Edition, Enrolment, LessonPage, Reflection, Unit, UnitCompletion
from elearn.people.domain import notices
from elearn.people.models import User

ROWS = 500
COMPLETES_EVERY = 5  # one learner in so many has completed a course
QUESTIONS = 10  # that a newcomer's quiz asks
QUIZZES_EVERY = 2  # one learner in so many is in the middle of a quiz


class Crowd:
    def __init__(self, how_many: int) -> None:
        self.courses = list(Course.objects.offered().select_related("current_edition").order_by("pk"))
        self.units: dict[int, list[Unit]] = {course.pk: [] for course in self.courses}
        for unit in Unit.objects.order_by("pk"):
            self.units[unit.course_id].append(unit)
        self.people = self._people(how_many)

    @transaction.atomic
    def make(self) -> None:
        enrolments = self._enrolments()
        self._progress(enrolments)
        self._certificates([enrolment for enrolment in enrolments if enrolment.completed_at])
        first = {enrolment.person_id: enrolment for enrolment in reversed(enrolments)}
        self._attempts([first[person.pk] for person in self.people[::QUIZZES_EVERY]])
        self._notes(list(first.values()))

    def takers(self, course_key: UUID) -> set[int]:
        """Who takes a course."""
        return set(Enrolment.objects.filter(course__key=course_key).values_list("person", flat=True))

    def newcomers(self, course_key: UUID, how_many: int) -> list[User]:
        """New people who have enrolled in a course and done nothing of it; its quizzes ask them ten questions."""
        course = next(course for course in self.courses if course.key == course_key)
        self._ask_ten(course)
        people = self._people(how_many, "newcomer")
        Enrolment.objects.bulk_create(
            (Enrolment(person=person, course=course, edition=course.current_edition) for person in people),
            batch_size=ROWS,
        )
        return people

    def _ask_ten(self, course: Course) -> None:
        """Have each quiz of the edition draw ten, however many the author chose, so that figures stay comparable."""
        edition = course.current_edition
        for variant in edition.manifest["variants"]:
            for module in variant["modules"]:
                for unit in module["units"]:
                    if unit["kind"] == "quiz":
                        unit["rules"] = {**unit["rules"], "draw": QUESTIONS}
        Edition.objects.filter(pk=edition.pk).update(manifest=edition.manifest)

    def _people(self, how_many: int, name: str = "learner") -> list[User]:
        password, version = make_password(None), notices.current_version()
        rows = [
            User(
                email=f"{name}{number}@demo.example",
                printed_name=f"Learner {number}",
                password=password,
                notice_version=version,
            )
            for number in range(how_many)
        ]
        return User.objects.bulk_create(rows, batch_size=ROWS)

    def _enrolments(self) -> list[Enrolment]:
        """Two or three courses each, of which one learner in five has completed the last."""
        rows, now = [], timezone.now()
        for number, person in enumerate(self.people):
            taken = random.Random(number).sample(self.courses, min(len(self.courses), 2 + number % 2))
            for place, course in enumerate(taken):
                row = Enrolment(person=person, course=course, edition=course.current_edition)
                if number % COMPLETES_EVERY == 0 and place == len(taken) - 1:
                    row.state, row.completed_at = EnrolmentState.COMPLETED, now
                rows.append(row)
        return Enrolment.objects.bulk_create(rows, batch_size=ROWS)

    def _progress(self, enrolments: list[Enrolment]) -> None:
        rows = []
        for number, enrolment in enumerate(enrolments):
            units = self.units[enrolment.course_id]
            done = len(units) if enrolment.completed_at else number % (len(units) - 1)
            rows += [UnitCompletion(enrolment=enrolment, unit=unit, language="en") for unit in units[:done]]
        UnitCompletion.objects.bulk_create(rows, batch_size=ROWS)

    def _certificates(self, enrolments: list[Enrolment]) -> None:
        now = timezone.now()
        rows = []
        for number, enrolment in enumerate(enrolments):
            serial, salt = new_serial(), secrets.token_hex(16)
            rows.append(
                Certificate(
                    enrolment=enrolment,
                    award=Award.COMPLETION,
                    serial=serial,
                    status_index=number,
                    facts=self._facts(enrolment, serial),
                    name_salt=salt,
                    name_hmac=name_hmac(enrolment.person.printed_name, salt),
                    pdf_sha256="0" * 64,
                    work_done_at=now,
                )
            )
        made = Certificate.objects.bulk_create(rows, batch_size=ROWS)
        CertificateSubject.objects.bulk_create(
            (CertificateSubject(certificate=row, printed_name=row.enrolment.person.printed_name) for row in made),
            batch_size=ROWS,
        )
        CertificateEvent.objects.bulk_create(
            (CertificateEvent(certificate=row, kind=CertificateEventKind.ISSUED) for row in made), batch_size=ROWS
        )

    def _facts(self, enrolment: Enrolment, serial: str) -> dict:
        today = timezone.localdate().isoformat()
        return asdict(
            Facts(
                award=Award.COMPLETION,
                course=enrolment.course.code,
                edition=1,
                edition_title="",
                modules=["One", "Two"],
                variant="full",
                language="en",
                hours="4.0",
                started_on=today,
                completed_on=today,
                issued_on=today,
                issuer="Bench",
                template=TEMPLATE,
                verify_url=f"http://localhost/verify/{serial}/",
            )
        )

    def _attempts(self, enrolments: list[Enrolment]) -> None:
        """An attempt in progress at the first quiz, half of it answered."""
        rows, snapshots = [], {}
        for enrolment in enrolments:
            unit = next(unit for unit in self.units[enrolment.course_id] if unit.kind == "quiz")
            if unit.code not in snapshots:  # All courses draw from the same banks.
                rules = QuizRules.from_json(enrolment.course.current_edition.structure.unit(unit.key).rules)
                snapshots[unit.code] = draw_snapshot(rules=rules, language="en", languages=("en",)), rules.pass_mark
            snapshot, pass_mark = snapshots[unit.code]
            rows.append(Attempt(enrolment=enrolment, unit=unit, number=1, pass_mark=pass_mark, snapshot=snapshot))
        made = Attempt.objects.bulk_create(rows, batch_size=ROWS)
        Response.objects.bulk_create(
            (
                Response(
                    attempt=attempt,
                    question_key=question["key"],
                    answer=[question["order"][0]],
                    client_key=attempt.public_id if number == 1 else f"{number:08}{str(attempt.public_id)[8:]}",
                    sequence=number,
                    language="en",
                )
                for attempt in made
                for number, question in enumerate(attempt.snapshot[: len(attempt.snapshot) // 2], start=1)
            ),
            batch_size=ROWS,
        )

    def _notes(self, enrolments: list[Enrolment]) -> None:
        """A note on the first lesson that asks for one; every copy of it has the block under the same id."""
        asking = {}
        for page in LessonPage.objects.live().order_by("path")[:20]:
            asking.update((page.key, block.id) for block in page.body if block.block_type == "reflection")
        rows = [
            Reflection(enrolment=enrolment, unit=unit, block_id=asking[unit.code], text="What I will try on Monday.")
            for enrolment in enrolments
            for unit in self.units[enrolment.course_id]
            if unit.code in asking
        ]
        Reflection.objects.bulk_create(rows, batch_size=ROWS)
