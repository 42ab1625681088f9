"""What mail one gets: a choice for each kind, and the way out that each mail holds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from elearn.messages.domain import preferences as mail_preferences
from elearn.messages.domain.stopping import read_token
from elearn.messages.forms import PreferencesForm


@login_required
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, standing=mail_preferences.choices_of(request.user))
    if request.method == "POST" and form.is_valid():
        mail_preferences.choose(person=request.user, choices=form.choices())
        messages.success(request, _("Your choice is kept. It holds from now on."))
        return redirect("mail:preferences")
    return render(request, "messages/preferences.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, so that programs which only look at links end nothing; when posted to, end it at once.

    Mail programs post by themselves (RFC 8058), without cookies and without having been here: the signed token says
    whose mail it is about, and there is no other proof to ask for.
    """
    found = read_token(token)
    if found is None:
        raise Http404
    person, categories = found
    if request.method == "POST":
        mail_preferences.stop(person=person, categories=categories)
    with translation.override(person.language):
        context = {"categories": categories, "is_done": request.method == "POST"}
        response = render(request, "messages/stop.html", context)
        response.headers["Content-Language"] = person.language
    response.headers["Referrer-Policy"] = "no-referrer"  # The token is all it takes.
    return response
