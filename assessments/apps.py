from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        from assessments.domain import quizzes, reading
        from assessments.models import QuizPage
        from courses.domain import unit_types

        unit_types.register(
            unit_types.UnitType(key="quiz", page_model=QuizPage, icon="help", rules=quizzes.rules, lint=quizzes.lint)
        )
        QuizPage.sample_quiz = staticmethod(lambda page: reading.read_quiz(page, None))
