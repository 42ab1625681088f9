"""What this package tells people: rights in the table of roles, sentences of the audit trail."""

from django.utils.translation import gettext_lazy as _

from assessments.domain import granting, remark_rights
from elearn.people.domain import rights, trail


def register() -> None:
    """Tell the rooms of people what roles let one do here; assessments.apps calls it once everything is loaded."""
    rights.register(remark_rights.REMARK)
    rights.register(remark_rights.VOID_PASSES)
    rights.register(granting.ADJUST)
    trail.register("assessments.adjustment_granted", _("Gave you more time or attempts at quizzes"))
    trail.register("assessments.adjustment_ended", _("Ended the additional time or attempts that you had at quizzes"))
    trail.register("assessments.adjustments_read", _("Read the list of who has more time or attempts, you among them"))
    trail.register("assessments.receipt_checked", _("Checked a receipt of yours"))
    trail.register("assessments.marked_again", _("Marked an answer of yours again"))
    trail.register("assessments.remark_read", _("Read whose marks a corrected question changes, you among them"))
