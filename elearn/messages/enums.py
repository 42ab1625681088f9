from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """Kinds of mail about which people choose whether, and how often, they get it."""

    ANNOUNCEMENT = "announcement", _("Announcements of my cohorts")
    TRAINER = "trainer", _("Messages from my trainers")
    SESSION = "session", _("Live sessions: when, where, and changes")
    REMINDER = "reminder", _("Reminders before something is due")
    FORUM = "forum", _("New posts in discussions that I follow")
    SURVEY = "survey", _("Surveys after a course")


class HowOften(models.TextChoices):
    """When somebody wants mail of a category."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, in one mail")
    WEEKLY = "weekly", _("Once a week, in one mail")
    NEVER = "never", _("Never")


# What holds for whoever has chosen nothing.
DEFAULTS = {
    Category.ANNOUNCEMENT: HowOften.AT_ONCE,
    Category.TRAINER: HowOften.AT_ONCE,
    Category.SESSION: HowOften.AT_ONCE,
    Category.REMINDER: HowOften.AT_ONCE,
    Category.FORUM: HowOften.DAILY,
    Category.SURVEY: HowOften.AT_ONCE,
}


class Standing(models.TextChoices):
    """What has become of a mail."""

    WAITS = "waits", _("Waits to be sent")
    COLLECTED = "collected", _("Waits for a daily or weekly mail")
    SENT = "sent", _("Sent")
    UNWANTED = "unwanted", _("Not sent: the person does not want such mail")
    TOO_LATE = "too_late", _("Not sent: it would have come too late")
    FAILED = "failed", _("Could not be sent yet; it is tried again")
