"""Trainers write to learners of their cohort, and read what became of the cohort's mail."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from courses.domain.cohorts import fillings, mail_log, rights, writing
from courses.forms.talk import MailFilterForm, RecipientsForm, WritingForm
from courses.models import Cohort, CohortMember
from courses.views.cohorts.entrance import Tab, frame_of, of_cohort, register_tab
from courses.views.cohorts.talk import PAGE_ACTS

PER_PAGE = 50


def register_messages_tab() -> None:
    register_tab(Tab("messages", gettext_lazy("Messages"), "cohorts:messages", rights.RUN, 60))


@of_cohort(rights.RUN)
@require_safe
def log(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form = MailFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = mail_log.mail_of(
        cohort, state=wanted.get("state", ""), category=wanted.get("category", ""), text=wanted.get("q", "")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        **frame_of(request, cohort, "messages"),
        "form": form,
        "page": page,
        "lines": [mail_log.MailLine(message) for message in page.object_list],
        "query": query.urlencode(),
    }
    return render(request, "courses/cohorts/messages.html", context)


@PAGE_ACTS
@of_cohort(rights.RUN)
def compose(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Write to those whom a list of the cohort posts as `to`, or to all: write, look at it, send.

    A list posts `to` alone; the form's own buttons say what is wanted in `step`. A list on which nobody was ticked must
    not reach everybody: that is said by `all`.
    """
    chosen = RecipientsForm(request.POST if request.method == "POST" else request.GET)
    everybody = request.method != "POST" or "all" in request.POST
    if not chosen.is_valid() or not (everybody or chosen.cleaned_data["to"]):
        messages.error(request, _("Choose the people from the list once more."))
        return redirect("cohorts:messages", cohort.public_id)
    to = chosen.cleaned_data["to"]
    members = list(writing.recipients_of(cohort, to))
    if not members:
        messages.error(request, _("None of them can be written to: no account yet, or no longer in the cohort."))
        return redirect("cohorts:messages", cohort.public_id)
    step = request.POST.get("step", "")
    languages = writing.languages_of(cohort, members)
    form = _form_for(request, step, languages)
    valid = step in ("preview", "send") and form.is_valid()
    if valid and step == "send" and (answer := _send(request, cohort, form, members)):
        return answer
    context = {
        **frame_of(request, cohort, "messages"),
        "form": form,
        "members": members,
        "to": to or [],
        "left_out": len(set(to)) - len(members) if to else 0,
        "placeholders": list(fillings.PLACEHOLDERS.items()),
        "templates": fillings.TEMPLATES,
        "default_language": dict(settings.LANGUAGES).get(cohort.language, cohort.language),
    }
    if valid:
        context["mails"] = _named(writing.preview(cohort=cohort, texts=form.texts(), members=members))
        return render(request, "courses/cohorts/preview_message.html", context)
    return render(request, "courses/cohorts/compose.html", context, status=422 if form.errors else 200)


def _form_for(request: HttpRequest, step: str, languages: list[str]) -> WritingForm:
    if step in ("preview", "send"):
        return WritingForm(request.POST, languages=languages)
    initial: dict[str, Any] = {}
    template = fillings.template_named(request.POST.get("template", "")) if step == "template" else None
    for code in languages:
        text = template.said_in(code) if template else {}
        for part in ("subject", "body"):
            initial[f"{part}_{code}"] = text.get(part, "") if template else request.POST.get(f"{part}_{code}", "")
    if template and not initial[f"body_{languages[0]}"]:
        # Never translated: the text as it is, for the trainer to say in the language of the cohort.
        initial |= {f"subject_{languages[0]}": template.subject, f"body_{languages[0]}": template.body}
    if request.POST.get("client_key"):
        initial["client_key"] = request.POST["client_key"]
    return WritingForm(languages=languages, initial=initial)


def _send(request: HttpRequest, cohort: Cohort, form: WritingForm, members: list[CohortMember]) -> HttpResponse | None:
    try:
        sent = writing.send(
            cohort=cohort,
            by=request.user,
            texts=form.texts(),
            members=members,
            client_key=form.cleaned_data["client_key"],
        )
    except writing.WritingRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    words = ngettext(
        "Your message is on its way to %(number)d person.",
        "Your message is on its way to %(number)d people.",
        sent.recipients,
    )
    messages.success(request, words % {"number": sent.recipients})
    return redirect("cohorts:messages", cohort.public_id)


def _named(mails: list[writing.Mail]) -> list[tuple[str, writing.Mail]]:
    names = dict(settings.LANGUAGES)
    return [(str(names.get(mail.language, mail.language)), mail) for mail in mails]
