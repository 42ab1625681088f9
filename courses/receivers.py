"""Guards at the doors of the model: whoever deletes, unpublishes or moves pages from code is refused as in the CMS."""

from django.db.models import Model
from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Locale, Page
from wagtail.signals import pre_page_move, pre_validate_delete

from courses.domain import archiving


@receiver(pre_delete, sender=Page)
def refuse_deleting_recorded_page(instance: Page, **kwargs: object) -> None:
    archiving.refuse_if_recorded([instance])


@receiver(pre_save)
def refuse_unpublishing_recorded_page(instance: Model, raw: bool, **kwargs: object) -> None:
    # By every door (button, interface for scripts, expiry date) a page is taken down by storing it.
    if isinstance(instance, Page) and not raw:
        archiving.refuse_unpublishing_if_recorded(instance)


@receiver(pre_validate_delete, sender=Locale)
def refuse_deleting_locale_with_records(instance: Locale, **kwargs: object) -> None:
    archiving.refuse_locale_deletion(instance)


@receiver(pre_page_move)
def refuse_moving_recorded_page(instance: Page, parent_page_after: Page, **kwargs: object) -> None:
    archiving.refuse_move_if_recorded(instance, parent_page_after)
