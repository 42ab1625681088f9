from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("courses", "0002_enrolment_moves"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="wording",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
    ]
