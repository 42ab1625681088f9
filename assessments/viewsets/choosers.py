"""Choosing banks and questions for a quiz: among those of one's own courses."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.admin.ui.tables import TitleColumn
from wagtail.snippets.views import chooser

from assessments.domain import authors
from assessments.models import Question
from assessments.viewsets.own import View, only_own


class OwnBanks:
    def get_object_list(self) -> QuerySet:
        return authors.banks_of(self.request.user)


class ChooseBankView(OwnBanks, chooser.ChooseView):
    pass


class ChooseBankResultsView(OwnBanks, chooser.ChooseResultsView):
    pass


class ChosenBanksView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: Iterable[str]) -> QuerySet:
        return authors.banks_of(self.request.user).filter(pk__in=pks)


class BankChooserViewSet(chooser.SnippetChooserViewSet):
    choose_view_class = ChooseBankView
    choose_results_view_class = ChooseBankResultsView
    chosen_multiple_view_class = ChosenBanksView

    def construct_view(self, view_class: type, **kwargs: Any) -> View:
        return only_own(super().construct_view(view_class, **kwargs), self.model)


class OwnQuestions:
    """Questions of one's own courses that quizzes may ask, by their first words."""

    def get_object_list(self) -> QuerySet:
        return authors.questions_of(self.request.user).filter(archived_at=None)

    @property
    def title_column(self) -> TitleColumn:
        column = super().title_column
        column.accessor = Question.in_words
        return column


class ChooseQuestionView(OwnQuestions, chooser.ChooseView):
    pass


class ChooseQuestionResultsView(OwnQuestions, chooser.ChooseResultsView):
    pass


class ChosenQuestionsView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: Iterable[str]) -> QuerySet:
        return authors.questions_of(self.request.user).filter(pk__in=pks)


class QuestionChooserViewSet(BankChooserViewSet):
    """For the selection of a quiz."""

    choose_view_class = ChooseQuestionView
    choose_results_view_class = ChooseQuestionResultsView
    chosen_multiple_view_class = ChosenQuestionsView
