from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import BlockField, StreamBlock, StreamValue
from wagtail.models import Locale

from assessments import questions
from assessments.domain.authors import banks_of, may_work_on
from assessments.domain.bank import category_at
from assessments.domain.exchange import file_formats
from assessments.domain.exchange.uploads import LARGEST
from assessments.models import Question, QuestionBank, QuestionCategory
from assessments.models.options import BLOCKS
from assessments.questions import QuestionType
from courses.forms.courses import MadeKeyForm, OwnCourseField
from elearn.people.models import User


class QuestionBankForm(MadeKeyForm):
    """A bank in the CMS. Its course and key are chosen once, from what is there: packages find it by them."""

    course_code = OwnCourseField(label=_("Course"))
    key_from = "title"
    key_fallback = "bank"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course_code"].offer_to(self.for_user, held=self.instance.course_code)
        for name in ("course_code", "key"):
            self.fields[name].disabled = self.instance.pk is not None


class QuestionForm(MadeKeyForm):
    """A question of one type: its options take the blocks that the type has, and no others."""

    key_from = "prompt"
    key_fallback = "question"
    kind = forms.CharField(widget=forms.HiddenInput, required=False)
    category = forms.CharField(label=_("Category"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["kind"] = self.instance.kind
        self.initial["category"] = self.instance.category.path if self.instance.category else ""
        if "options" in self.fields:
            self._take_blocks_of(questions.get(self.instance.kind))

    def _take_blocks_of(self, kind: QuestionType) -> None:
        block = StreamBlock([(name, BLOCKS[name]) for name in kind.blocks], required=False)
        field = self.fields["options"]
        self.fields["options"] = BlockField(block=block, required=False, label=field.label, help_text=field.help_text)
        if self.is_bound and self["options"].field.widget.value_omitted_from_data(self.data, self.files, "options"):
            # Without JavaScript the editor of options is not there: what was written stays.
            del self.fields["options"]

    def rows_beside(self, cleaned: dict[str, Any]) -> QuerySet:
        return Question.objects.filter(bank=cleaned.get("bank"))

    def clean_bank(self) -> QuestionBank:
        return own_bank(self.cleaned_data["bank"], self.for_user, self.instance.bank_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        bank, path = cleaned.get("bank"), cleaned.get("category")
        # Made when all of the form is right: see `save`.
        cleaned["category"] = QuestionCategory(bank=bank, path=path) if bank and path else None
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """What the type says of its options stands above the form where that has none."""
        named = getattr(error, "error_dict", None)
        if field is None and named and set(named) - set(self.fields) - {NON_FIELD_ERRORS}:
            homeless = [one for name in named if name not in self.fields for one in named[name]]
            known = {name: errors for name, errors in named.items() if name in self.fields}
            error = forms.ValidationError({**known, NON_FIELD_ERRORS: homeless})
        super().add_error(field, error)

    def save(self, commit: bool = True) -> Question:
        wanted = self.cleaned_data["category"]
        self.instance.category = category_at(wanted.bank, wanted.path) if wanted else None
        return super().save(commit=commit)


class QuizPageForm(WagtailAdminPageForm):
    def clean_bank(self) -> QuestionBank:
        return own_bank(self.cleaned_data["bank"], self.for_user, self.instance.bank_id)

    def clean_selection(self) -> StreamValue:
        """Refuse banks and questions of courses that were not granted to the person, unless they stand there."""
        selection: StreamValue = self.cleaned_data["selection"]
        held = set(_chosen(self.instance.selection)) if self.instance.pk else set()
        others = [row for row in _chosen(selection) if row not in held]
        if self.for_user is not None and not all(may_work_on(self.for_user, row) for row in others):
            raise forms.ValidationError(_("Choose banks and questions of your courses."))
        return selection


def _chosen(selection: StreamValue) -> Iterator[QuestionBank | Question]:
    for child in selection:
        found = child.value["questions"] if child.block_type == "fixed" else [child.value["bank"]]
        yield from (row for row in found if row is not None)


def own_bank(bank: QuestionBank, person: User | None, held: int | None) -> QuestionBank:
    """Refuse a bank of a course that was not granted to the person; the chooser offers none, but a request may."""
    if person is not None and bank.pk != held and not may_work_on(person, bank):
        raise forms.ValidationError(_("Choose a bank of one of your courses."))
    return bank


# --- Banks --------------------------------------------------------------------------------------------------------


class ImportForm(forms.Form):
    bank = forms.ModelChoiceField(QuestionBank.objects.none(), label=_("Question bank"))
    file_format = forms.ChoiceField(label=_("Format"), choices=file_formats.choices)
    locale = forms.ModelChoiceField(Locale.objects.all(), label=_("Language of the questions"))
    file = forms.FileField(label=_("File"), max_length=200)

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks_of(person)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            most = LARGEST // (1024 * 1024)
            raise forms.ValidationError(_("The file is larger than %(size)d MB. Divide it.") % {"size": most})
        return file


class ExportForm(forms.Form):
    """`told` is the format whose losses were on the screen."""

    file_format = forms.ChoiceField(label=_("Format"), choices=file_formats.choices)
    told = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def is_told(self) -> bool:
        return self.is_valid() and self.cleaned_data["told"] == self.cleaned_data["file_format"]


class MoveToCategoryForm(forms.Form):
    path = forms.CharField(
        label=_("Category"),
        required=False,
        max_length=400,
        help_text=_("For example: Asylum/Interviews. Made where it is new. Empty: into none."),
    )


class TagsForm(forms.Form):
    names = forms.CharField(label=_("Tags"), max_length=500, help_text=_("With commas between them."))

    def clean_names(self) -> list[str]:
        names = [" ".join(name.split())[:100] for name in self.cleaned_data["names"].split(",")]
        return list(dict.fromkeys(name for name in names if name))


class RenameForm(forms.Form):
    """One act on the categories or tags of a bank."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("rename_category", "remove_category", "rename_tag")])
    category = forms.IntegerField(required=False, min_value=1)
    tag = forms.CharField(required=False, max_length=100)
    name = forms.CharField(required=False, max_length=400)
