from django.db import models
from wagtail.models import Collection


class CourseLibrary(models.Model):
    """The collection of a course's pictures and files. `course_key` is the translation key of its pages.

    Made with the course's first page, or with the first grant that names the course, whichever comes first.
    """

    course_key = models.UUIDField(unique=True)
    collection = models.OneToOneField(Collection, on_delete=models.CASCADE, related_name="course_library")

    def __str__(self) -> str:
        return str(self.collection)
