import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.domain.lint.checking import CourseCheck, PageCheck, check_course
from courses.domain.lint.findings import Finding, all_rules
from courses.models import CoursePage


class Command(BaseCommand):
    help = "Say what a course still lacks, in every language. Fails when something keeps it from being released."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help="The key of the course, as in its package.")
        parser.add_argument("--published", action="store_true", help="Look at what is published, not at newest drafts.")
        parser.add_argument("--language", help="Only this language, for example fr.")
        parser.add_argument("--json", action="store_true", help="For programs.")
        parser.add_argument("--rules", action="store_true", help="List every rule instead, as Markdown.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rules"]:
            self.stdout.write(rules_as_markdown())
            return
        checks = self._checks(**options)
        if options["json"]:
            self.stdout.write(json.dumps([_as_data(check) for check in checks], ensure_ascii=False, indent=2))
        else:
            for check in checks:
                self._show(check)
        musts = sum(check.musts for check in checks)
        if musts:
            raise CommandError(_("Things that must be mended before a release: %d.") % musts)

    def _checks(self, **options: Any) -> list[CourseCheck]:
        pages = CoursePage.objects.filter(key=options["code"] or "").order_by("locale__language_code")
        page = pages.filter(locale__language_code=options["language"]).first() if options["language"] else pages.first()
        if page is None:
            raise CommandError(_("There is no course with this key in this language."))
        return check_course(page, drafts=not options["published"], every_language=not options["language"])

    def _show(self, check: CourseCheck) -> None:
        state = _("newest drafts") if check.drafts else _("published")
        self.stdout.write(self.style.MIGRATE_HEADING(f"{check.course.page.title} ({check.language}, {state})"))
        for page in check.pages:
            if page.findings:
                self.stdout.write(f"\n{page.page.title} [{page.page.key}]")
            for finding in page.findings:
                style = self.style.ERROR if finding.blocks else self.style.WARNING
                self.stdout.write(f"  {style(finding.severity.value)} {_line(finding)}")
        values = {"musts": check.musts, "shoulds": check.shoulds}
        self.stdout.write("\n" + _("%(musts)d must be mended, %(shoulds)d should be looked at.") % values + "\n\n")


def rules_as_markdown() -> str:
    """Every rule, by book, as the authors' handbook lists them."""
    lines: list[str] = []
    for title, rules in all_rules():
        lines += [f"### {title}", "", "| rule | level | what it looks for |", "|---|---|---|"]
        lines += [f"| `{rule.key}` | {rule.severity.value} | {rule.says} |" for rule in rules]
        lines.append("")
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    return f"{finding.place.words}: {finding.words}" if finding.place else finding.words


def _as_data(check: CourseCheck) -> dict[str, Any]:
    return {
        "language": check.language,
        "state": "drafts" if check.drafts else "published",
        "musts": check.musts,
        "shoulds": check.shoulds,
        "pages": [_page_as_data(page) for page in check.pages if page.findings],
    }


def _page_as_data(page: PageCheck) -> dict[str, Any]:
    return {
        "key": page.page.key,
        "title": page.page.title,
        "findings": [
            {
                "rule": finding.rule,
                "level": finding.severity.value,
                "block": finding.place.number if finding.place else 0,
                "where": finding.place.words if finding.place else "",
                "words": finding.words,
            }
            for finding in page.findings
        ],
    }
