"""Two institutions that know nothing of each other, their learners and courses, and somebody in every role.

North has course A and South has course B. Whatever belongs to a person of North has `NORTH` in it, so that it can be
looked for on the screens of those who must not see it; likewise South.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Collection, Workflow

from assessments.domain import receipts
from assessments.domain.attempts import start_attempt, submit_attempt
from assessments.domain.practicals import add_file, begin, hand_in_work, save_text
from assessments.domain.rekeying import key_of
from assessments.domain.rubrics import freeze
from assessments.models import (
    Adjustment,
    Attempt,
    HandIn,
    HandInFile,
    PracticalPage,
    Question,
    QuizPage,
    Remark,
    Rubric,
    RubricAssessment,
    Script,
    SurveyPage,
)
from certificates.domain import issuing
from certificates.models import Certificate
from courses.domain.authors import library_of
from courses.domain.enrolment import enrol
from courses.domain.progress import complete_unit, save_reflection
from courses.domain.releasing import plan_release, release
from courses.models import (
    CataloguePage,
    Cohort,
    Course,
    CoursePage,
    Enrolment,
    GlossaryTerm,
    LessonPage,
    ModulePage,
    Unit,
    UnitCompletion,
)
from elearn.core import pending
from elearn.core.models import Handout, Picture, Recording
from elearn.people.domain import exports
from elearn.people.domain.erasure import ask_for_erasure
from elearn.people.domain.roles import end_role, grant_role
from elearn.people.enums import ErasureOrigin, InstitutionState, Role, Scope
from elearn.people.models import Action, DataExport, Institution, Membership, RoleGrant, User
from tests.factories.assessments import make_quiz
from tests.factories.cohorts import Doors, make_doors, make_member
from tests.factories.courses import make_course_page, make_lesson, make_module, make_released_course
from tests.factories.glossary import make_term
from tests.factories.marking import QUIET, judge, make_assessor, make_essays, make_practical_script
from tests.factories.meetings import Meeting, make_meeting
from tests.factories.papers import WithPapers, with_papers
from tests.factories.people import ActionFactory, InstitutionFactory, MembershipFactory, UserFactory
from tests.factories.practicals import make_cohort, make_practical
from tests.factories.recordings import SVG, make_recording
from tests.factories.role_facts import facts_of
from tests.factories.surveys import answer_survey, make_survey, question
from tests.factories.talk import WithTalk, make_question

NORTH, SOUTH = "Nordwind", "Sudwind"
PASSWORD = "correct horse battery"


@dataclass
class Side(WithPapers, WithTalk):
    """One institution with its Action, a learner, somebody who claims a post in it, and a course."""

    mark: str
    institution: Institution
    action: Action
    person: User
    membership: Membership
    claim: Membership
    focal_grant: RoleGrant
    course: Course
    page: CoursePage
    module: ModulePage
    lesson: LessonPage
    draft: LessonPage
    quiz: QuizPage
    second_quiz: QuizPage
    survey: SurveyPage
    answered_survey: SurveyPage
    practical: PracticalPage
    done: PracticalPage
    handout: Handout
    spare_handout: Handout
    picture: Picture
    recording: Recording
    term: GlossaryTerm
    newer: Course  # The learner takes its edition 1; there is an edition 2.
    attempt: Attempt
    submitted: Attempt
    hand_in: HandIn
    handed_in: HandIn
    file: HandInFile
    observation: RubricAssessment
    taker: object  # Takes part in a cohort of the course, for the institution.
    certificate: Certificate
    export: DataExport
    passkey: Authenticator
    adjustment: Adjustment
    remark: Remark  # It changed nothing; the learner's pass is in doubt by it.
    digest: str  # Of the release that is due in the course.
    doors: Doors
    meeting: Meeting
    essay: Script  # Waits for a mark.
    marked: Script  # A practical that somebody else has marked, with a file.

    @property
    def marked_file(self) -> HandInFile:
        return HandInFile.objects.get(hand_in=self.marked.hand_in)

    @property
    def newer_page(self) -> CoursePage:
        return CoursePage.objects.get(translation_key=self.newer.key)

    @property
    def question(self) -> dict:
        return dict(self.attempt.snapshot[0])

    @property
    def receipt(self) -> str:
        return receipts.check(self.submitted).code

    @property
    def edition(self) -> int:
        return int(self.course.current_edition_id or 0)

    @property
    def bank_question(self) -> int:
        return int(self.quiz.bank.questions.values_list("pk", flat=True)[0])


@dataclass
class World:
    north: Side
    south: Side
    proposal: Institution
    cast: dict[str, User]
    trainer_grant: RoleGrant
    cohort: Cohort  # Of course A.

    @property
    def catalogue(self) -> CataloguePage:
        return CataloguePage.objects.get()

    @property
    def root_collection(self) -> Collection:
        return Collection.get_first_root_node()

    @property
    def workflow(self) -> Workflow:
        return Workflow.objects.get(name="Review and publish")

    def facts(self) -> dict[str, object]:
        """What the addresses in a table may name."""
        return {"world": self, **facts_of(self)}


def person_of(name: str) -> User:
    """Somebody with a proved address, so that they log in as people do."""
    person = UserFactory(printed_name=name, email=f"{name.replace(' ', '.').lower()}@example.org")
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person


def make_side(mark: str, manager: User) -> Side:
    letter = {NORTH: "A", SOUTH: "B"}[mark]
    institution, action = InstitutionFactory(name=f"Service beside course {letter}"), ActionFactory()
    action.institutions.add(institution)
    person, claimant, focal = (person_of(f"{name} {mark}") for name in ("Lea", "Clara", "Fay"))
    membership = MembershipFactory(person=person, institution=institution, confirmed=True, decided_by=manager)
    MembershipFactory(person=focal, institution=institution, confirmed=True, decided_by=manager)
    course, content = _make_course(letter, manager)
    newer = make_released_course(f"newer-{letter.lower()}", modules=1, lessons=1)
    enrolment, _second = enrol(person=person, course=course), enrol(person=person, course=newer)
    make_lesson(ModulePage.objects.child_of(CoursePage.objects.get(translation_key=newer.key)).get(), "added")
    release(page=CoursePage.objects.get(translation_key=newer.key), by=None)
    newer.refresh_from_db()
    lesson_unit = Unit.objects.get(key=content["lesson"].translation_key)
    save_reflection(enrolment=enrolment, unit=lesson_unit, block_id="r1", text=f"A note of {mark}")
    make_question(person, lesson_unit, title=f"A question of {mark}")
    quiz_unit = Unit.objects.get(key=content["quiz"].translation_key)
    submitted = start_attempt(enrolment=enrolment, unit=quiz_unit, language="en")
    submit_attempt(attempt=submitted, language="en", revision=None)
    attempt = start_attempt(enrolment=enrolment, unit=quiz_unit, language="en")
    survey_unit = Unit.objects.get(key=content["answered_survey"].translation_key)
    answer_survey(enrolment, survey_unit, {"useful": 3, "words": f"Words of {mark}"})
    practical = begin(
        enrolment=enrolment, unit=Unit.objects.get(key=content["practical"].translation_key), language="en"
    )
    save_text(hand_in=practical, text=f"A plan of {mark}", version=0)
    done = begin(enrolment=enrolment, unit=Unit.objects.get(key=content["done"].translation_key), language="en")
    file = add_file(hand_in=done, file=ContentFile(b"%PDF-1.4"), name="plan.pdf")
    hand_in_work(hand_in=done, version=0)
    certificate = _certify(person, letter)
    exports.ask_for_export(person=person)
    pending.work(exports.KIND, DataExport.objects.get(person=person).pk)
    return Side(
        mark=mark,
        institution=institution,
        action=action,
        person=person,
        membership=membership,
        claim=MembershipFactory(person=claimant, institution=institution),
        focal_grant=grant_role(person=focal, role=Role.FOCAL_POINT, granted_by=manager, institution=institution),
        course=course,
        newer=newer,
        attempt=attempt,
        adjustment=Adjustment.objects.create(
            course=course, person=person, extra_time=25, reason=f"Of {mark}", granted_by=manager
        ),
        remark=_make_remark(submitted, manager),
        submitted=Attempt.objects.get(pk=submitted.pk),
        hand_in=practical,
        handed_in=done,
        file=file,
        observation=_observe(person, course),
        taker=make_member(make_cohort(course), person_of(f"Theo {mark}"), institution=institution),
        certificate=certificate,
        export=DataExport.objects.get(person=person),
        doors=make_doors(course, action, person),
        meeting=make_meeting(enrolment),
        essay=make_essays(enrolment, f"An essay of {mark}", unit=lesson_unit)[0],
        marked=_mark(enrolment, quiz_unit, mark),
        passkey=Authenticator.objects.create(user=claimant, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"}),
        **content,
    )


def _make_course(letter: str, manager: User) -> tuple[Course, dict]:
    """A lesson with a note and a file, two quizzes, a draft; released, with something new since."""
    code = f"course-{letter.lower()}"
    page = make_course_page(code, title=f"Course of {letter}")
    library = library_of(page.translation_key)
    handout = Handout.objects.create(
        title=f"Plan of {letter}", file=ContentFile(b"%PDF-1.4", name="plan.pdf"), collection=library
    )
    module = make_module(page, "m1")
    lesson = make_lesson(
        module,
        "lesson",
        body=[
            {"type": "reflection", "value": {"question": "And you?", "hint": ""}, "id": "r1"},
            {"type": "download", "value": {"file": handout.pk, "title": "The plan", "description": ""}, "id": "d1"},
        ],
    )
    practical = make_practical(module, f"{code}-practical", asks_files=1, required=False)
    done = make_practical(
        module, f"{code}-done", asks_text=False, asks_files=1, required=False, rubric=practical.rubric
    )
    quiz, second_quiz = make_quiz(module, f"{code}-1", questions=1), make_quiz(module, f"{code}-2", questions=1)
    asked = [question("agreement", "useful"), question("free_text", "words")]
    surveys = [make_survey(module, f"survey-{n}", questions=asked, anonymous=False) for n in (1, 2)]
    course = release(page=page, by=None).course
    make_lesson(module, "new")
    draft = LessonPage(title="Draft", slug="draft", key="draft", locale=page.locale, purpose="P.", live=False)
    module.add_child(instance=draft)
    draft.save_revision()
    ModulePage.objects.filter(pk=module.pk).update(locked=True, locked_by=manager, locked_at=timezone.now())
    page = CoursePage.objects.get(pk=page.pk)
    return course, {
        "page": page,
        "module": ModulePage.objects.get(pk=module.pk),
        "lesson": lesson,
        "draft": LessonPage.objects.get(pk=draft.pk),
        "quiz": quiz,
        "second_quiz": second_quiz,
        "survey": surveys[0],
        "answered_survey": surveys[1],
        "practical": practical,
        "done": done,
        "handout": handout,
        "spare_handout": Handout.objects.create(
            title=f"Spare of {letter}", file=ContentFile(b"%PDF-1.4", name="spare.pdf"), collection=library
        ),
        "picture": Picture.objects.create(
            title=f"Picture of {letter}",
            file=ContentFile(SVG, name=f"{code}.svg"),
            is_decorative=True,
            collection=library,
        ),
        "recording": make_recording("talk.mp3", title=f"Talk of {letter}", collection=library),
        "term": make_term(f"Word of {letter}", course=code),
        "digest": plan_release(page).digest,
    }


def _make_remark(attempt: Attempt, manager: User) -> Remark:
    """An act of marking again, and a pass of the learner's that the key would not have given."""
    question = Question.objects.get(translation_key=attempt.snapshot[0]["translation_key"])
    UnitCompletion.objects.create(enrolment=attempt.enrolment, unit=attempt.unit, language="en")
    return Remark.objects.create(
        translation_key=question.translation_key,
        question_key=question.key,
        contents=key_of([question]).to_json(),
        reason="A wrong key",
        done_by=manager,
        work_done_at=timezone.now(),
    )


