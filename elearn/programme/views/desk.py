from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from certificates.views.desk import screens_for


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first screen of the desk that is open to this person."""
    screens = screens_for(request.user)
    if not screens:
        raise Http404
    return redirect(screens[0].address)
