"""Live sessions: planning them, who was there, and checking in."""

import json
import re
from datetime import time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.cohorts.sessions import MOST_WEEKS, SessionPlan
from courses.enums import AttendanceSource, AttendanceState

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SessionForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=gettext_lazy("Begins"), widget=CLOCK, initial=time(9, 0))
    ends = forms.TimeField(label=gettext_lazy("Ends"), widget=CLOCK, initial=time(10, 30))
    weeks = forms.IntegerField(
        label=gettext_lazy("How many weeks in a row"),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        help_text=gettext_lazy("With more than 1, the session is planned every week on this weekday at this time."),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Room and address. A place or a link is needed; both can be given."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    link = forms.URLField(
        label=gettext_lazy("Link to join"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Begins with https://."),
    )
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    module = forms.TypedChoiceField(
        label=gettext_lazy("Belongs to the module"), required=False, coerce=UUID, empty_value=None
    )
    counts = forms.BooleanField(
        label=gettext_lazy("Counts towards the minimum attendance"), required=False, initial=True
    )
    opens_before = forms.IntegerField(
        label=gettext_lazy("Check-in opens: minutes before the beginning"), min_value=0, max_value=240, initial=15
    )
    closes_after = forms.IntegerField(
        label=gettext_lazy("Check-in closes: minutes after the end"), min_value=0, max_value=240, initial=15
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

    def __init__(self, *args: Any, modules: list[tuple[UUID, str]], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["module"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("None in particular")), *((str(key), title) for key, title in modules)]
        if not is_new:
            del self.fields["weeks"]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError(_("The link must begin with https://."))
        return link

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error(
                "ends", _("The session must end after it begins, on the same day. Enter another day by itself.")
            )
        if "place" in data and "link" in data and not (data["place"] or data["link"]):
            self.add_error("place", _("Say where the session takes place, or give the link by which people join."))
        return data

    @property
    def plan(self) -> SessionPlan:
        names = SessionPlan.__dataclass_fields__
        return SessionPlan(**{name: value for name, value in self.cleaned_data.items() if name in names})


NUMBERS = re.compile(r"(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?")
NOT_ENTERED = ("", gettext_lazy("not entered"))


class AttendanceForm(forms.Form):
    """One field a person, named after their place in the list; `seen` says who stood there, and with which entry."""

    numbers = forms.CharField(
        label=gettext_lazy("Numbers of those who were there"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "Instead of choosing for each: for example 1-12, 14, 17. They are entered as present, unless you chose "
            "something else for them below."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}),
    )
    rest_absent = forms.BooleanField(
        label=gettext_lazy("Everybody for whom nothing is entered was absent"), required=False
    )
    source = forms.ChoiceField(
        label=gettext_lazy("You enter this"),
        choices=[
            (AttendanceSource.LIST.value, gettext_lazy("as you see it yourself")),
            (AttendanceSource.PAPER.value, gettext_lazy("from the paper list that people signed")),
        ],
    )
    seen = forms.CharField(max_length=100_000, widget=forms.HiddenInput)

    def clean_numbers(self) -> set[int]:
        text = self.cleaned_data["numbers"].translate(str.maketrans("،؛;", ",,,"))
        found: set[int] = set()
        for part in filter(None, (part.strip() for part in text.split(","))):
            match = NUMBERS.fullmatch(part)
            if match is None:
                raise forms.ValidationError(_("“%s” is not a number of the list.") % part)
            first, last = int(match[1]), int(match[2] or match[1])
            if last < first:
                raise forms.ValidationError(_("“%s” runs backwards.") % part)
            found |= set(range(first, min(last, 99_999) + 1))
        return found

    def clean_seen(self) -> list[tuple[int, int, str]]:
        states = {"", *AttendanceState.values}
        try:
            rows = [(int(no), int(pk), str(state)) for no, pk, state in json.loads(self.cleaned_data["seen"])]
        except (ValueError, TypeError, OverflowError, RecursionError) as problem:
            raise forms.ValidationError(_("The list did not arrive as a whole. Open it again.")) from problem
        if not all(state in states for _no, _pk, state in rows):
            raise forms.ValidationError(_("The list did not arrive as a whole. Open it again."))
        return rows

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "seen" not in data or "numbers" not in data:
            return data
        rows: list[tuple[int, int, str]] = data["seen"]
        unknown = sorted(data["numbers"] - {number for number, _pk, _before in rows})
        if unknown:
            self.add_error("numbers", _("Nobody in this list has the number %(number)d.") % {"number": unknown[0]})
            return data
        wanted = {}
        for number, pk, before in rows:
            state = self.data.get(f"a{number}", before)
            state = state if state in AttendanceState.values else ""
            if number in data["numbers"] and state == before:
                state = AttendanceState.PRESENT.value
            wanted[pk] = state or (AttendanceState.ABSENT.value if data.get("rest_absent") else "")
        data["wanted"], data["was"] = wanted, {pk: before for _number, pk, before in rows}
        return data


class CheckInForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("The six digits that your trainer shows. They change every minute."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr", "class": "check-in-code"}
        ),
    )

    def clean_code(self) -> str:
        # Digits of any script, with or without blanks between.
        text = "".join(str(int(sign)) for sign in self.cleaned_data["code"] if sign.isdecimal())
        if len(text) != 6:
            raise forms.ValidationError(_("The code has six digits."))
        return text


class CancelForm(forms.Form):
    sure = forms.BooleanField(label=gettext_lazy("Yes, cancel this session"))


class LikeForm(forms.Form):
    """Which session a new one begins like."""

    like = forms.UUIDField()