def _observe(person: User, course: Course) -> RubricAssessment:
    """A session of the person's that somebody else has judged."""
    cohort = make_cohort(course, title="An earlier cohort")
    return RubricAssessment.objects.create(
        subject=person,
        assessor=person_of(f"Observer of {course.code}"),
        part="observation",
        cohort=cohort,
        observed_on=cohort.starts_on,
        rubric=freeze(Rubric.objects.get(course_code=course.code)),
        reasons=f"Said of {course.code}.",
        fraction=1,
        state="final",
        final_at=timezone.now(),
    )


def _mark(enrolment: Enrolment, unit: Unit, mark: str) -> Script:
    script = make_practical_script(enrolment, unit=unit, text=f"A plan of {mark}")
    HandInFile.objects.create(
        hand_in=script.hand_in, file=ContentFile(b"%PDF-1.4", name="plan.pdf"), name="plan.pdf", size=8, sha256="0" * 64
    )
    judge(script, make_assessor(), levels=QUIET, reasons=f"Reasons for {mark}")
    return Script.objects.get(pk=script.pk)


def _certify(person: User, letter: str) -> Certificate:
    course = make_released_course(f"done-{letter.lower()}", modules=1, lessons=1)
    enrolment = enrol(person=person, course=course)
    for unit in course.units.all():
        complete_unit(enrolment=enrolment, unit=unit, language="en", revision=None)
    enrolment.refresh_from_db()
    certificate = issuing.issue(enrolment=enrolment)
    pending.work(issuing.KIND, certificate.pk)
    return Certificate.objects.get(pk=certificate.pk)


