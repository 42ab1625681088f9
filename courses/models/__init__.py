from courses.models.authors import CourseLibrary
from courses.models.cohort import Cohort
from courses.models.course import Course, Unit
from courses.models.edition import Edition
from courses.models.enrolment import Enrolment, EnrolmentMove
from courses.models.glossary import GlossaryTerm
from courses.models.links import LinkCheck
from courses.models.pages import CataloguePage, CoursePage, LessonPage, ModulePage, UnitPage
from courses.models.progress import Reflection, UnitCompletion
from courses.models.review import ReviewTask

__all__ = [
    "CataloguePage",
    "Cohort",
    "Course",
    "CourseLibrary",
    "CoursePage",
    "Edition",
    "Enrolment",
    "EnrolmentMove",
    "GlossaryTerm",
    "LessonPage",
    "LinkCheck",
    "ModulePage",
    "Reflection",
    "ReviewTask",
    "Unit",
    "UnitCompletion",
    "UnitPage",
]
