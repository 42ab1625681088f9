from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.domain.moving import MovesPlan, move_many, plan_moves
from courses.models import Course
from elearn.people.models import User


class Command(BaseCommand):
    help = "Move the active learners of a course up to its newest edition. Completed ones stay where they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="The key of the course, for example training-of-trainers.")
        parser.add_argument("--dry-run", action="store_true", help="Say what it would do, and do nothing.")
        parser.add_argument("--with-groups", action="store_true", help="Also those whose group takes another edition.")
        parser.add_argument("--by", metavar="EMAIL", help="Who does it, for the record; an operator when left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        course = Course.objects.select_related("current_edition").filter(code=options["code"]).first()
        plan = plan_moves(course=course, with_groups=options["with_groups"]) if course else None
        if plan is None:
            raise CommandError(_("There is no released course with the key “%s”.") % options["code"])
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first() if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(_("Nobody here has the address %s.") % options["by"])
        self._announce(plan)
        if options["dry_run"]:
            return
        done = move_many(plan=plan, moved_by=by)
        words = _("%(moved)d moved; %(completed)d of them completed the course by it.")
        self.stdout.write(self.style.SUCCESS(words % {"moved": done.moved, "completed": done.completed}))
        for reason, count in done.refused.items():
            self.stderr.write(f"{count}: {reason}")

    def _announce(self, plan: MovesPlan) -> None:
        words = _(
            "%(count)d active learners would move up to edition %(edition)d; %(completes)d would complete at once."
        )
        self.stdout.write(words % {"count": plan.total, "edition": plan.edition.number, "completes": plan.completes})
        for number, count in plan.by_edition.items():
            self.stdout.write(_("  from edition %(number)d: %(count)d") % {"number": number, "count": count})
        if plan.in_groups:
            self.stdout.write(_("  %d stay with a group that takes another edition.") % plan.in_groups)
        for reason, count in plan.stay.items():
            self.stdout.write(_("  %(count)d stay: %(reason)s") % {"count": count, "reason": reason})
