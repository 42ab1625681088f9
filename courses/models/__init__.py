from courses.models.cohort import Cohort
from courses.models.course import Course, Unit
from courses.models.edition import Edition
from courses.models.enrolment import Enrolment
from courses.models.pages import CataloguePage, CoursePage, LessonPage, ModulePage, UnitPage
from courses.models.progress import Reflection, UnitCompletion

__all__ = [
    "CataloguePage",
    "Cohort",
    "Course",
    "CoursePage",
    "Edition",
    "Enrolment",
    "LessonPage",
    "ModulePage",
    "Reflection",
    "Unit",
    "UnitCompletion",
    "UnitPage",
]
