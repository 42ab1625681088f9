"""What the pages of a practical post, and rubrics as authors write them in the CMS."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from assessments.domain import rubric_rows
from assessments.domain.authors import may_work_on
from assessments.domain.hand_in_files import ENDINGS
from assessments.domain.practicals import MOST_TEXT
from assessments.models import Rubric
from courses.forms.courses import MadeKeyForm, OwnCourseField

# What the newest version of a text can be.
HIGHEST = 2**31 - 1


class TextForm(forms.Form):
    """A text as a page sends it; `version` is that of the text which the page began from."""

    # A browser counts a line end as one character and sends two; domain says in words what is too long.
    text = forms.CharField(required=False, max_length=4 * MOST_TEXT, strip=False)
    version = forms.IntegerField(min_value=0, max_value=HIGHEST)


class HandInForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=HIGHEST)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Choose a file"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )


class RubricForm(MadeKeyForm):
    """A rubric in the CMS. Course and key are chosen once; criteria and points of a translation are the leader's."""

    course_code = OwnCourseField(label=_("Course"))
    key_from = "title"
    key_fallback = "rubric"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course_code"].offer_to(self.for_user, held=self.instance.course_code)
        for name in ("course_code", "key"):
            self.fields[name].disabled = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "criteria" not in cleaned:
            return cleaned
        try:
            rubric_rows.refuse_nonsense(cleaned["criteria"])
        except forms.ValidationError as error:
            self.add_error("criteria", error)
            return cleaned
        leader = rubric_rows.leader_of(self.instance) if self.instance.pk else None
        if leader is not None:
            own, led = (rubric_rows.read_stream(stream) for stream in (cleaned["criteria"], leader.criteria))
            cleaned["criteria"] = rubric_rows.to_stream(rubric_rows.aligned(own, led))
        return cleaned


class PracticalPageForm(WagtailAdminPageForm):
    def clean_rubric(self) -> Rubric:
        """Refuse a rubric of a course that was not granted; the chooser offers none, but a request may."""
        rubric: Rubric = self.cleaned_data["rubric"]
        if (
            self.for_user is not None
            and rubric.pk != self.instance.rubric_id
            and not may_work_on(self.for_user, rubric)
        ):
            raise forms.ValidationError(_("Choose a rubric of one of your courses."))
        return rubric
