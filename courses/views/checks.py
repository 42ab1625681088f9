from typing import ClassVar

from wagtail.admin.userbar import ContentCheckerItem


class ContentChecks(ContentCheckerItem):
    """Wagtail's accessibility checker, in the editor and in previews: every rule of WCAG 2.2 AA and good practice.

    It looks at what authors write. The frame around it is ours, and tested with the same rules.
    """

    axe_include: ClassVar[list[str]] = ["main"]
    axe_run_only: ClassVar[list[str]] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    # The heading of the page stands in the frame of a lesson; a preview of its parts has none of its own.
    axe_rules: ClassVar[dict[str, dict]] = {"region": {"enabled": False}}
    # A lesson needs no words for search engines: only those who are enrolled read it.
    axe_custom_rules: ClassVar[list[dict]] = [
        rule for rule in ContentCheckerItem.axe_custom_rules if rule["id"] != "empty-meta-description"
    ]
