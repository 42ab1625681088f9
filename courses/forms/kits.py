from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from courses.domain.cohorts.kits import all_parts
from courses.domain.tree import tree_of
from courses.models import Cohort


class KitForm(forms.Form):
    """What a kit is to hold. Options of single parts are fields named `<part>-<option>`."""

    language = forms.ChoiceField(label=_("Language"))
    session = forms.ModelChoiceField(
        None, label=_("Session"), required=False, empty_label=_("No particular session"), to_field_name="public_id"
    )
    parts = forms.MultipleChoiceField(
        label=_("Papers"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one.")}
    )
    modules = forms.MultipleChoiceField(
        label=_("Modules"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those whose lessons, notes and quizzes you need in the room."),
    )

    def __init__(self, cohort: Cohort, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        structure = cohort.edition.structure
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in structure.languages]
        self.fields["language"].initial = cohort.language
        self.fields["session"].queryset = cohort.sessions.standing()
        self.fields["modules"].choices = _modules(cohort)
        self.fields["modules"].initial = [key for key, _title in self.fields["modules"].choices]
        self.fields["parts"].choices = [(part.key, part.label) for part in all_parts()]
        self.fields["parts"].initial = ["agenda", "attendance"]
        for part in all_parts():
            for option in part.options:
                name = f"{part.key}-{option.key}"
                self.fields[name] = forms.ChoiceField(label=option.label, choices=option.choices, required=False)

    def asked(self) -> dict[str, Any]:
        """What the domain takes."""
        data = self.cleaned_data
        options = {
            part.key: {
                option.key: data.get(f"{part.key}-{option.key}") or option.choices[0][0] for option in part.options
            }
            for part in all_parts()
        }
        return {**{name: data[name] for name in ("language", "session", "parts", "modules")}, "options": options}


def _modules(cohort: Cohort) -> list[tuple[str, str]]:
    """Every module of the edition once, whichever variant it is in, by its title in the language of the cohort."""
    course = cohort.course
    tree = tree_of(course.key, cohort.language, course.wording)
    found: dict[str, str] = {}
    for variant in cohort.edition.structure.variants:
        for module in variant.modules:
            page = tree.pages.get(module.uuid) if tree else None
            found.setdefault(module.key, page.title if page else module.code)
    return [(key, f"{number}. {title}") for number, (key, title) in enumerate(found.items(), start=1)]
