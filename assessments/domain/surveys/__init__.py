"""Surveys: what is asked before, after and long after a course, without marks (docs/surveys.md).

`survey_open_to`, `submit_survey` and `results_of` are the doors for whoever sends surveys or shows what came of them.
"""

from assessments.domain.surveys.answering import SurveyRefused, submit_survey, survey_open_to
from assessments.domain.surveys.results import results_of

__all__ = ["SurveyRefused", "results_of", "submit_survey", "survey_open_to"]
