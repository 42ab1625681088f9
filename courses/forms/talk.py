"""What people fill in where they talk, and what trainers do."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses.domain.cohorts import fillings, writing
from courses.domain.cohorts.talking import TEXT_LENGTH, TITLE_LENGTH
from elearn.messages.enums import Category, Standing
from elearn.people.forms.directory import search_field


def text_field(label: Any, rows: int = 6, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=kwargs.pop("max_length", TEXT_LENGTH),
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        **kwargs,
    )


class PostForm(forms.Form):
    """`client_key` makes a double click one post; `writer` says whose words these are when a login has run out."""

    text = text_field(gettext_lazy("Your answer"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    writer = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, writer: UUID, **kwargs: Any) -> None:
        initial = {"client_key": uuid4(), "writer": writer, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_client_key(self) -> UUID:
        return self.cleaned_data["client_key"] or uuid4()


def title_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=TITLE_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"}))


class QuestionForm(PostForm):
    title = title_field(gettext_lazy("Your question in one line"))
    text = text_field(gettext_lazy("What you have understood, and what not"))
    field_order = ("title", "text")


class TopicForm(PostForm):
    title = title_field(gettext_lazy("What it is about, in one line"))
    text = text_field(gettext_lazy("What you want to say"))
    field_order = ("title", "text")


class AnnouncementForm(PostForm):
    title = title_field(gettext_lazy("Heading"))
    text = text_field(gettext_lazy("Text"), rows=10)
    field_order = ("title", "text")


class EditForm(PostForm):
    text = text_field(gettext_lazy("Text"))


class EditOpeningForm(EditForm):
    """Of what opened a thread: its title, too."""

    title = title_field(gettext_lazy("Heading"))
    field_order = ("title", "text")


class ReportForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What is wrong with it?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class HideForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why do you remove it?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Who wrote it reads this reason. Everybody else reads that a trainer removed it."),
    )


class SwitchForm(forms.Form):
    """Something is turned on or off."""

    on = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class MailFilterForm(forms.Form):
    category = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All")), *Category.choices]
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *Standing.choices]
    )
    q = search_field()


class RecipientsForm(forms.Form):
    """To whom: members by their public ids, as a list of the cohort posts them; none stands for all."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.chosen = data.getlist("to") if hasattr(data, "getlist") else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned["to"] = [UUID(value) for value in self.chosen] or None
        except ValueError as error:
            raise forms.ValidationError(_("Choose the people from the list once more.")) from error
        return cleaned


class WritingForm(forms.Form):
    """A subject and a text for each of the languages; only the first, the cohort's, must be filled."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        initial = {"client_key": uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.languages = languages
        for number, code in enumerate(languages):
            needed = number == 0
            self.fields[f"subject_{code}"] = forms.CharField(
                label=_("Subject"),
                max_length=writing.SUBJECT_LENGTH,
                required=needed,
                widget=forms.TextInput(attrs={"dir": "auto", "lang": code}),
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label=_("Text"),
                max_length=writing.BODY_LENGTH,
                required=needed,
                widget=forms.Textarea(attrs={"rows": 9, "dir": "auto", "lang": code}),
            )

    def fieldsets(self) -> list[tuple[str, list[forms.BoundField]]]:
        names = dict(settings.LANGUAGES)
        return [
            (str(names.get(code, code)), [self[f"subject_{code}"], self[f"body_{code}"]]) for code in self.languages
        ]

    def clean_client_key(self) -> UUID:
        return self.cleaned_data["client_key"] or uuid4()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for code in self.languages:
            for part in ("subject", "body"):
                self._check_placeholders(f"{part}_{code}", cleaned.get(f"{part}_{code}", ""))
            subject, body = (cleaned.get(f"{part}_{code}", "") for part in ("subject", "body"))
            if bool(subject) != bool(body) and not {f"subject_{code}", f"body_{code}"} & self.errors.keys():
                self.add_error(
                    f"subject_{code}" if body else f"body_{code}",
                    _("Write subject and text, or leave both empty: then the text in the first language is sent."),
                )
        return cleaned

    def _check_placeholders(self, field: str, text: str) -> None:
        unknown = fillings.unknown_in(text)
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in fillings.PLACEHOLDERS)
            words = ngettext(
                "%(unknown)s is not known, so nobody would get what you mean. These are: %(known)s.",
                "%(unknown)s are not known, so nobody would get what you mean. These are: %(known)s.",
                len(unknown),
            )
            self.add_error(field, words % {"unknown": ", ".join(unknown), "known": known})

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            code: {part: self.cleaned_data.get(f"{part}_{code}", "") for part in ("subject", "body")}
            for code in self.languages
        }
