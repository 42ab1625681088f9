from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        _register_quizzes()
        _register_practicals()
        _register_surveys()
        _register_people()
        _register_later_work()
        _register_papers()


# Imported within, since models are there only when all applications are.


def _register_quizzes() -> None:
    from assessments.domain import lint, moving, packages, quizzes
    from assessments.domain.reading.quiz import read_quiz
    from assessments.forms.banks import QuizPageForm
    from assessments.models import QuizPage
    from courses.domain import moving as courses_moving
    from courses.domain import unit_types
    from courses.domain.packages import parts

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
            shows=lambda page, enrolment: {"quiz": read_quiz(page, enrolment)},
            form=packages.QUIZ,
        )
    )
    parts.register(packages.BankPart())
    courses_moving.register_rule(moving.refuse_lost_attempts)


def _register_practicals() -> None:
    from assessments.domain import practical_lint, practical_rules, rubric_packages
    from assessments.domain.reading.practical import read_practical
    from assessments.forms.practicals import PracticalPageForm
    from assessments.models import PracticalPage, Rubric
    from courses.domain import unit_types
    from courses.domain.packages import parts
    from elearn.core import files

    PracticalPage.base_form_class = PracticalPageForm
    unit_types.register(
        unit_types.UnitType(
            key=practical_rules.PRACTICAL,
            page_model=PracticalPage,
            icon="tasks",
            rules=practical_rules.rules,
            related=("rubric",),
            tell=practical_rules.tell,
            lint=practical_lint.lint,
            is_check=True,
            describe=practical_rules.describe,
            shows=lambda page, enrolment: {"practical": read_practical(page, enrolment)},
            form=rubric_packages.PRACTICAL,
        )
    )
    parts.register(rubric_packages.RubricPart())
    files.guard(Rubric)


def _register_surveys() -> None:
    from assessments.domain.surveys import lint, packages, rules
    from assessments.forms.surveys import survey_context
    from assessments.models import SurveyPage
    from courses.domain import unit_types
    from courses.domain.cohorts.rights import RUN
    from courses.views.cohorts.entrance import Tab, register_tab

    unit_types.register(
        unit_types.UnitType(
            key=rules.SURVEY,
            page_model=SurveyPage,
            icon="form",
            rules=rules.rules,
            tell=rules.tell,
            lint=lint.lint,
            describe=rules.describe,
            shows=survey_context,
            form=packages.SURVEY,
        )
    )
    register_tab(Tab("surveys", gettext_lazy("Surveys"), "assessments:cohort_surveys", RUN, 75))


def _register_people() -> None:
    """Who may what, what is kept of a person, and what the trail says of it."""
    from assessments.domain import (
        assessors,
        marking_data,
        marking_desk,
        observations,
        personal_data,
        practical_data,
        sentences,
    )
    from assessments.domain.surveys import access as survey_access
    from assessments.domain.surveys import personal_data as survey_data
    from elearn.people.domain import personal_data as privacy
    from elearn.people.domain import retention, rights, trail

    rights.register(assessors.ASSESS)
    rights.register(survey_access.SEE_RESULTS)
    rights.register(marking_desk.MODERATE)
    for part in (personal_data, practical_data, survey_data):
        privacy.register(part.CONTRIBUTION)
        retention.register(*part.PERIODS)
    privacy.register(marking_data.CONTRIBUTION)
    trail.register("assessments.file_opened", gettext_lazy("Opened a file that you handed in"))
    trail.register(observations.OBSERVED, gettext_lazy("Observed you in a session and judged it by a rubric"))
    for action, sentence in marking_desk.SENTENCES.items():
        trail.register(action, sentence)
    sentences.register()


def _register_later_work() -> None:
    from assessments.domain import attempts, parking, practicals, remarking, statistics
    from assessments.domain.exchange import uploads
    from assessments.domain.surveys import inviting
    from assessments.models import QuestionImport, Remark, RemovedFile, StatisticsRun
    from elearn.core import pending

    pending.register(remarking.KIND, Remark, remarking.carry_on)
    pending.register(statistics.KIND, StatisticsRun, statistics.compute)
    pending.register(uploads.KIND, QuestionImport, uploads.work_on)
    pending.register(practicals.REMOVAL, RemovedFile, practicals.remove_stored)
    pending.register_finder(uploads.give_up_old_imports)
    pending.register_finder(attempts.close_overdue_attempts)
    pending.register_finder(parking.forget_old)
    pending.register_finder(statistics.find_new)
    pending.register_finder(inviting.invite)


def _register_papers() -> None:
    from assessments.domain.papers import papers_data, printing
    from elearn.people.domain import personal_data as privacy

    printing.register()
    privacy.register(papers_data.CONTRIBUTION)
    papers_data.register_sentences()
