from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from courses import receivers  # noqa: F401  Connects the guards against deletion.
        from courses.domain import reading, unit_types
        from courses.domain.packages import forms
        from courses.models import LessonPage
        from courses.models.pages import KeyedPage

        KeyedPage.sample_reading = staticmethod(reading.sample_reading)
        unit_types.register(
            unit_types.UnitType(key="lesson", page_model=LessonPage, icon="doc-full", form=forms.LESSON)
        )
