"""One session for those who run the cohort: who was there, and the code on the wall."""

import io
import json
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain.cohorts import check_in, rights
from courses.domain.cohorts.attending import AttendanceRefused, Entered, Line, enter_attendance, list_of
from courses.domain.cohorts.session_times import SessionLine, lines_of
from courses.enums import AttendanceSource, AttendanceState
from courses.forms.sessions import AttendanceForm
from courses.models import Cohort, LiveSession
from courses.views.cohorts.entrance import frame_of, of_cohort
from courses.views.cohorts.sessions import HERE, session_in
from elearn.core.acts import wants_json
from elearn.people.models import User

# As many as one form can send: Django takes a thousand fields.
PER_PAGE = 500


@of_cohort(rights.RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, cohort: Cohort, session_id: UUID) -> HttpResponse:
    """A session with its list of those who take part, and what was entered about each."""
    found = session_in(cohort, session_id)
    form = AttendanceForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            _say(request, _enter(found, request.user, form))
        except AttendanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(request.get_full_path())
    context = {**frame_of(request, cohort, HERE), **_read(request, found, form)}
    return render(request, "courses/cohorts/session.html", context, status=422 if form is not None else 200)


def _enter(found: LiveSession, by: User, form: AttendanceForm) -> Entered:
    data = form.cleaned_data
    source = AttendanceSource(data["source"])
    return enter_attendance(session=found, by=by, wanted=data["wanted"], seen=data["was"], source=source)


def _say(request: HttpRequest, entered: Entered) -> None:
    for row in entered.elsewhere:
        said = {"name": row.enrolment.person, "state": row.get_state_display(), "who": row.entered_by}
        words = _("%(name)s was entered as “%(state)s” by %(who)s in the meantime. That stays; change it if wrong.")
        messages.warning(request, words % said)
    messages.success(request, _("Saved. Entries changed: %d.") % entered.written)


def _read(request: HttpRequest, found: LiveSession, form: AttendanceForm | None) -> dict[str, Any]:
    everybody = list_of(found)
    listed = [line for line in everybody if line.is_seated]
    page: Page[Line] = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    seen = json.dumps([[line.number, line.enrolment, line.state] for line in rows], separators=(",", ":"))
    states = [line.state for line in listed]
    if form is None:
        is_paper = request.GET.get("source") == AttendanceSource.PAPER
        source = AttendanceSource.PAPER if is_paper else AttendanceSource.LIST
        form = AttendanceForm(initial={"source": source, "seen": seen})
    posted = form.data if form.is_bound else {}
    return {
        "line": lines_of([found], request.user.time_zone)[0],
        "form": form,
        "page": page,
        "rows": [(line, posted.get(f"a{line.number}", line.state)) for line in rows],
        "choices": AttendanceState.choices,
        "former": [line for line in everybody if not line.is_seated],
        "counts": [(label, states.count(state)) for state, label in AttendanceState.choices],
        "open_entries": states.count(""),
    }


# --- The code on the wall ----------------------------------------------------------------------------------------


@of_cohort(rights.RUN)
@require_safe
def projector(request: HttpRequest, cohort: Cohort, session_id: UUID) -> HttpResponse:
    """The code of this minute, for everybody in the room to read; the page's own script asks for the next."""
    line = lines_of([session_in(cohort, session_id)], request.user.time_zone)[0]
    now = timezone.now()
    there = sum(entry.state != "" for entry in list_of(line.session)) if line.takes_check_ins else 0
    code = check_in.code_of(line.session, now) if line.takes_check_ins else ""
    if wants_json(request):
        return JsonResponse({"code": code, "seconds": check_in.seconds_left(now), "entered": there})
    context = {
        "line": line,
        "code": code,
        "seconds": check_in.seconds_left(now),
        "entered": there,
    }
    return render(request, "courses/cohorts/projector.html", context)


@of_cohort(rights.RUN)
@require_safe
def code_picture(request: HttpRequest, cohort: Cohort, session_id: UUID) -> HttpResponse:
    """The address of the check-in with the code of this minute, as a QR code."""
    line = lines_of([session_in(cohort, session_id)], request.user.time_zone)[0]
    code = check_in.code_of(line.session, timezone.now()) if line.takes_check_ins else ""
    address = request.build_absolute_uri(_address(line) + (f"?{urlencode({'code': code})}" if code else ""))
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=8, border=3)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _address(line: SessionLine) -> str:
    # Without a language: each phone is led to its own.
    return f"/check-in/{line.session.public_id}/"
