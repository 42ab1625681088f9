"""What the CMS keeps about those who work in it. The pages, pictures and comments themselves are the programme's."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, PageLogEntry, PageSubscription
from wagtail.users.models import UserProfile

from elearn.people.domain.personal_data import NEUTRAL_NAME, Attachment, Contribution, Identity, Table
from elearn.people.models import User

# Rows that only serve the person's own screen in the CMS.
ONLY_THEIRS = ("wagtailadmin.EditingSession", "wagtailadmin.FormState", "wagtailcore.APIToken")


def collect(person: User) -> list[Table]:
    settings = UserProfile.objects.filter(user=person).values("preferred_language", "current_time_zone")
    followed = PageSubscription.objects.filter(user=person).select_related("page")
    done = PageLogEntry.objects.filter(user=person).order_by("timestamp")
    return [
        Table("cms_settings", _("Your settings in the CMS"), list(settings)),
        Table("cms_pages_followed", _("Pages you follow in the CMS"), [{"page": row.page.title} for row in followed]),
        Table("cms_work", _("What you did in the CMS"), list(done.values("timestamp", "action", "label"))),
    ]


def files(person: User) -> list[Attachment]:
    profiles = UserProfile.objects.filter(user=person).exclude(avatar="")
    return [Attachment(f"cms/{row.avatar.name.rpartition('/')[2]}", row.avatar) for row in profiles]


def erase(person: User, identity: Identity) -> None:
    for profile in UserProfile.objects.filter(user=person):
        if profile.avatar:
            profile.avatar.storage.delete(profile.avatar.name)
        profile.delete()
    PageSubscription.objects.filter(user=person).delete()
    for label in ONLY_THEIRS:
        apps.get_model(label)._base_manager.filter(user=person).delete()
    about = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk))
    about.exclude(label=NEUTRAL_NAME).update(label=NEUTRAL_NAME, data={})


CONTRIBUTION = Contribution(
    name="cms",
    collect=collect,
    erase=erase,
    files=files,
    holds=frozenset(
        {
            "wagtailadmin.EditingSession.user",
            "wagtailadmin.FormState.user",
            "wagtailcore.APIToken.user",
            "wagtailcore.PageSubscription.user",
            "wagtailusers.UserProfile.user",
        }
    ),
    acts=frozenset(
        {
            "core.Handout.uploaded_by_user",
            "core.Picture.uploaded_by_user",
            "wagtailcore.Comment.resolved_by",
            "wagtailcore.Comment.user",
            "wagtailcore.CommentReply.user",
            "wagtailcore.ModelLogEntry.user",
            "wagtailcore.Page.locked_by",
            "wagtailcore.Page.owner",
            "wagtailcore.PageLogEntry.user",
            "wagtailcore.Revision.user",
            "wagtailcore.TaskState.finished_by",
            "wagtailcore.UploadedFile.uploaded_by_user",
            "wagtailcore.WorkflowState.requested_by",
            "wagtaildocs.Document.uploaded_by_user",
            "wagtailimages.Image.uploaded_by_user",
        }
    ),
)
