from django.db import models


class CourseQuerySet(models.QuerySet["Course"]):
    def offered(self) -> "CourseQuerySet":
        """Released and not archived: open to new learners."""
        return self.filter(archived_at=None, current_edition__isnull=False)


class Course(models.Model):
    """The course that records hang on, whatever its pages say or become. Made at the first release.

    `key` is the `translation_key` that its pages share in all languages; `code` its key in course packages.
    """

    key = models.UUIDField(unique=True)
    code = models.SlugField(max_length=60, unique=True)
    current_edition = models.ForeignKey(
        "courses.Edition", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    # Moves on with every change of a page of the course, in any language (elearn.core.shelf).
    wording = models.PositiveBigIntegerField(default=0, editable=False)

    objects = CourseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class Unit(models.Model):
    """A lesson, quiz or other unit that records hang on. Made when it first stands in a released edition."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="units")
    key = models.UUIDField(unique=True)
    code = models.SlugField(max_length=60)
    kind = models.CharField(max_length=30)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "code"], name="one_unit_per_code_and_course")]

    def __str__(self) -> str:
        return f"{self.course.code}/{self.code}"
