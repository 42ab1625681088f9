from assessments.models.adjustment import Adjustment
from assessments.models.attempt import Attempt, ParkedAnswers, Response
from assessments.models.bank import Question, QuestionBank, QuestionCategory, QuestionTag, TaggedQuestion
from assessments.models.exchange import QuestionImport
from assessments.models.mark import MarkChange, Remark
from assessments.models.paper import PaperEntry, PaperForm
from assessments.models.practical import HandIn, HandInFile, PracticalPage, RemovedFile
from assessments.models.quiz import QuizPage
from assessments.models.rubric import Rubric, RubricVersion
from assessments.models.script import RubricAssessment, Script
from assessments.models.statistics import QuestionStatistics, StatisticsRun
from assessments.models.survey import SurveyAnswers, SurveyPage, SurveyResponse, SurveySheet

__all__ = [
    "Adjustment",
    "Attempt",
    "HandIn",
    "HandInFile",
    "MarkChange",
    "PaperEntry",
    "PaperForm",
    "ParkedAnswers",
    "PracticalPage",
    "Question",
    "QuestionBank",
    "QuestionCategory",
    "QuestionImport",
    "QuestionStatistics",
    "QuestionTag",
    "QuizPage",
    "Remark",
    "RemovedFile",
    "Response",
    "Rubric",
    "RubricAssessment",
    "RubricVersion",
    "Script",
    "StatisticsRun",
    "SurveyAnswers",
    "SurveyPage",
    "SurveyResponse",
    "SurveySheet",
    "TaggedQuestion",
]
