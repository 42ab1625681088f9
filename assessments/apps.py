from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        from assessments.domain import packages, quizzes, reading
        from assessments.models import QuizPage
        from courses.domain import unit_types
        from courses.domain.packages import parts

        unit_types.register(
            unit_types.UnitType(
                key=quizzes.QUIZ,
                page_model=QuizPage,
                icon="help",
                rules=quizzes.rules,
                lint=quizzes.lint,
                form=packages.QUIZ,
            )
        )
        parts.register(packages.BankPart())
        QuizPage.sample_quiz = staticmethod(lambda page: reading.read_quiz(page, None))
