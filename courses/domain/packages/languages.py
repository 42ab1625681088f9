"""Names of languages: packages write `pt-BR` where settings and addresses write `pt-br`."""

from django.conf import settings
from django.utils.translation import to_language, to_locale


def package_name(code: str) -> str:
    return to_locale(code).replace("_", "-")


def code_of(name: str) -> str | None:
    """The code in settings, or None when the site does not have the language."""
    code = to_language(name.replace("-", "_"))
    return code if package_name(code) == name and code in dict(settings.WAGTAIL_CONTENT_LANGUAGES) else None
