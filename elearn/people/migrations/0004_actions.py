import uuid

from django.db import migrations, models


def fill_public_ids(apps, schema_editor):
    model = apps.get_model('people', 'Action')
    for row in model.objects.filter(public_id=None):
        row.public_id = uuid.uuid4()
        row.save(update_fields=['public_id'])


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_privacy'),
    ]

    operations = [
        migrations.AddField('action', 'themes', models.JSONField(blank=True, default=list)),
        migrations.AddField('action', 'countries', models.JSONField(blank=True, default=list)),
        # Each row gets an id of its own before the ids are unique.
        migrations.AddField('action', 'public_id', models.UUIDField(null=True, editable=False)),
        migrations.RunPython(fill_public_ids, migrations.RunPython.noop),
        migrations.AlterField('action', 'public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
    ]
