"""The mails about new posts: to those who follow a thread, and of announcements to everybody who takes part."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from courses.domain.cohorts.rooms import room_of_thread
from courses.enums import ThreadKind
from courses.models import CohortMember, Follow, Post, Thread
from elearn.messages.domain import sending
from elearn.messages.domain.sending import Letter
from elearn.messages.enums import Category
from elearn.people.models import User


def tell(post: Post) -> None:
    """Write the mails about a post; each person gets one, however often this runs. A removed post is told to nobody."""
    thread = Thread.objects.select_related("course", "cohort").get(pk=post.thread_id)
    if post.hidden_at is not None or thread.hidden_at is not None:
        return
    announces = thread.kind == ThreadKind.ANNOUNCEMENT
    category = Category.ANNOUNCEMENT if announces else Category.FORUM
    people = _everybody(thread) if announces else _followers(thread)
    sending.write_all([_letter(post, thread, person, category) for person in people if person.pk != post.author_id])


def _everybody(thread: Thread) -> Iterable[User]:
    seated = CohortMember.objects.seated().filter(cohort=thread.cohort_id)
    return User.objects.filter(pk__in=seated.values("person"), is_active=True).order_by("pk")


def _followers(thread: Thread) -> Iterable[User]:
    """Those who follow and may still read it: who has left the cohort is told nothing more of it."""
    follows = Follow.objects.filter(thread=thread, muted_at=None)
    people = User.objects.filter(pk__in=follows.values("person"), is_active=True).order_by("pk")
    return (person for person in people if room_of_thread(person, thread) is not None)


def reason_of(post: Post) -> str:
    return f"post-{post.public_id}"


def _letter(post: Post, thread: Thread, person: User, category: Category) -> Letter:
    with translation.override(person.language):
        link = settings.SITE_URL + reverse("cohorts:thread", args=[thread.public_id])
        facts = {
            "name": person.printed_name,
            "author": post.author.printed_name,
            "title": thread.title,
            "text": post.text,
            "link": link,
            "place": thread.cohort.title if thread.cohort else "",
        }
        if category == Category.ANNOUNCEMENT:
            subject = _("%(place)s: %(title)s") % facts
            body = _("Hello %(name)s,\n\n%(author)s announces:\n\n%(text)s\n\nOn the site: %(link)s\n") % facts
        else:
            subject = _("New in “%(title)s”") % facts
            body = (
                _(
                    "Hello %(name)s,\n\n%(author)s wrote in “%(title)s”:\n\n%(text)s\n\nRead and answer: %(link)s\n\n"
                    "You get this because you follow this discussion. On its page, one click ends these mails.\n"
                )
                % facts
            )
        return Letter(
            person=person,
            reason=reason_of(post),
            subject=subject,
            body=body,
            category=category,
            about=thread.cohort.public_id if thread.cohort else None,
        )
