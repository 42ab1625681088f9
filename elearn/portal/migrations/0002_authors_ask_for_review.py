from django.db import migrations


def take_publishing_from_authors(apps, schema_editor):
    """Until now authors published what they wrote; from now on a review stands between, and an editor publishes."""
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    GroupPagePermission.objects.filter(
        group__name="Authors", permission__codename__in=["publish_page", "unlock_page"]
    ).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    # Backwards nothing is given: an administrator who wants the old way ticks "publish" for the group again.
    operations = [migrations.RunPython(take_publishing_from_authors, migrations.RunPython.noop)]
