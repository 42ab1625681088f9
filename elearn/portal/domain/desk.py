"""The learner's desk: what is next, what is done, what there is to show for it."""

from dataclasses import dataclass
from datetime import datetime

from certificates.domain.verification import CertificateLine, certificates_of
from courses.domain.news import DeskNews, desk_news
from courses.domain.outline import Outline, UnitLine
from courses.domain.reading import started_courses
from elearn.people.models import User
from elearn.portal.domain.groups import Due, Groups, due_soon, read_groups


@dataclass(frozen=True)
class DeskCourse:
    code: str
    outline: Outline
    completed_at: datetime | None
    certificate: CertificateLine | None
    news: DeskNews | None

    @property
    def title(self) -> str:
        return self.outline.course.title if self.outline.course else self.code

    @property
    def url(self) -> str:
        return self.outline.course.url if self.outline.course else ""

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
    groups: Groups
    due: list[Due]


def read_desk(person: User, language: str) -> Desk:
    """The desk of one person. A constant number of queries, however many courses."""
    certificates = certificates_of(person)
    by_enrolment = {line.enrolment_id: line for line in certificates}
    started = started_courses(person, language)
    news = desk_news(enrolment for enrolment, _outline in started)
    courses = [
        DeskCourse(
            enrolment.course.code,
            outline,
            enrolment.completed_at,
            by_enrolment.get(enrolment.pk),
            news.get(enrolment.pk),
        )
        for enrolment, outline in started
    ]
    under_way = [(course.title, course.outline) for course in courses if course.completed_at is None]
    return Desk(courses, certificates, read_groups(person), due_soon(under_way))
