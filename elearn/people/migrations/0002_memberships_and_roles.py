import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

WITH_PUBLIC_ID = ('user', 'institution', 'membership', 'rolegrant')


def fill_public_ids(apps, schema_editor):
    for name in WITH_PUBLIC_ID:
        model = apps.get_model('people', name)
        rows = []
        for row in model.objects.filter(public_id=None).only('pk').iterator(chunk_size=1000):
            row.public_id = uuid.uuid4()
            rows.append(row)
        model.objects.bulk_update(rows, ['public_id'], batch_size=400)


def person(related_name):
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name=related_name,
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        # A random id for addresses: added empty, filled, then made unique.
        *[migrations.AddField(name, 'public_id', models.UUIDField(null=True, editable=False)) for name in WITH_PUBLIC_ID],
        migrations.RunPython(fill_public_ids, migrations.RunPython.noop),
        *[
            migrations.AlterField(name, 'public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True))
            for name in WITH_PUBLIC_ID
        ],
        migrations.AddField('user', 'sessions_ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
        migrations.AddField(
            'institution', 'state',
            models.CharField(
                choices=[('known', 'Known'), ('proposed', 'Proposed'), ('merged', 'Merged into another'), ('declined', 'Declined')],
                default='known', max_length=10,
            ),
        ),
        migrations.AddField('institution', 'proposed_by', person('institutions_proposed')),
        migrations.AddField(
            'institution', 'merged_into',
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged',
                to='people.institution',
            ),
        ),
        migrations.AddConstraint(
            'institution',
            models.CheckConstraint(
                condition=models.Q(('merged_into__isnull', False), ('state', 'merged')) | (~models.Q(('state', 'merged')) & models.Q(('merged_into', None))),
                name='merged_institution_names_the_other',
            ),
        ),
        migrations.AddConstraint(
            'institution',
            models.CheckConstraint(
                condition=~models.Q(('merged_into', models.F('id'))), name='institution_is_not_merged_into_itself'
            ),
        ),
        migrations.AddField(
            'membership', 'created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)
        ),
        migrations.AddField('membership', 'email_domain', models.CharField(blank=True, max_length=253)),
        migrations.AddField('membership', 'reason', models.CharField(blank=True, max_length=500)),
        migrations.AddField('membership', 'ended_by', person('memberships_ended')),
        migrations.AddConstraint(
            'membership',
            models.CheckConstraint(
                condition=~models.Q(('decided_by', models.F('person'))), name='nobody_confirms_themselves'
            ),
        ),
        migrations.AddField('rolegrant', 'ended_by', person('role_grants_ended')),
        migrations.AlterField(
            'rolegrant', 'role',
            models.CharField(
                choices=[
                    ('trainer', 'Trainer'), ('assessor', 'Assessor'), ('focal_point', 'Focal point'),
                    ('author', 'Author'), ('reviewer', 'Expert reviewer'), ('editor', 'Editor'),
                    ('manager', 'Programme manager'),
                ],
                max_length=20,
            ),
        ),
        migrations.RemoveConstraint('rolegrant', 'role_grant_ends_after_it_starts'),
        migrations.AddConstraint(
            'rolegrant',
            models.CheckConstraint(
                condition=models.Q(('ends_at__isnull', True), ('ends_at__gte', models.F('starts_at')), _connector='OR'),
                name='role_grant_ends_not_before_it_starts',
            ),
        ),
    ]
