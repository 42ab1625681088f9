from assessments.models.attempt import Attempt, Response
from assessments.models.bank import Question, QuestionBank
from assessments.models.mark import MarkChange
from assessments.models.quiz import QuizPage

__all__ = ["Attempt", "MarkChange", "Question", "QuestionBank", "QuizPage", "Response"]
