from django.db import models
from django.utils.translation import gettext_lazy as _

from elearn.people.enums import Theme as Theme  # Courses and Actions have the same ones.


class Level(models.TextChoices):
    FOUNDATION = "foundation", _("Foundation")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class Award(models.TextChoices):
    """The type of certificate that completing the course gives."""

    ATTENDANCE = "attendance", _("Certificate of attendance")
    COMPLETION = "completion", _("Certificate of completion")
    ACHIEVEMENT = "achievement", _("Certificate of achievement")
    TRAINER = "trainer", _("Trainer's certificate")


class ReviewState(models.TextChoices):
    AWAITING = "awaiting", _("Awaiting expert review")
    UNDER_REVIEW = "under-review", _("Under expert review")
    REVIEWED = "reviewed", _("Reviewed by experts")


class VariantKind(models.TextChoices):
    FULL = "full", _("Full")
    CONDENSED = "condensed", _("Condensed")


class EnrolmentState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    WAITLISTED = "waitlisted", _("On the waiting list")
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


# A person has at most one enrolment in these states per course.
OPEN_STATES = frozenset({EnrolmentState.REQUESTED, EnrolmentState.WAITLISTED, EnrolmentState.ACTIVE})
# In these states a person may read the course.
READING_STATES = frozenset({EnrolmentState.ACTIVE, EnrolmentState.COMPLETED})


class EnrolmentSource(models.TextChoices):
    SELF = "self", _("Enrolled by themselves")
    COHORT = "cohort", _("Joined a cohort")
    MANAGER = "manager", _("Enrolled by a manager")


class LinkOutcome(models.TextChoices):
    """What became of asking for an address on another site."""

    NOT_ASKED = "not-asked", _("not asked yet")
    WORKS = "works", _("it works")
    DOUBTFUL = "doubtful", _("the site answers, but not to a program")
    MISSING = "missing", _("the site says that there is no such page")
    ERROR = "error", _("the site answers with an error")
    UNREACHABLE = "unreachable", _("the site does not answer")
    INSECURE = "insecure", _("the site's security certificate is not valid")
    LOOPS = "loops", _("the site sends on and on")
    PRIVATE = "private", _("the address is no public one, and was not asked")


# Only these count as failures: of the others one cannot say that a reader finds nothing.
FAILED_OUTCOMES = (
    LinkOutcome.MISSING,
    LinkOutcome.ERROR,
    LinkOutcome.UNREACHABLE,
    LinkOutcome.INSECURE,
    LinkOutcome.LOOPS,
)


class CohortBasis(models.TextChoices):
    PROGRAMME = "programme", _("Opened by the programme")
    AUTHORISATION = "authorisation", _("Opened under a trainer's authorisation")


class CohortPace(models.TextChoices):
    """How the modules of a cohort open."""

    AT_ONCE = "at_once", _("All modules at once")
    WEEKLY = "weekly", _("One module a week")
    DATES = "dates", _("On dates that I choose")


class MemberState(models.TextChoices):
    """Where somebody stands in a cohort."""

    INVITED = "invited", _("Invited")
    REQUESTED = "requested", _("Asks for a place")
    WAITLISTED = "waitlisted", _("On the waiting list")
    SEATED = "seated", _("Takes part")
    DECLINED = "declined", _("Not admitted")
    REMOVED = "removed", _("Has left")


# Who takes one of the places of a cohort: those who take part, and those to whom a place was offered.
PLACE_STATES = frozenset({MemberState.SEATED, MemberState.INVITED})


class MemberSource(models.TextChoices):
    """How somebody came into a cohort."""

    LIST = "list", _("From a list")
    ADDED = "added", _("Added by a trainer")
    LINK = "link", _("Came by the link")
    REQUEST = "request", _("Asked for a place")


class ImportStage(models.TextChoices):
    """Where a list of people stands on its way into a cohort."""

    READING = "reading", _("Being read")
    PREVIEW = "preview", _("Waits for you to confirm")
    ENTERING = "entering", _("People are being entered")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Could not be read")


class RowFate(models.TextChoices):
    """What becomes of a row of a list, before and after it was entered."""

    SEAT = "seat", _("Has an account: is enrolled")
    INVITE = "invite", _("Has no account: is invited")
    WAIT = "wait", _("Cohort full: goes on the waiting list")
    IN_IT = "in_it", _("Is in the cohort already")
    TWICE = "twice", _("Stands in the list twice")
    FULL = "full", _("Cohort full: is not entered")
    ELSEWHERE = "elsewhere", _("Is in another cohort of this course")
    COMPLETED = "completed", _("Has completed this course already")
    FAULTY = "faulty", _("Needs correction")
    LEFT_OUT = "left_out", _("Left out")


# What is entered once a list is confirmed.
ENTERED_FATES = frozenset({RowFate.SEAT, RowFate.INVITE, RowFate.WAIT})


class AttendanceState(models.TextChoices):
    PRESENT = "present", _("Present")
    LATE = "late", _("Came late")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


# What counts as having been there.
ATTENDED = frozenset({AttendanceState.PRESENT, AttendanceState.LATE})


class AttendanceSource(models.TextChoices):
    """How it is known that somebody was there."""

    CODE = "code", _("Checked in with the code")
    LIST = "list", _("Ticked by a trainer")
    PAPER = "paper", _("From the paper list")


class ThreadKind(models.TextChoices):
    QUESTION = "question", _("Question about a lesson")
    TOPIC = "topic", _("Topic in the forum")
    ANNOUNCEMENT = "announcement", _("Announcement")
