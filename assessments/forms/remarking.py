from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.domain.reading.statistics import KINDS_OF_FLAGS, SORTS
from courses.models import Edition


class WayForm(forms.Form):
    """How a question is marked again: by its key as it stands, or with the point for everybody."""

    KEY, EVERYBODY = "key", "everybody"

    way = forms.ChoiceField(
        label=_("How"),
        choices=[
            (KEY, _("By the right answers as they stand in the question now")),
            (EVERYBODY, _("The question is broken: everybody who was asked it gets its points")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    marks_may_fall = forms.BooleanField(
        label=_("Also lower marks that the new right answers would lower"),
        required=False,
        help_text=_("A pass, once given, stays either way."),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, bool] | None = None, **kwargs: Any) -> None:
        values = initial or {}
        way = self.EVERYBODY if values.get("everybody") else self.KEY
        super().__init__(data, initial={"way": way, "marks_may_fall": values.get("marks_may_fall", False)}, **kwargs)

    def options(self) -> dict[str, bool]:
        """What the domain takes. An address that says nothing, or nothing that makes sense, means the key."""
        chosen = self.cleaned_data if self.is_valid() else {}
        return {
            "everybody": chosen.get("way") == self.EVERYBODY,
            "marks_may_fall": bool(chosen.get("marks_may_fall")),
        }


class RemarkForm(WayForm):
    """The act, with what the preview on the screen was made for."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("The learners concerned read it in their mail. Do not tell them the right answer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].widget = forms.HiddenInput()
        self.fields["marks_may_fall"].widget = forms.HiddenInput()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("It is kept with the record, and the learner reads it in a mail."),
    )


class StatisticsForm(forms.Form):
    """Which edition's questions are listed, with what flag, in what order. What makes no sense is refused."""

    edition = forms.ModelChoiceField(label=_("Edition"), queryset=Edition.objects.none(), empty_label=None)
    flag = forms.ChoiceField(label=_("Show"), required=False)
    sort = forms.ChoiceField(required=False, choices=[(name, name) for name in SORTS], widget=forms.HiddenInput)

    def __init__(self, *args: Any, editions: QuerySet[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = editions
        self.fields["flag"].choices = [("", _("All questions")), ("any", _("Those with a remark")), *KINDS_OF_FLAGS]
