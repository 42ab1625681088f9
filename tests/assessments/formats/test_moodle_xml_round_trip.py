from dataclasses import replace

import pytest
from defusedxml import ElementTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.formats import moodle_xml
from assessments.formats.items import Item
from tests.assessments.formats.moodle_items import EVERY_TYPE

_some = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("qtype", EVERY_TYPE)
def test_every_type_comes_back_as_it_was_written(qtype: str) -> None:
    @_some
    @given(item=EVERY_TYPE[qtype])
    def check(item: Item) -> None:
        reading = moodle_xml.read(moodle_xml.write([item]))
        assert (reading.refused, reading.notes) == ((), ())
        assert [replace(back, line=0) for back in reading.items] == [item]
        assert moodle_xml.losses(item) == []

    check()


@_some
@given(items=st.lists(st.one_of(*EVERY_TYPE.values()), min_size=1, max_size=4, unique_by=lambda item: item.id_number))
def test_questions_come_back_in_order_with_their_categories(items: list[Item]) -> None:
    content = moodle_xml.write(items)
    reading = moodle_xml.read(content)
    assert [replace(back, line=0) for back in reading.items] == items
    assert moodle_xml.write(reading.items) == content
    assert ElementTree.fromstring(content).tag == "quiz"
