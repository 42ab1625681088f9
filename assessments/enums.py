from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptState(models.TextChoices):
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted")


class AttemptMode(models.TextChoices):
    ONLINE = "online", _("Online")
    PAPER = "paper", _("On paper")


class MarkReason(models.TextChoices):
    AUTOMATIC = "automatic", _("Marked automatically")
    MANUAL = "manual", _("Marked by a person")
    REMARK = "remark", _("Marked again")


class Ending(models.TextChoices):
    """How an attempt came to be submitted."""

    LEARNER = "learner", _("Submitted by the learner")
    TIME = "time", _("Submitted when its time was up")
    PAPER = "paper", _("Written on paper, and typed in")


class Counting(models.TextChoices):
    """Which attempt a quiz's result is."""

    HIGHEST = "highest", _("The best one")
    LAST = "last", _("The last one")


class Moment(models.TextChoices):
    """From when on something is shown to the learner."""

    DURING = "during", _("During the attempt")
    AFTER = "after", _("After submitting")
    CLOSED = "closed", _("After closing")
    NEVER = "never", _("Never")


class ScriptState(models.TextChoices):
    """Where something that a person marks has come to."""

    WAITING = "waiting", _("To be marked")
    DISPUTED = "disputed", _("Two marks differ")
    SETTLED = "settled", _("Marked")


class SecondMark(models.TextChoices):
    """Why something is marked by two people."""

    NONE = "", _("One marker")
    SAMPLE = "sample", _("Drawn as a sample")
    BORDERLINE = "borderline", _("Near the pass mark")


class AssessmentPart(models.TextChoices):
    """What one person's judgement is for."""

    FIRST = "first", _("First mark")
    SECOND = "second", _("Second mark")
    ADJUDICATION = "adjudication", _("Adjudication")
    MODERATION = "moderation", _("Moderation")
    OBSERVATION = "observation", _("Observation of a session")


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    FINAL = "final", _("Final")


class HandInState(models.TextChoices):
    """Where one go at a practical has come to."""

    DRAFT = "draft", _("Being prepared")
    HANDED_IN = "handed_in", _("Handed in")
    ASSESSED = "assessed", _("Assessed")


class SurveyKind(models.TextChoices):
    """What a survey is for. A before and an after survey of one course are compared."""

    BEFORE = "before", _("Before the course")
    AFTER = "after", _("After the course")
    SATISFACTION = "satisfaction", _("Satisfaction")
    FOLLOW_UP = "follow-up", _("Follow-up")


COMPARED_KINDS = (SurveyKind.BEFORE, SurveyKind.AFTER)


class Asks(models.TextChoices):
    """The kinds of survey questions; also the names of their blocks."""

    COMPETENCY = "competency", _("Rating of one’s own competency")
    AGREEMENT = "agreement", _("Agreement with a statement")
    ONE_CHOICE = "one_choice", _("One choice")
    SEVERAL_CHOICES = "several_choices", _("Several choices")
    FREE_TEXT = "free_text", _("Free text")


RATED = (Asks.COMPETENCY, Asks.AGREEMENT)
CHOSEN = (Asks.ONE_CHOICE, Asks.SEVERAL_CHOICES)


class ImportState(models.TextChoices):
    """Where a file of questions has come to."""

    LOOKING = "looking", _("Being looked at")
    SEEN = "seen", _("Ready to import")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    REFUSED = "refused", _("Refused")
