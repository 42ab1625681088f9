"""What people fill in. allauth imports this package while it starts: only the form of sign-up is named here."""

from elearn.people.forms.sign_up import SignupForm

__all__ = ["SignupForm"]
