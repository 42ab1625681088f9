"""The privacy notice: for everybody to read, for people to accept, for managers to publish."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from elearn.people.domain import notices, rights
from elearn.people.forms.privacy import AcceptForm, NoticeForm
from elearn.people.gate import second_factor_first
from elearn.people.models import PrivacyNotice


@require_safe
@never_cache
def notice(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """The notice in effect, or an earlier one, with all versions there have been. Public."""
    among = notices.versions()
    asked = [row for row in among if version in (None, row.version)]
    if not among:
        raise Http404
    if not asked:
        return redirect("privacy:notice")
    language = get_language()
    context = {
        "text": notices.text_of(asked[0], language),
        "is_current": asked[0] == among[0],
        "versions": [notices.text_of(row, language) for row in among],
        "may_publish": may_publish(request),
    }
    return render(request, "privacy/notice.html", context)


@login_required
@never_cache
def accept(request: HttpRequest) -> HttpResponse:
    """Ask a person once about the notice in effect, and lead on to where they were going."""
    version = notices.current_version()
    form = AcceptForm(request.POST if request.method == "POST" else {"version": version, **request.GET.dict()})
    wanted = form.cleaned_data["next"] if form.is_valid() else ""
    if not url_has_allowed_host_and_scheme(wanted, request.get_host(), require_https=request.is_secure()):
        wanted = resolve_url(settings.LOGIN_REDIRECT_URL)
    if not notices.is_due(request.user):
        return redirect(wanted)
    if request.method == "POST" and form.is_valid() and form.cleaned_data["version"] == version:
        notices.accept(person=request.user, version=version, language=get_language())
        return redirect(wanted)
    row = PrivacyNotice.objects.get(version=version)
    text = notices.text_of(row, get_language())
    form = AcceptForm(initial={"version": version, "next": wanted})
    return render(request, "privacy/accept.html", {"text": text, "form": form, "is_first": version == 1})


@login_required
@second_factor_first
@never_cache
def publish(request: HttpRequest) -> HttpResponse:
    """Write a new version, look at it as people will, and publish it."""
    if not may_publish(request):
        raise PermissionDenied
    last = PrivacyNotice.objects.first()
    form = NoticeForm(request.POST or None, last=last)
    preview = None
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["effective_from"]
        if "publish" in request.POST:
            try:
                row = notices.publish(
                    by=request.user,
                    texts=form.texts(),
                    changes=form.changes(),
                    effective_from=datetime.combine(day, time.min, UTC) if day else None,
                )
            except notices.NoticeRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Version %(version)d is published.") % {"version": row.version})
                return redirect("privacy:notice")
        preview = notices.preview(form.texts(), form.changes())
    context = {"form": form, "preview": preview, "next_version": last.version + 1 if last else 1}
    return render(request, "privacy/publish.html", context, status=422 if form.errors else 200)


def may_publish(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated) and rights.holds(request.user, notices.PUBLISH_NOTICES)
