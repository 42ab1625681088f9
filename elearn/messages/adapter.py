"""What allauth mails goes out as every mail here does: first a row, then a worker."""

from datetime import timedelta
from typing import Any

from allauth.core import context as allauth_context
from django.conf import settings
from django.utils import timezone

from elearn.messages.domain import sending
from elearn.people import adapter

# Mail that a page is waiting for: a code in it, or the word that there is none. Late, it would only confuse.
USEFUL_FOR = timedelta(seconds=settings.CODE_SECONDS)
WAITED_FOR = frozenset(
    f"account/email/{name}"
    for name in (
        "login_code",
        "password_reset_code",
        "email_confirmation",
        "email_confirmation_signup",
        "unknown_account",
        "account_already_exists",
    )
)


class AccountAdapter(adapter.AccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail. Known and unknown addresses take the same way: nobody is looked up."""
        words = {
            "request": allauth_context.request,
            "email": email,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "code_minutes": settings.CODE_SECONDS // 60,
        }
        mail = self.render_mail(template_prefix, email, {**words, **context})
        sending.write_to_address(
            address=email,
            reason=template_prefix.rpartition("/")[2],
            subject=str(mail.subject),
            body=str(mail.body),
            useless_after=timezone.now() + USEFUL_FOR if template_prefix in WAITED_FOR else None,
        )
