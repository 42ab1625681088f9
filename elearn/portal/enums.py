from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CellState(TextChoices):
    """How far a learner is in one module."""

    DONE = "done", _("Done")
    PROGRESS = "progress", _("In progress")
    LATE = "late", _("Late")
    STUCK = "stuck", _("Stuck")
    NOT_BEGUN = "not_begun", _("Not begun")
    CLOSED = "closed", _("Not open yet")
    ELSEWHERE = "elsewhere", _("Not in this learner’s edition")

    @property
    def sign(self) -> str:
        """What stands for the word where there is little room; never the colour alone."""
        return _SIGNS[self.value]


class LearnerState(TextChoices):
    """How far a learner is in all."""

    DONE = "done", _("Completed")
    PROGRESS = "progress", _("In progress")
    LATE = "late", _("Late")
    STUCK = "stuck", _("Stuck")
    NOT_BEGUN = "not_begun", _("Not begun")
    ENDED = "ended", _("No longer enrolled")

    @property
    def sign(self) -> str:
        return _SIGNS[self.value]


_SIGNS = {
    "done": "✓",
    "progress": "◐",
    "late": "!",
    "stuck": "‖",
    "not_begun": "○",
    "closed": "·",
    "elsewhere": "–",
    "ended": "×",
}


class Reason(TextChoices):
    """Why somebody needs a word."""

    LATE = "late", _("A module is late")
    STUCK = "stuck", _("Stuck")
    NOT_STARTED = "not_started", _("Has not begun")
    FAILED = "failed", _("A quiz was not passed")


class WorkState(TextChoices):
    """Where a quiz or practical stands."""

    NONE = "none", _("Not tried yet")
    OPEN = "open", _("Begun")
    WAITING = "waiting", _("Waits for marking")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Not passed")


class SortBy(TextChoices):
    NAME = "name", _("Name")
    PROGRESS = "progress", _("Progress, least first")
    PROGRESS_DOWN = "-progress", _("Progress, most first")
    ACTIVE = "active", _("Last active, longest ago first")
    ACTIVE_DOWN = "-active", _("Last active, latest first")
    RESULT = "result", _("Quiz results, lowest first")
    RESULT_DOWN = "-result", _("Quiz results, highest first")
