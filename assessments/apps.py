from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        from assessments.domain import lint, moving, packages, personal_data, quizzes, reading
        from assessments.forms import QuizPageForm
        from assessments.models import QuizPage
        from courses.domain import moving as courses_moving
        from courses.domain import unit_types
        from courses.domain.packages import parts
        from elearn.people.domain import personal_data as privacy
        from elearn.people.domain import retention

        QuizPage.base_form_class = QuizPageForm  # Models do not know forms.
        unit_types.register(
            unit_types.UnitType(
                key=quizzes.QUIZ,
                page_model=QuizPage,
                icon="help",
                rules=quizzes.rules,
                related=("bank",),
                tell=quizzes.tell,
                lint=lint.lint,
                is_check=True,
                describe=quizzes.describe,
                shows=lambda page, enrolment: {"quiz": reading.read_quiz(page, enrolment)},
                form=packages.QUIZ,
            )
        )
        parts.register(packages.BankPart())
        courses_moving.register_rule(moving.refuse_lost_attempts)
        privacy.register(personal_data.CONTRIBUTION)
        retention.register(*personal_data.PERIODS)
