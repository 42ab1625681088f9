from allauth.account.adapter import DefaultAccountAdapter
from django.forms import Form
from django.http import HttpRequest

from elearn.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        # The database demands a printed name, so it must be there before the first save.
        user.printed_name = form.cleaned_data["printed_name"]
        user.latin_name = form.cleaned_data["latin_name"]
        user.language = getattr(request, "LANGUAGE_CODE", user.language)
        saved: User = super().save_user(request, user, form, commit)
        return saved
