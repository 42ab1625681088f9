"""What authors have dated: pages that appear, or go, at a time of their own."""

import logging

from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

log = logging.getLogger(__name__)


def publish_scheduled() -> None:
    """Take down what has expired, then let go live what is due.

    Effects: as Wagtail's command of this name, which does the rest. A page that may not be taken down (a package
    above guards it) stays and loses its date, so that it keeps no other page waiting, in this run or a later one.
    """
    for page in Page.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at"):
        try:
            with transaction.atomic():
                page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        except PermissionDenied as refusal:
            Page.objects.filter(pk=page.pk).update(expire_at=None)
            log.warning("Page %d stays published: %s", page.pk, refusal)
    call_command("publish_scheduled")
