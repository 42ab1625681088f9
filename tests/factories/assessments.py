import factory
from factory.django import DjangoModelFactory
from wagtail.models import Locale

from assessments.models import Question, QuestionBank, QuizPage
from courses.models import ModulePage

# The rules of a quiz as its form sends them when nothing was changed.
QUIZ_RULES = {
    "wait_hours": 0,
    "counts": "highest",
    "time_limit": 0,
    **dict.fromkeys(("show_marks", "show_answers", "show_feedback"), "after"),
    "second_marks": 0,
    "borderline": 0,
}


class QuestionBankFactory(DjangoModelFactory):
    class Meta:
        model = QuestionBank

    course_code = "rescue-at-sea"
    key = factory.Sequence(lambda n: f"bank-{n}")
    title = "A bank"


def option(id: str, *, correct: bool = False, text: str = "", feedback: str = "") -> dict:
    value = {"text": text or f"Option {id}", "correct": correct, "feedback": feedback or f"About {id}."}
    return {"type": "option", "id": id, "value": value}


class QuestionFactory(DjangoModelFactory):
    """A single choice between `right` and two wrong ones. Traits: `multiple`, `true_false`."""

    class Meta:
        model = Question

    bank = factory.SubFactory(QuestionBankFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    locale = factory.LazyFunction(Locale.get_default)
    kind = "single_choice"
    prompt = factory.LazyAttribute(lambda question: f"<p>Prompt of {question.key}?</p>")
    options = factory.LazyFunction(lambda: [option("right", correct=True), option("wrong-1"), option("wrong-2")])
    feedback = "<p>Overall.</p>"

    class Params:
        multiple = factory.Trait(
            kind="multiple_choice",
            options=factory.LazyFunction(
                lambda: [
                    option("right-1", correct=True),
                    option("right-2", correct=True),
                    option("wrong-1"),
                    option("wrong-2"),
                ]
            ),
        )
        true_false = factory.Trait(
            kind="true_false",
            options=factory.LazyFunction(lambda: [option("true", correct=True), option("false")]),
        )


def make_quiz(module: ModulePage, key: str = "quiz", *, questions: int = 3, **fields: object) -> QuizPage:
    """A published quiz on a bank of its own with that many single-choice questions."""
    code = module.get_parent().specific.key
    bank = fields.pop("bank", None) or QuestionBankFactory(course_code=code, key=f"{key}-bank")
    QuestionFactory.create_batch(questions, bank=bank, locale=module.locale)
    page = QuizPage(
        title=key.capitalize(),
        slug=key,
        key=key,
        locale=module.locale,
        purpose="A quiz.",
        bank=bank,
        **{"draw": questions, "pass_mark": 70, **fields},
    )
    module.add_child(instance=page)
    page.save_revision().publish()
    return page
