from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm

from courses.domain.authors import course_codes_of, may_state_review
from courses.domain.keys import make_key
from courses.domain.progress import NOTE_LENGTH
from courses.models import CoursePage
from elearn.people.models import User


class ReleaseForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What is new, in words for trainers and learners"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PageNumberForm(forms.Form):
    page = forms.IntegerField(min_value=1, max_value=10_000)

    @classmethod
    def number(cls, data: QueryDict) -> int:
        """The number of the page that an address asks for; the first where it asks for nothing that makes sense."""
        form = cls(data)
        return form.cleaned_data["page"] if form.is_valid() else 1


class CompletionForm(forms.Form):
    """The act of completing a lesson; `revision` is the page revision that was on the screen."""

    revision = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class MoveForm(forms.Form):
    """The act of moving up; `edition` is the one that was on the screen."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class MoveManyForm(MoveForm):
    with_groups = forms.BooleanField(label=_("Also those whose group takes another edition"), required=False)


class ReflectionForm(forms.Form):
    # A browser counts a line end as one character and sends two, so there is room for that.
    text = forms.CharField(required=False, max_length=2 * NOTE_LENGTH, strip=True)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > NOTE_LENGTH:
            raise forms.ValidationError(
                _("Your note is too long: %(length)d of at most %(most)d characters. Nothing was changed.")
                % {"length": len(text), "most": NOTE_LENGTH}
            )
        return str(text)


class MadeKeyForm(WagtailAdminModelForm):
    """A form of the CMS that makes the key from what was written, where the author leaves it empty."""

    key_from: ClassVar[str]
    key_fallback: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("key") and "key" not in self.errors and cleaned.get(self.key_from):
            taken = set(self.rows_beside(cleaned).values_list("key", flat=True))
            cleaned["key"] = make_key(str(cleaned[self.key_from]), fallback=self.key_fallback, taken=taken)
        return cleaned

    def rows_beside(self, cleaned: dict[str, Any]) -> QuerySet:
        """The rows whose keys are taken: those of the same course, or of the same bank."""
        return self._meta.model.objects.filter(course_code=cleaned.get("course_code"))


class OwnCourseField(forms.ChoiceField):
    """The course to which a bank or a term belongs, as text: one of those that the person works on."""

    def offer_to(self, person: User | None, *, held: str) -> None:
        codes = course_codes_of(person) if person else None
        pages = CoursePage.objects.order_by("pk").values_list("key", "title")
        if codes is not None:
            pages = pages.filter(key__in=codes)
        titles = {held: held} if held else {}
        for key, title in pages:
            if titles.get(key, key) == key:
                titles[key] = f"{title} ({key})"
        self.choices = list(titles.items())


class CoursePageForm(WagtailAdminPageForm):
    """That experts have reviewed a course is said by those who decide in the review, not by those who wrote it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = self.instance.translation_key if self.instance.pk else None
        if self.for_user is not None and not may_state_review(self.for_user, key):
            for name in {"review_state", "review_note"} & self.fields.keys():
                self.fields[name].disabled = True
