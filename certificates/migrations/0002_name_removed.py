from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='name_removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(model_name='certificate', name='rendered_certificate_has_a_hash'),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ('work_done_at', None),
                    models.Q(('pdf_sha256', ''), _negated=True),
                    ('name_removed_at__isnull', False),
                    _connector='OR',
                ),
                name='rendered_certificate_has_a_hash',
            ),
        ),
    ]
