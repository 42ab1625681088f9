"""Screens in /cms/: the categories and tags of a bank."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.domain import bank as acts
from assessments.forms.banks import RenameForm
from assessments.models import QuestionBank, QuestionTag

ADDRESS = "wagtailsnippets_assessments_questionbank:categories"


def categories(request: HttpRequest, pk: int) -> HttpResponse:
    """What a bank is ordered by: with how many questions, to rename, to merge, to remove."""
    if not request.user.has_perm("assessments.change_questionbank"):
        raise PermissionDenied
    bank = get_object_or_404(QuestionBank, pk=pk)
    form = RenameForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            _act(request, bank, form)
        return redirect(ADDRESS, bank.pk)
    context = {
        "bank": bank,
        "categories": bank.categories.annotate(count=Count("questions")).order_by("path"),
        "tags": QuestionTag.objects.annotate(count=Count("tagged", filter=Q(tagged__content_object__bank=bank)))
        .filter(count__gt=0)
        .order_by("name"),
    }
    return render(request, "assessments/cms/categories.html", context)


def _act(request: HttpRequest, bank: QuestionBank, form: RenameForm) -> None:
    """Do what the form says, and tell which quizzes name the category by its path."""
    said = form.cleaned_data
    if said["act"] == "rename_tag":
        acts.rename_tag(bank=bank, name=said["tag"], new_name=said["name"])
        messages.success(request, _("The tag is changed on the questions of this bank."))
        return
    category = get_object_or_404(bank.categories, pk=said["category"])
    try:
        if said["act"] == "rename_category":
            titles = acts.rename_category(category=category, path=said["name"])
        else:
            titles = acts.remove_category(category=category)
    except acts.Refused as refusal:
        messages.error(request, str(refusal))
        return
    messages.success(request, _("The categories are changed."))
    if titles:
        words = _("These quizzes name it by its old path; change that in their selection: %(titles)s.")
        messages.warning(request, words % {"titles": ", ".join(titles)})
