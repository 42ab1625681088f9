from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from wagtail.models import WorkflowState
        from wagtail.signals import workflow_approved, workflow_rejected

        from courses import receivers  # noqa: F401  Connects the guards against deletion.
        from courses.domain import authors, links, personal_data, reading, role_scopes, unit_types
        from courses.domain.lint.checking import check_page
        from courses.domain.packages import forms, glossary, parts
        from courses.forms import CoursePageForm
        from courses.models import CoursePage, Enrolment, GlossaryTerm, LessonPage, LinkCheck
        from courses.models.pages import KeyedPage
        from courses.panels import LacksPanel
        from elearn.core import files, gauges, pending
        from elearn.people.domain import personal_data as privacy
        from elearn.people.domain import retention, roles

        roles.register_group_provider(authors.groups_of_grant)
        role_scopes.register()
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
