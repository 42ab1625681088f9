"""The list of questions: what it shows, searches and filters."""

from typing import Any

import django_filters
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, LocaleColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views.snippets import IndexView

from assessments import questions
from assessments.domain import authors
from assessments.domain.usage import drawn, uses_of
from assessments.models import Question, QuestionCategory, QuestionTag

NAMESPACE = "wagtailsnippets_assessments_question"
SEARCHED = ("name", "key", "prompt")


def _own_categories(request: Any) -> QuerySet[QuestionCategory]:
    return QuestionCategory.objects.filter(bank__in=authors.banks_of(request.user)).select_related("bank")


def _own_tags(request: Any) -> QuerySet[QuestionTag]:
    return QuestionTag.objects.filter(tagged__content_object__in=authors.questions_of(request.user)).distinct()


class QuestionFilters(WagtailFilterSet):
    bank = django_filters.ModelChoiceFilter(label=_("Question bank"), queryset=lambda r: authors.banks_of(r.user))
    kind = django_filters.ChoiceFilter(label=_("Type"), choices=questions.choices)
    category = django_filters.ModelChoiceFilter(
        label=_("Category, with those below"), queryset=_own_categories, method="in_category"
    )
    tag = django_filters.ModelChoiceFilter(label=_("Tag"), queryset=_own_tags, field_name="tags")
    use = django_filters.ChoiceFilter(
        label=_("In use"),
        choices=[("yes", _("Drawn by a quiz")), ("no", _("Drawn by none"))],
        method="in_use",
    )
    archived = django_filters.ChoiceFilter(
        label=_("Archive"),
        choices=[("only", _("Archived only")), ("too", _("Archived too"))],
        method="with_archived",
    )

    class Meta:
        model = Question
        fields = ("bank", "kind", "category", "tag", "use", "archived")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("archived") else rows.filter(archived_at=None)

    def in_category(self, rows: QuerySet, name: str, category: QuestionCategory) -> QuerySet:
        below = Q(category__path__startswith=category.path + QuestionCategory.SEPARATOR)
        return rows.filter(Q(category=category) | below, bank=category.bank_id)

    def in_use(self, rows: QuerySet, name: str, answer: str) -> QuerySet:
        return rows.filter(drawn()) if answer == "yes" else rows.exclude(drawn())

    def with_archived(self, rows: QuerySet, name: str, answer: str) -> QuerySet:
        return rows.filter(archived_at__isnull=False) if answer == "only" else rows


def search(rows: QuerySet[Question], words: str) -> QuerySet[Question]:
    """Those in whose text, name or key all of it stands."""
    condition = Q()
    for name in SEARCHED:
        condition |= Q(**{f"{name}__icontains": words})
    return rows.filter(condition) if words else rows


def as_listed(rows: QuerySet[Question], query: QueryDict, request: Any) -> QuerySet[Question]:
    """What the list shows under an address with this query, on all its pages."""
    found: QuerySet[Question] = QuestionFilters(query, queryset=rows, request=request).qs
    return search(found, query.get("q", "").strip())


class TagsColumn(Column):
    def get_value(self, instance: Question) -> str:
        return ", ".join(sorted(tag.name for tag in instance.tags.all()))


class UsedColumn(TitleColumn):
    def get_value(self, instance: Question) -> str:
        count = len({use.quiz for use in instance.uses})  # type: ignore[attr-defined]
        return ngettext("%(count)d quiz", "%(count)d quizzes", count) % {"count": count} if count else "–"

    def get_link_url(self, instance: Question, parent_context: Any) -> str:
        return reverse(f"{NAMESPACE}:usage", args=[instance.pk])


COLUMNS = (
    "in_words",
    Column("kind", accessor="get_kind_display", label=_("Type"), sort_key="kind"),
    Column("category", label=_("Category"), sort_key="category__path"),
    TagsColumn("tags", label=_("Tags")),
    Column("bank", label=_("Question bank"), sort_key="bank__title"),
    LocaleColumn(),
    UsedColumn("uses", label=_("Used by")),
    BooleanColumn("is_archived", label=_("Archived")),
    DateColumn("edited_at", label=_("Last edited"), sort_key="edited_at"),
)


def rows_of_list(rows: QuerySet[Question]) -> QuerySet[Question]:
    """With what the list shows of each, and without the long texts that it does not show."""
    shown = rows.select_related("bank", "category", "locale").prefetch_related("tags")
    edited = shown.annotate(edited_at=F("latest_revision__created_at"), is_archived=Q(archived_at__isnull=False))
    return edited.defer("options", "feedback", "template", "marking_notes")


class QuestionIndexView(IndexView):
    list_display = COLUMNS

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        shown = list(context["object_list"])
        uses = uses_of(shown)
        for row in shown:
            row.uses = uses[row.pk]
        # The table would ask the database again.
        context["object_list"] = shown
        if "page_obj" in context and context["page_obj"] is not None:
            context["page_obj"].object_list = shown
        if "table" in context:
            context["table"].data = shown
        return context

    @property
    def header_buttons(self) -> list:
        buttons = list(super().header_buttons)
        if self.user_has_permission("add"):
            buttons.append(HeaderButton(_("Import"), url=reverse(f"{NAMESPACE}:import"), icon_name="upload"))
        return buttons

    def get_list_more_buttons(self, instance: Question) -> list:
        buttons = super().get_list_more_buttons(instance)
        pk = instance.pk
        buttons.append(MenuItem(_("Where it is used"), reverse(f"{NAMESPACE}:usage", args=[pk]), icon_name="view"))
        if self.user_has_permission("change"):
            buttons.append(MenuItem(_("History"), reverse(f"{NAMESPACE}:history", args=[pk]), icon_name="history"))
        if self.user_has_permission("add"):
            buttons.append(MenuItem(_("Translate"), reverse(f"{NAMESPACE}:translate", args=[pk]), icon_name="globe"))
        return buttons
