import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from assessments.enums import ImportState
from assessments.models.bank import QuestionBank
from elearn.core.models import PendingWork
from elearn.core.models.media import private_storage


def import_path(instance: models.Model, name: str) -> str:
    """A name that says nothing of the file's own, which may be anything."""
    return f"question-imports/{secrets.token_hex(16)}"


class QuestionImport(PendingWork):
    """A file of questions on its way into a bank: looked at first, then imported. The work left to do is one of them.

    `result` is the report (domain.exchange.importing). The file goes when it is imported, refused or given up.
    """

    bank = models.ForeignKey(QuestionBank, on_delete=models.CASCADE, related_name="imports", verbose_name=_("bank"))
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+", verbose_name=_("language"))
    file_format = models.CharField(_("format"), max_length=20)
    file = models.FileField(_("file"), upload_to=import_path, storage=private_storage, blank=True, max_length=200)
    name = models.CharField(_("name of the file"), max_length=200)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.LOOKING)
    result = models.JSONField(default=dict, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(file="") | models.Q(state__in=[ImportState.DONE, ImportState.REFUSED]),
                name="import_to_come_has_its_file",
            )
        ]
        indexes = [models.Index(fields=["work_due_at"], condition=models.Q(work_done_at=None), name="import_due")]

    def __str__(self) -> str:
        return self.name
