from courses.models.authors import CourseLibrary
from courses.models.cohort import Cohort, Extension, JoinLink, ModuleDate
from courses.models.course import Course, Unit
from courses.models.discussion import CohortMessage, Follow, Post, PostReport, Thread, UsefulMark
from courses.models.edition import Edition
from courses.models.enrolment import Enrolment, EnrolmentMove
from courses.models.glossary import GlossaryTerm
from courses.models.links import LinkCheck
from courses.models.local_case import LocalCase
from courses.models.member import CohortMember, ImportRow, MemberImport
from courses.models.pages import CataloguePage, CoursePage, LessonPage, ModulePage, UnitPage
from courses.models.progress import Reflection, UnitCompletion
from courses.models.review import ReviewTask
from courses.models.session import Attendance, CalendarFeed, LiveSession, PrintKit

__all__ = [
    "Attendance",
    "CalendarFeed",
    "CataloguePage",
    "Cohort",
    "CohortMember",
    "CohortMessage",
    "Course",
    "CourseLibrary",
    "CoursePage",
    "Edition",
    "Enrolment",
    "EnrolmentMove",
    "Extension",
    "Follow",
    "GlossaryTerm",
    "ImportRow",
    "JoinLink",
    "LessonPage",
    "LinkCheck",
    "LiveSession",
    "LocalCase",
    "MemberImport",
    "ModuleDate",
    "ModulePage",
    "Post",
    "PostReport",
    "PrintKit",
    "Reflection",
    "ReviewTask",
    "Thread",
    "Unit",
    "UnitCompletion",
    "UnitPage",
    "UsefulMark",
]
