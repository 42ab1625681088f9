from uuid import NAMESPACE_URL, uuid5

from wagtail.models import Locale

from courses.models import GlossaryTerm


def make_term(
    term: str, *, key: str = "", language: str = "en", course: str = "rescue-at-sea", **fields: object
) -> GlossaryTerm:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    key = key or term.lower().replace(" ", "-")
    return GlossaryTerm.objects.create(
        term=term,
        key=key,
        locale=locale,
        course_code=course,
        translation_key=uuid5(NAMESPACE_URL, f"{course}/{key}"),
        **{"definition": f"What {term} means.", **fields},
    )
