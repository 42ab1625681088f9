from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion


def drop_mail_without_a_person(apps, schema_editor):
    """Going back: such mail has no place in the older table, and its text is gone already."""
    apps.get_model("elearn_messages", "Message").objects.filter(person=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("elearn_messages", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("message", "address", models.EmailField(blank=True, default="", max_length=254), preserve_default=False),
        migrations.AddField("message", "useless_after", models.DateTimeField(null=True)),
        migrations.AlterField(
            "message",
            "person",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mail",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_mail_without_a_person),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=(
                    models.Q(person__isnull=False, address="") | (models.Q(person__isnull=True) & ~models.Q(address=""))
                ),
                name="message_goes_to_a_person_or_an_address",
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(fields=["created_at"], condition=models.Q(person=None), name="message_to_an_address"),
        ),
    ]