def make_world() -> World:
    giver = person_of("Giver of roles")
    north, south = (with_papers(make_side(mark, giver), giver) for mark in (NORTH, SOUTH))
    ask_for_erasure(person=south.person, origin=ErasureOrigin.PERSON)
    cohort = make_cohort(north.course, title="A cohort", starts_on=date(2026, 1, 1))
    a, b = {"scope_key": north.course.key}, {"scope_key": south.course.key}
    roles: dict[str, tuple[Role, dict]] = {
        "trainer": (Role.TRAINER, {}),
        "trainer of A": (Role.TRAINER, a),
        "trainer of B": (Role.TRAINER, b),
        "trainer of a cohort": (Role.TRAINER, {"scope": Scope.COHORT, "scope_key": cohort.public_id}),
        "assessor": (Role.ASSESSOR, {}),
        "author": (Role.AUTHOR, {}),
        "author of A": (Role.AUTHOR, a),
        "author of B": (Role.AUTHOR, b),
        "reviewer": (Role.REVIEWER, {}),
        "reviewer of B": (Role.REVIEWER, b),
        "editor": (Role.EDITOR, {}),
        "editor of A": (Role.EDITOR, a),
        "manager": (Role.MANAGER, {}),
        "manager for North": (Role.MANAGER, {"action": north.action}),
        "manager for South": (Role.MANAGER, {"action": south.action}),
    }
    cast = {name: person_of(f"The {name}") for name in roles}
    grants = {
        name: grant_role(person=cast[name], role=role, granted_by=giver, **scope)
        for name, (role, scope) in roles.items()
    }
    former = person_of("The former manager")
    grant = grant_role(person=former, role=Role.MANAGER, granted_by=giver, starts_at=timezone.now() - timedelta(days=9))
    end_role(grant=grant, ended_by=giver)
    admin = User.objects.create_superuser(
        "admin.of.all@example.org", PASSWORD, printed_name="The administrator", notice_version=1
    )
    EmailAddress.objects.create(user=admin, email=admin.email, primary=True, verified=True)
    cast |= {"stranger": person_of("The stranger"), "former manager": former, "administrator": admin}
    cast |= {"learner": north.person}
    cast |= {"focal point of North": north.focal_grant.person, "focal point of South": south.focal_grant.person}
    proposer = person_of("Somebody who proposes")
    proposal = InstitutionFactory(name="A proposal", state=InstitutionState.PROPOSED, proposed_by=proposer)
    return World(north, south, proposal, cast, grants["trainer"], cohort)
