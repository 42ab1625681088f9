import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_authors_and_review"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("work_due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("work_done_at", models.DateTimeField(editable=False, null=True)),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                ("work_tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("work_error", models.TextField(blank=True, editable=False)),
                ("url", models.CharField(max_length=2000, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("not-asked", "not asked yet"),
                            ("works", "it works"),
                            ("doubtful", "the site answers, but not to a program"),
                            ("missing", "the site says that there is no such page"),
                            ("error", "the site answers with an error"),
                            ("unreachable", "the site does not answer"),
                            ("insecure", "the site's security certificate is not valid"),
                            ("loops", "the site sends on and on"),
                            ("private", "the address is no public one, and was not asked"),
                        ],
                        default="not-asked",
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        help_text="The HTTP status, where there was an answer.", null=True
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "failing_since",
                    models.DateTimeField(help_text="The first failure since it last worked.", null=True),
                ),
                ("days_failed", models.PositiveSmallIntegerField(default=0)),
                ("ask_again_at", models.DateTimeField(db_index=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days_failed", 0), ("failing_since", None)),
                            models.Q(("days_failed__gt", 0), ("failing_since__isnull", False)),
                            _connector="OR",
                        ),
                        name="failing_link_has_a_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days_failed", 0),
                            ("outcome__in", ("missing", "error", "unreachable", "insecure", "loops")),
                            _connector="OR",
                        ),
                        name="link_that_works_has_no_failed_day",
                    ),
                ],
            },
        ),
    ]
