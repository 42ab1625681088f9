from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.domain.papers import codes, tables
from assessments.domain.papers.desk import forms_of, learners_for
from assessments.domain.papers.entering import first_day, today
from assessments.forms.attempts import LONGEST_PART, MOST_FIELDS, posted_answer
from assessments.models import PaperForm
from assessments.questions import Posted
from courses.models import Cohort
from elearn.people.models import User

CARRIED_FOR = 24 * 60 * 60  # seconds
SALT = "assessments.papers"


class CodeForm(forms.Form):
    """The code of a form of this cohort; `cleaned_data["code"]` is the form."""

    code = forms.CharField(
        label=_("Form code"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        help_text=_("Seven letters and digits; they stand at the head of every page."),
    )

    def __init__(self, cohort: Cohort, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort

    def clean_code(self) -> PaperForm:
        try:
            code = codes.read(self.cleaned_data["code"])
        except codes.CodeRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        form = forms_of(self.cohort).filter(code=code).first()
        if form is None:
            raise forms.ValidationError(_("No form of this cohort has this code."))
        return form


def date_field(**kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=_("Day of the sitting"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


class EntryForm(forms.Form):
    """Whose paper it is and when it was written; the answers are read by their questions."""

    learner = forms.ChoiceField(label=_("Learner"))
    sat_on = date_field()

    def __init__(self, form: PaperForm, by: User, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.form = form
        self.members = {str(member.public_id): (member, label) for member, label in learners_for(form, but=by.pk)}
        names = [(key, label) for key, (_member, label) in self.members.items()]
        self.fields["learner"].choices = [("", "–"), *names]
        limits = {"min": first_day(form).isoformat(), "max": today(form).isoformat()}
        self.fields["sat_on"].widget.attrs.update(limits)
        keys = [entry["key"] for entry in form.snapshot]
        self.posted: dict[str, Posted] = {key: found for key in keys if data and (found := posted_answer(key, data))}

    def clean(self) -> dict[str, Any]:
        if any(len(p) > MOST_FIELDS or any(len(part) > LONGEST_PART for part in p) for p in self.posted.values()):
            raise forms.ValidationError(_("More than any question asks."))
        return super().clean() or {}

    def entered(self) -> dict[str, Any]:
        """What the domain takes."""
        member, _label = self.members[self.cleaned_data["learner"]]
        return {"form": self.form, "member": member, "sat_on": self.cleaned_data["sat_on"], "posted": self.posted}


class UploadForm(forms.Form):
    sat_on = date_field()
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV or XLSX, at most 200 rows and 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_file(self) -> list[list[str]]:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            if (file.size or 0) > tables.LARGEST:
                raise tables.TableRefused(_("The file is larger than 1 MB. Divide it."))
            return tables.read_table(file.read(), file.name or "")
        except tables.TableRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ConfirmForm(forms.Form):
    """The rows of a preview, as they were shown: signed for this cohort and person."""

    sat_on = forms.DateField(widget=forms.HiddenInput)
    table = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, cohort: Cohort, by: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.salt = f"{SALT}:{cohort.pk}:{by.pk}"

    @classmethod
    def carrying(cls, cohort: Cohort, by: User, table: list[list[str]], sat_on: Any) -> "ConfirmForm":
        form = cls(cohort, by)
        form.initial = {"sat_on": sat_on, "table": signing.dumps(table, salt=form.salt, compress=True)}
        return form

    def clean_table(self) -> list[list[str]]:
        try:
            table: list[list[str]] = signing.loads(self.cleaned_data["table"], salt=self.salt, max_age=CARRIED_FOR)
        except signing.BadSignature as error:
            raise forms.ValidationError(_("This preview is too old or was changed. Choose the file again.")) from error
        return table
