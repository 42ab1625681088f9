from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from wagtail.models import WorkflowState
        from wagtail.signals import workflow_approved, workflow_rejected

        from courses import receivers  # noqa: F401  Connects the guards against deletion.
        from courses.domain import authors, links, personal_data, reading, role_scopes, unit_types
        from courses.domain.cohorts import rights as cohort_rights
        from courses.domain.lint.checking import check_page
        from courses.domain.packages import forms, glossary, parts
        from courses.forms.courses import CoursePageForm
        from courses.models import CoursePage, Enrolment, GlossaryTerm, LessonPage, LinkCheck
        from courses.models.pages import KeyedPage
        from courses.panels import LacksPanel
        from elearn.core import files, gauges, pending
        from elearn.people.domain import personal_data as privacy
        from elearn.people.domain import retention, roles

        roles.register_group_provider(authors.groups_of_grant)
        role_scopes.register()
        cohort_rights.register()
        CoursePage.base_form_class = CoursePageForm  # Models do not know forms.
        # Wagtail would send these two in the middle of the request; courses.receivers writes rows that are sent later.
        workflow_approved.disconnect(sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification")
        workflow_rejected.disconnect(sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification")
        KeyedPage.sample_context = staticmethod(reading.sample_context)
        parts.register(glossary.GlossaryPart())
        files.guard(GlossaryTerm)
        LacksPanel.find = staticmethod(check_page)
        unit_types.register(
            unit_types.UnitType(key="lesson", page_model=LessonPage, icon="doc-full", form=forms.LESSON)
        )
        gauges.register("elearn_enrolments_active", "Enrolments under way.", Enrolment.objects.under_way().count)
        pending.register(links.WORK, LinkCheck, links.ask_link)
        pending.register_finder(links.ask_again)
        privacy.register(personal_data.CONTRIBUTION)
        retention.register(*personal_data.PERIODS)
        _register_opening()
        _register_members()
        _register_sessions()
        _register_talking()
        _register_reminders()
        _register_kits()


def _register_opening() -> None:
    from courses.domain.cohorts import opening_data, rights
    from courses.views.cohorts.entrance import Tab, register_tab
    from elearn.people.domain import personal_data, retention, trail

    register_tab(Tab("schedule", _("Schedule"), "cohorts:schedule", rights.RUN, order=30))
    register_tab(Tab("settings", _("Settings"), "cohorts:settings", rights.RUN, order=90))
    personal_data.register(opening_data.CONTRIBUTION)
    retention.register(*opening_data.PERIODS)
    trail.register("cohorts.more_time", _("Gave you more time in a module"))


def _register_members() -> None:
    """Getting people in."""
    from courses.domain.cohorts import members_data, rights, seating
    from courses.domain.cohorts.lists import importing
    from courses.models import MemberImport
    from courses.views.cohorts.entrance import Tab, register_tab
    from elearn.core import pending
    from elearn.people.domain import personal_data, retention

    seating.register()
    personal_data.register(members_data.CONTRIBUTION)
    retention.register(*members_data.PERIODS)
    register_tab(Tab("people", _("People"), "cohorts:people", rights.RUN, order=20))
    pending.register(importing.KIND, MemberImport, importing.work_on)
    pending.register_finder(seating.move_up_everywhere)


def _register_reminders() -> None:
    from courses.domain.cohorts import reminders
    from elearn.core import pending

    pending.register_finder(reminders.remind)


def _register_sessions() -> None:
    from courses.domain.cohorts import attending, sessions_data
    from courses.views.cohorts import sessions
    from elearn.people.domain import personal_data, retention

    attending.register()
    sessions.register()
    personal_data.register(sessions_data.CONTRIBUTION)
    retention.register(*sessions_data.PERIODS)


def _register_talking() -> None:
    from courses.domain.cohorts import moderating, rooms, shared_notes, talk_data, talking, telling, writing
    from courses.models import CohortMessage, Post
    from courses.views.cohorts.trainers_talk import register_talk_tab
    from courses.views.cohorts.writing import register_messages_tab
    from elearn.core import pending
    from elearn.people.domain import personal_data as privacy
    from elearn.people.domain import retention

    register_talk_tab()
    register_messages_tab()
    rooms.register_rights()
    moderating.register_sentences()
    shared_notes.register_sentences()
    writing.register_sentences()
    pending.register(talking.WORK, Post, telling.tell)
    pending.register(writing.WORK, CohortMessage, writing.write_mails)
    privacy.register(talk_data.CONTRIBUTION)
    retention.register(*talk_data.PERIODS)


def _register_kits() -> None:
    from courses.domain.cohorts import kit_pages, kits, kits_data, rights
    from courses.models import PrintKit
    from courses.views.cohorts.entrance import Tab, register_tab
    from elearn.core import pending
    from elearn.people.domain import personal_data as privacy

    kit_pages.register()
    pending.register(kits.KIND, PrintKit, kits.make)
    pending.register_finder(kits.throw_away_old)
    privacy.register(kits_data.CONTRIBUTION)
    kits_data.register_sentences()
    register_tab(Tab("kits", _("Papers"), "cohorts:kits", rights.RUN, 70))
