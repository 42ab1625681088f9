from collections.abc import Sequence
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index

from courses.models.pages import KEY_PATTERN


class GlossaryTermQuerySet(models.QuerySet["GlossaryTerm"]):
    def of_course(self, course_code: str) -> "GlossaryTermQuerySet":
        """The glossary of the course with this key, in every language."""
        return self.filter(course_code=course_code, archived_at=None)

    def said_in(self, terms: Sequence["GlossaryTerm"], locale_id: int) -> list["GlossaryTerm"]:
        """These terms in this language, in their order and each once; where one is not translated, as it is.

        No query when they are in this language already, as in a page that was translated with its terms; otherwise one.
        """
        translations: dict[object, GlossaryTerm] = {}
        if any(term.locale_id != locale_id for term in terms):
            keys = [term.translation_key for term in terms]
            rows = self.filter(translation_key__in=keys).select_related("locale")
            for row in rows:
                if row.locale_id == locale_id or row.translation_key not in translations:
                    translations[row.translation_key] = row
        found = {}
        for term in terms:
            shown = term if term.locale_id == locale_id else translations.get(term.translation_key, term)
            if shown.locale_id != locale_id:
                shown.foreign = shown.html_language
            found.setdefault(shown.translation_key, shown)
        return list(found.values())


class GlossaryTerm(TranslatableMixin, index.Indexed, models.Model):
    """A word that a course uses in a sense of its own, said once. Translations share `translation_key` and `key`."""

    # The key of the course, as text, as question banks have it: a glossary can exist before the first release.
    course_code = models.SlugField(_("course"), max_length=60, help_text=_("The key of the course."))
    key = models.SlugField(
        _("key"),
        max_length=60,
        validators=[RegexValidator(KEY_PATTERN, _("Lower-case letters, digits and hyphens."))],
        help_text=_("Permanent and the same in every language."),
    )
    term = models.CharField(_("term"), max_length=100)
    other_forms = models.TextField(
        _("other forms"),
        max_length=1000,
        blank=True,
        help_text=_("One per line: the plural, other cases, an abbreviation. The text is searched for each of them."),
    )
    definition = models.TextField(_("definition"), max_length=600, help_text=_("One or two plain sentences."))
    source = models.CharField(_("source"), max_length=300, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    panels: ClassVar[list] = [
        FieldPanel("term"),
        FieldPanel("course_code", help_text=_("The course whose glossary it stands in.")),
        FieldPanel("definition"),
        FieldPanel("other_forms"),
        FieldPanel("source"),
        FieldPanel("key", help_text=_("Permanent and the same in every language. Empty: made from the term.")),
    ]
    search_fields: ClassVar[list] = [
        index.SearchField("term"),
        index.AutocompleteField("term"),
        index.FilterField("locale"),
        index.FilterField("course_code"),
    ]

    # The language, as HTML writes it, where the term is shown among words of another one.
    foreign = ""

    objects = GlossaryTermQuerySet.as_manager()

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["course_code", "term", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["course_code", "key", "locale"],
                name="one_term_per_key_course_and_language",
                violation_error_message=_("This course has a term with this key in this language already."),
            )
        ]

    def __str__(self) -> str:
        return self.term

    @property
    def html_language(self) -> str:
        return to_locale(self.locale.language_code).replace("_", "-")

    @property
    def forms(self) -> list[str]:
        """Everything that the text is searched for."""
        lines = (line.strip() for line in [self.term, *self.other_forms.splitlines()])
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> None:
        super().clean()
        siblings = type(self).objects.filter(translation_key=self.translation_key).exclude(pk=self.pk)
        if siblings.exclude(course_code=self.course_code, key=self.key).exists():
            raise ValidationError({"key": _("Course and key are the same in every language of a term.")})
