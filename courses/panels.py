"""Panels of ours in Wagtail's page editor."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.panels import Panel


class LacksPanel(Panel):
    """What the page in the editor still lacks, as last saved. Folded away where nothing keeps it from a release."""

    # courses.apps fills it in: models, which panels belong to, do not know domain.
    find: ClassVar[Callable[[Any], Any]]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": gettext_lazy("What it still lacks"), "icon": "clipboard-list", **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses/cms/lacks_panel.html"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.check = type(self.panel).find(self.instance) if self.is_shown() else None
            if self.check is not None:
                self.heading = self._heading()

        def is_shown(self) -> bool:
            return self.instance is not None and self.instance.pk is not None

        def classes(self) -> list[str]:
            return [*super().classes(), *([] if self.check is not None and self.check.musts else ["collapsed"])]

        def _heading(self) -> str:
            musts, shoulds = len(self.check.musts), len(self.check.shoulds)
            if not musts and not shoulds:
                return _("Nothing is missing here")
            parts = []
            if musts:
                parts.append(ngettext("%d thing to mend", "%d things to mend", musts) % musts)
            if shoulds:
                parts.append(ngettext("%d thing to look at", "%d things to look at", shoulds) % shoulds)
            return _("What it still lacks: %s") % ", ".join(parts)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "check": self.check, "page": self.instance}
