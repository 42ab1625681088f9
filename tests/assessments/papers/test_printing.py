import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from assessments.domain.papers import codes
from assessments.domain.papers.places import questions_of_form
from assessments.domain.papers.right import right_signs
from assessments.models import PaperForm
from courses.domain.cohorts import kits
from elearn.core import pending
from tests.factories.assessments import QuestionFactory
from tests.factories.cohorts import make_member
from tests.factories.papers import make_form, make_kit, make_paper_cohort, quiz_of

pytestmark = pytest.mark.django_db


def documents(kit) -> dict[str, bytes]:
    with kit.file.open("rb") as file, zipfile.ZipFile(io.BytesIO(file.read())) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def test_paper_has_each_question_once_and_its_code_on_every_page() -> None:
    cohort = make_paper_cohort()
    kit = make_kit(cohort, "quiz_papers", options={"quiz_papers": {"variants": "3"}})
    forms = list(PaperForm.objects.order_by("variant"))
    found = documents(kit)
    assert [form.variant for form in forms] == ["A", "B", "C"]
    assert len({form.code for form in forms}) == 3
    assert list(found)[-1] == "04-quiz-keys-for-trainers.pdf"
    for form, data in zip(forms, found.values(), strict=False):
        texts = pages(data)
        assert all(codes.printed(form.code) in text for text in texts)
        whole = " ".join(" ".join(texts).split())
        for question in questions_of_form(form):
            words = re.sub(r"\[\[(\d)\]\]", r"(\1) ________", question.words)
            assert whole.count(words) == 1
        assert "Answer sheet" in texts[-1] or "Answer sheet" in texts[-2]


def test_variants_draw_what_neighbours_do_not_have() -> None:
    cohort = make_paper_cohort("single_choice", "true_false", "short_text", "numeric", draw=2)
    make_kit(cohort, "quiz_papers", options={"quiz_papers": {"variants": "2"}})
    drawn = [{entry["key"] for entry in form.snapshot} for form in PaperForm.objects.all()]
    assert len(drawn[0]) == len(drawn[1]) == 2
    assert drawn[0] & drawn[1] == set()


def test_making_a_kit_twice_draws_the_forms_once() -> None:
    cohort = make_paper_cohort("single_choice")
    form = make_form(cohort)
    kit = form.kit
    kit.file.storage.delete(kit.file.name)
    kits.PrintKit.objects.update(file="", work_done_at=None)
    pending.work(kits.KIND, kit.pk)
    assert PaperForm.objects.get() == form


def test_key_says_what_is_right_in_the_signs_of_the_paper() -> None:
    cohort = make_paper_cohort()
    form = make_form(cohort)
    keys = {q.question.kind.key: (right_signs(q), q) for q in questions_of_form(form) if not q.only_shown}
    assert keys["short_text"][0] == "Kigali"
    assert keys["true_false"][0] == "A"
    assert keys["scenario"][0] == "1 A"
    assert keys["essay"][0] == "marked by a person"
    signs, question = keys["single_choice"]
    assert [choice.value for choice in question.places[0].choices if choice.sign == signs] == ["right"]


def test_quiz_without_questions_in_the_language_is_told_in_words() -> None:
    cohort = make_paper_cohort("single_choice")
    quiz_of(cohort).bank.questions.all().delete()
    kit = make_kit(cohort, "quiz_papers")
    assert (bool(kit.file), kit.problem.split(":")[0]) == (False, "There is nothing to print")


def test_picture_in_a_question_is_told_on_the_form() -> None:
    from assessments.domain.papers.printing import remarks

    cohort = make_paper_cohort("single_choice")
    assert remarks(cohort) == []
    QuestionFactory(bank=quiz_of(cohort).bank, prompt='<p>Look: <embed alt="A gate" embedtype="image" id="1"/></p>')
    assert [remark.split(":")[0] for remark in remarks(cohort)] == ["These quizzes may show a picture"]


def test_learner_named_in_another_script_stands_on_the_sheet() -> None:
    cohort = make_paper_cohort("single_choice")
    member = make_member(cohort)
    member.person.printed_name, member.person.latin_name = "王小明", "Wang Xiaoming"
    member.person.save()
    kit = make_kit(cohort, "attendance")
    with kit.file.open("rb") as file:
        assert "Wang Xiaoming" in pages(file.read())[0]
