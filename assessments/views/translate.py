from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.domain.translations import add_translation, languages_missing
from assessments.models import Question


def translate(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy a question into another language, and lead to where it is translated."""
    if not request.user.has_perm("assessments.add_question"):
        raise PermissionDenied
    question = get_object_or_404(Question.objects.select_related("bank", "category", "locale"), pk=pk)
    missing = languages_missing(question)
    chosen = next((locale for locale in missing if locale.language_code == request.POST.get("language")), None)
    if request.method == "POST" and chosen is not None:
        copy = add_translation(question=question, locale=chosen, by=request.user)
        messages.success(request, _("The question is copied. Translate it, then save it."))
        return redirect("wagtailsnippets_assessments_question:edit", copy.pk)
    held = Question.objects.filter(translation_key=question.translation_key).select_related("locale")
    return render(request, "assessments/cms/translate.html", {"question": question, "missing": missing, "held": held})
