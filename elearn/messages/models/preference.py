from django.conf import settings
from django.db import models

from elearn.messages.enums import Category, HowOften


class MailPreference(models.Model):
    """What somebody chose about mail of a category. Without a row the default holds (enums.DEFAULTS)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mail_preferences")
    category = models.CharField(max_length=12, choices=Category.choices)
    how = models.CharField(max_length=10, choices=HowOften.choices)
    chosen_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "category"], name="one_choice_per_category")]

    def __str__(self) -> str:
        return f"{self.person} – {self.category}: {self.how}"
