"""How people log in: the part of the settings that is the same wherever this runs. docs/accounts.md explains it."""

import json
import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# --- Accounts ----------------------------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "elearn.messages.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "elearn.people.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# One kind of secret by mail: a code of eight letters, good for a quarter of an hour and three tries.
CODE_SECONDS = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_CHANGE_EMAIL = True  # A person has one address; a new one takes its place once it is proved.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # Computers are shared; "remember me" is for one's own.
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# --- The second step ---------------------------------------------------------------------------------------------

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # A slow line, or a clock half a minute out, must not make a right code wrong.
MFA_ADAPTER = "elearn.people.adapter.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "elearn.people.login_forms.AddPasskeyForm",
    "authenticate": "elearn.people.login_forms.AuthenticateForm",
    "reauthenticate": "elearn.people.login_forms.ReauthenticateForm",
}

# --- How often -----------------------------------------------------------------------------------------------

# Counted in the default cache, which all processes share. "ip" is the client's address, "key" the e-mail address. A
# whole class logs in from behind one address, so those limits are wide; what guards an account is counted per account.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "40/m/ip,5/5m/key,100/d/key",
    "signup": "60/m/ip",
    "request_login_code": "60/m/ip,5/10m/key,30/d/key",
    "reset_password": "60/m/ip,5/10m/key,30/d/key",
    "confirm_email": "1/10s/key,30/d/key",
    "reset_password_from_key": "60/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "look_up_receipt": "20/m/user",
    "check_in": "10/5m/user",
}
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}

# --- An institution's own login ----------------------------------------------------------------------------------

SOCIALACCOUNT_ADAPTER = "elearn.people.adapter.InstitutionLoginAdapter"
SOCIALACCOUNT_FORMS = {"signup": "elearn.people.login_forms.InstitutionSignupForm"}
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "institution"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False


def oidc_apps(text: str) -> list[dict[str, Any]]:
    """OIDC_PROVIDERS, a JSON list, as allauth wants it. Whatever is missing stops the start by name."""
    try:
        providers = json.loads(text) if text.strip() else []
    except ValueError as error:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS is not JSON: {error}.") from error
    if not isinstance(providers, list) or not all(isinstance(provider, dict) for provider in providers):
        raise ImproperlyConfigured("OIDC_PROVIDERS must be a JSON list of objects, one for each institution.")
    apps = []
    for provider in providers:
        name = provider.get("id") or "one without an id"
        for key in ("id", "name", "server_url", "client_id", "secret"):
            if not isinstance(provider.get(key), str) or not provider[key]:
                raise ImproperlyConfigured(f"OIDC_PROVIDERS: {key} of {name} is missing or not a text.")
        domains = provider.get("email_domains")
        if not isinstance(domains, list) or not domains or not all(isinstance(one, str) and one for one in domains):
            raise ImproperlyConfigured(f"OIDC_PROVIDERS: email_domains of {name} must list the institution's domains.")
        if not provider["server_url"].startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ImproperlyConfigured(f"OIDC_PROVIDERS: server_url of {name} must start with https://.")
        if not re.fullmatch(r"[a-z0-9-]+", provider["id"]) or provider["id"] in [app["provider_id"] for app in apps]:
            raise ImproperlyConfigured(f"OIDC_PROVIDERS: id {name} must be small letters, digits and -, and used once.")
        apps.append(
            {
                "provider_id": provider["id"],
                "name": provider["name"],
                "client_id": provider["client_id"],
                "secret": provider["secret"],
                "settings": {
                    "server_url": provider["server_url"].rstrip("/"),
                    "email_domains": [one.lower().lstrip("@") for one in domains],
                },
            }
        )
    return apps
