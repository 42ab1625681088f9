from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.domain.serials import SerialUnreadable, read_serial


class SerialForm(forms.Form):
    """The serial as somebody types it; what comes out is as it is printed."""

    serial = forms.CharField(
        label=_("Serial of the certificate"),
        help_text=_("Twelve letters and digits, for example 7KQM-2XVD-9RTA. Hyphens and capitals do not matter."),
        max_length=300,
        error_messages={"required": _("Type the serial that is printed on the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_serial(self) -> str:
        try:
            return read_serial(self.cleaned_data["serial"])
        except SerialUnreadable as error:
            raise forms.ValidationError(str(error)) from error
