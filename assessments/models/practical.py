import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from assessments.enums import HandInState
from assessments.models.rubric import Rubric, RubricVersion
from courses.models import Enrolment, Unit, UnitPage
from courses.panels import LacksPanel
from elearn.core.models import PendingWork
from elearn.core.models.media import private_storage

MOST_FILES = 10


class PracticalPage(UnitPage):
    """A practical assessment as a unit: something is done or handed in, and a person judges it by a rubric."""

    brief = RichTextField(_("brief"), features=["h3", "bold", "italic", "link", "ol", "ul"])
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="practicals", verbose_name=_("rubric"))
    asks_text = models.BooleanField(_("a text is handed in"), default=True)
    asks_files = models.PositiveSmallIntegerField(
        _("files that may be handed in"),
        default=0,
        validators=[MaxValueValidator(MOST_FILES)],
        help_text=_("0: none. With neither text nor files it is observed live."),
    )
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, per cent"), default=60, validators=[MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("how often it may be handed in"), default=2, validators=[MinValueValidator(0)], help_text=_("0: no limit.")
    )
    wait_hours = models.PositiveSmallIntegerField(_("hours before it is handed in again"), default=0)
    anonymous_marking = models.BooleanField(_("markers do not see names"), default=False)
    second_marks = models.PositiveSmallIntegerField(
        _("marked twice, per cent"), default=0, validators=[MaxValueValidator(100)]
    )
    borderline = models.PositiveSmallIntegerField(
        _("marked twice near the pass mark, points of a hundred"), default=0, validators=[MaxValueValidator(50)]
    )

    content_panels: ClassVar[list] = [
        *Page.content_panels,
        LacksPanel(),
        FieldPanel("purpose"),
        FieldPanel("brief", help_text=_("What is to be done, with what, how long it takes, and what a good one has.")),
        MultiFieldPanel(
            [FieldPanel("asks_text"), FieldPanel("asks_files")],
            heading=_("What is handed in"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("rubric", help_text=_("Learners see it before they begin.")),
                FieldPanel("pass_mark", help_text=_("Of the points of the rubric.")),
                FieldPanel("attempts_allowed"),
                FieldPanel("wait_hours"),
            ],
            heading=_("Rules"),
        ),
        MultiFieldPanel(
            [FieldPanel("anonymous_marking"), FieldPanel("second_marks"), FieldPanel("borderline")],
            heading=_("Marking"),
        ),
        *UnitPage.unit_panels,
    ]

    page_description = _("Something is done or handed in, and a person judges it by a rubric. Write the rubric first.")
    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    template = "assessments/practical.html"

    class Meta:
        verbose_name = _("practical assessment")

    @property
    def is_observed(self) -> bool:
        return not self.asks_text and not self.asks_files


class HandIn(models.Model):
    """One go at a practical assessment. The rules and the rubric are those of when it was begun."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="hand_ins")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hand_ins")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=HandInState.choices, default=HandInState.DRAFT)
    rules = models.JSONField()
    rubric = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="hand_ins")
    text = models.TextField(blank=True, max_length=100_000)
    language = models.CharField(max_length=10)
    started_at = models.DateTimeField(default=timezone.now)
    # Moves on with every saving, so that a page that is out of date is noticed.
    version = models.PositiveIntegerField(default=0)
    handed_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "unit", "number"], name="one_hand_in_per_number"),
            models.UniqueConstraint(
                fields=["enrolment", "unit"],
                condition=~models.Q(state=HandInState.ASSESSED),
                name="one_hand_in_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=HandInState.DRAFT, handed_in_at=None)
                | (~models.Q(state=HandInState.DRAFT) & models.Q(handed_in_at__isnull=False)),
                name="handed_in_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} #{self.number}"


class HandInFile(models.Model):
    """A file of a hand-in, checked before it was stored. It has no address; a checked view hands it out."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hand_in = models.ForeignKey(HandIn, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(storage=private_storage, upload_to="hand-ins/", max_length=200)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["hand_in", "pk"]
        constraints = [models.UniqueConstraint(fields=["hand_in", "sha256"], name="one_file_per_contents_and_hand_in")]

    def __str__(self) -> str:
        return self.name


class RemovedFile(PendingWork):
    """A stored file whose row is gone, until it is gone as well. Its name says nothing of anybody; it is random."""

    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name
