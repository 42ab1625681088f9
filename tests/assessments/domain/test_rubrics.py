"""Rubrics: frozen, added up, checked, alike in all languages, and as authors write them in the CMS and in packages."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from wagtail.models import Locale

from assessments.domain import rubric_rows, rubrics
from assessments.domain.practical_lint import lint
from assessments.models import PracticalPage, Rubric, RubricVersion
from elearn.core.files import FileInUse, refuse_if_used
from tests.factories.courses import make_course_page, make_module
from tests.factories.practicals import RubricFactory, criterion, level, make_practical, two_criteria

pytestmark = pytest.mark.django_db


def french() -> Locale:
    return Locale.objects.get_or_create(language_code="fr")[0]


# --- Frozen and added up -----------------------------------------------------------------------------------------


def test_freeze_makes_one_version_of_equal_contents() -> None:
    rubric = RubricFactory()
    first, again = rubrics.freeze(rubric), rubrics.freeze(rubric)
    rubric.title = "Another title"
    rubric.save()
    second = rubrics.freeze(rubric)
    assert (first.pk, first.number, second.number) == (again.pk, 1, 2)
    assert RubricVersion.objects.count() == 2


def test_looking_at_a_rubric_writes_nothing() -> None:
    rubric = RubricFactory()
    assert rubrics.as_it_stands(rubric).contents == rubrics.contents_of(rubric)
    assert RubricVersion.objects.count() == 0


def test_frozen_rubric_names_the_level_that_must_be_reached_by_its_id() -> None:
    content = rubrics.freeze(RubricFactory()).contents["en"]
    assert [entry["must_reach"] for entry in content["criteria"]] == ["clear", ""]
    assert [each["points"] for each in content["criteria"][0]["levels"]] == ["0", "2", "4"]


@pytest.mark.parametrize(
    ("levels", "points", "passes", "missed", "still_open"),
    [
        ({"aim": "sharp", "voice": "heard"}, 10, True, (), ()),
        ({"aim": "clear", "voice": "heard"}, 8, True, (), ()),
        ({"aim": "none", "voice": "heard"}, 6, False, ("aim",), ()),
        ({"aim": "sharp", "voice": "low"}, 4, False, (), ()),
        ({"voice": "heard"}, 6, False, (), ("aim",)),
        ({"aim": "of another rubric", "voice": "heard"}, 6, False, (), ("aim",)),
    ],
)
def test_score(levels: dict[str, str], points: int, passes: bool, missed: tuple, still_open: tuple) -> None:
    outcome = rubrics.score(rubrics.freeze(RubricFactory()), levels)
    assert (outcome.points, outcome.possible, outcome.missed, outcome.open_criteria) == (
        Decimal(points),
        Decimal(10),
        missed,
        still_open,
    )
    assert outcome.passes(60) is passes


# --- What makes sense --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criteria", "problem"),
    [
        ([], "Write at least one criterion."),
        ([criterion("aim", level("one", 1))], "Aim: A criterion needs at least two levels."),
        (
            [criterion("aim", level("low", 2), level("high", 1))],
            "Aim: The levels go from the lowest to the highest: their points must not fall.",
        ),
        (
            [criterion("aim", level("low", 0), level("high", 1), must_reach="Higher")],
            "Aim: “Higher” is no level of it. Write the name of the level that must be reached.",
        ),
        (
            [criterion("aim", level("a", 0, title="Same"), level("b", 1, title="Same"))],
            "Aim: Two levels of a criterion have the same name. Name each differently.",
        ),
        ([criterion("aim", level("low", 0), level("high", 0))], "No level earns any points, so nobody could pass."),
        (
            [criterion(key, level("low", 0), level("high", 1), title="Aim") for key in ("a", "b")],
            "Two criteria have the same name. Name each differently.",
        ),
    ],
)
def test_nonsense_is_refused_in_words(criteria: list, problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        rubric_rows.refuse_nonsense(RubricFactory(criteria=criteria).criteria)
    assert refused.value.messages == [problem]


def test_levels_of_equal_points_make_sense() -> None:
    rubric = RubricFactory(criteria=[criterion("aim", level("a", 0), level("b", 1), level("c", 1), must_reach=" B ")])
    rubric_rows.refuse_nonsense(rubric.criteria)


def test_stream_and_plain_data_are_the_same() -> None:
    rubric = RubricFactory()
    data = rubric_rows.read_stream(rubric.criteria)
    assert rubric_rows.read_stream(rubric_rows.to_stream(data)) == data


# --- Alike in all languages --------------------------------------------------------------------------------------


def translated(rubric: Rubric, criteria: list) -> Rubric:
    return RubricFactory(
        key=rubric.key,
        locale=french(),
        translation_key=rubric.translation_key,
        title="Animer une séance",
        criteria=criteria,
    )


def test_translation_keeps_its_words_and_takes_over_what_earns_points() -> None:
    rubric = RubricFactory()
    row = translated(
        rubric,
        [
            criterion("voice", level("heard", 99, title="Entendu"), level("low", 1, title="Faible"), title="Voix"),
            criterion("gone", level("a", 0), level("b", 1)),
        ],
    )
    assert rubric_rows.align_translations(rubric) == 1
    row.refresh_from_db()
    aim, voice = rubric_rows.read_stream(row.criteria)
    leading = rubric_rows.read_stream(rubric.criteria)
    assert aim == leading[0]  # New: it stands in the leader's words until it is translated.
    assert (voice.title, [(each.key, each.title, each.points) for each in voice.levels]) == (
        "Voix",
        [("low", "Faible", Decimal(0)), ("heard", "Entendu", Decimal(6))],
    )
    assert row.revisions.count() == 1
    assert rubric_rows.align_translations(rubric) == 0
    assert rubric_rows.align_translations(row) == 0
    assert ids_of(rubric) == {"en": IDS, "fr": IDS}


IDS = [("aim", "clear", ["none", "clear", "sharp"]), ("voice", "", ["low", "heard"])]


def ids_of(rubric: Rubric) -> dict:
    return {
        language: [
            (entry["id"], entry["must_reach"], [each["id"] for each in entry["levels"]])
            for entry in content["criteria"]
        ]
        for language, content in rubrics.freeze(rubric).contents.items()
    }


# --- Lint, and deletion ------------------------------------------------------------------------------------------


def codes(page: PracticalPage) -> set[str]:
    return {finding.rule for finding in lint([page]) if finding.rule.startswith("practical")}


@pytest.fixture
def practical() -> PracticalPage:
    return make_practical(make_module(make_course_page(), "m1"))


def test_good_practical_lacks_nothing(practical: PracticalPage) -> None:
    assert codes(practical) == set()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"rubric": None}, {"practical-rubric"}),
        ({"asks_text": False, "facilitator_notes": ""}, {"practical-observed-notes"}),
        ({"pass_mark": 20}, {"practical-pass-mark"}),
        ({"pass_mark": 100}, {"practical-pass-mark"}),
        ({"brief": "<p>Do it.</p>"}, {"practical-brief"}),
    ],
)
def test_what_a_practical_lacks(practical: PracticalPage, changes: dict, found: set[str]) -> None:
    for name, value in changes.items():
        setattr(practical, name, value)
    assert codes(practical) == found


def test_rubric_that_lacks_something(practical: PracticalPage) -> None:
    rubric = practical.rubric
    rubric.criteria = rubric._meta.get_field("criteria").to_python([])
    rubric.save()
    assert codes(practical) == {"practical-rubric-nonsense"}
    rubric.criteria = RubricFactory(criteria=[criterion("a", level("low", 7), level("high", 10))]).criteria
    rubric.save()
    assert codes(practical) == {"practical-lowest-passes"}
    Rubric.objects.filter(pk=rubric.pk).update(locale=french())
    assert codes(practical) == {"practical-lowest-passes", "practical-rubric-untranslated"}


def test_used_rubric_is_not_deleted(practical: PracticalPage) -> None:
    with pytest.raises(FileInUse, match="“Delivering a session” is used in: Practical"):
        refuse_if_used([practical.rubric])
    with pytest.raises(ProtectedError):
        practical.rubric.delete()
    assert Rubric.objects.count() == 1
    RubricFactory().delete()
    assert Rubric.objects.get() == practical.rubric


def test_factory_of_rubrics_makes_sense() -> None:
    rubric_rows.refuse_nonsense(RubricFactory(criteria=two_criteria()).criteria)
