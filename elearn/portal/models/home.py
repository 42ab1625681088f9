from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class HomePage(Page):
    headline = models.CharField(_("headline"), max_length=120)
    introduction = models.TextField(_("introduction"), max_length=600)

    content_panels: ClassVar[list] = [*Page.content_panels, FieldPanel("headline"), FieldPanel("introduction")]

    max_count_per_parent = 6  # one per language
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["courses.CataloguePage"]
    private_page_options: ClassVar[list[str]] = []
    template = "portal/home.html"

    class Meta:
        verbose_name = _("home page")
