from django import forms
from django.utils.translation import gettext_lazy as _

from courses.domain.progress import NOTE_LENGTH


class ReleaseForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What is new, in words for trainers and learners"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CompletionForm(forms.Form):
    """The act of completing a lesson; `revision` is the page revision that was on the screen."""

    revision = forms.IntegerField(required=False, min_value=1, max_value=2**62)


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
