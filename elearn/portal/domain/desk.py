"""The learner's desk: what is next, what is done, what there is to show for it."""

from dataclasses import dataclass
from datetime import datetime

from certificates.domain.verification import CertificateLine, certificates_of
from courses.domain.outline import Outline, UnitLine
from courses.domain.reading import started_courses
from elearn.people.models import User


@dataclass(frozen=True)
class DeskCourse:
    title: str
    url: str
    outline: Outline
    completed_at: datetime | None
    certificate: CertificateLine | None

    @property
    def resume(self) -> UnitLine | None:
        return self.outline.resume

    @property
    def edition_title(self) -> str:
        return self.outline.edition_title


@dataclass(frozen=True)
class Desk:
    courses: list[DeskCourse]
    certificates: list[CertificateLine]


def read_desk(person: User, language: str) -> Desk:
    """The desk of one person. A constant number of queries, however many courses."""
    certificates = certificates_of(person)
    by_enrolment = {line.enrolment_id: line for line in certificates}
    courses = [
        DeskCourse(title, url, outline, enrolment.completed_at, by_enrolment.get(enrolment.pk))
        for enrolment, title, url, outline in started_courses(person, language)
    ]
    return Desk(courses, certificates)
