"""The embedded broker hands a message over whole, or not at all."""

from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from celery import Celery
from kombu import Connection

from elearn.celery import app
from elearn.core import broker


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    folders = {"data_folder_in": tmp_path, "data_folder_out": tmp_path, "control_folder": tmp_path / "control"}
    options = {name: str(folder) for name, folder in folders.items()}
    with Connection("filesystem://localhost", transport_options=options) as made:
        yield made


def test_embedded_broker_is_the_one_that_is_used(connection: Connection) -> None:
    assert isinstance(app, Celery)
    assert isinstance(connection.transport, broker.Transport)


def test_messages_come_whole_and_in_their_order(connection: Connection) -> None:
    with connection.SimpleQueue("whole", no_ack=True) as queue:
        for number in range(12):
            queue.put({"number": number})
        got = [queue.get(timeout=5) for _ in range(12)]
        assert [message.payload for message in got] == [{"number": number} for number in range(12)]
        with pytest.raises(Empty):
            queue.get(timeout=0.2)


def test_message_that_is_being_written_is_not_read(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = Path.replace
    looked: list[str] = []

    def look_before(unfinished: Path, name: Path) -> Path:
        with pytest.raises(Empty):
            reading.get(timeout=0.2)
        looked.append(unfinished.read_text())
        return finish(unfinished, name)

    # A queue of its own: kombu remembers, for the whole process, what it has bound.
    with (
        connection.SimpleQueue("unfinished", no_ack=True) as queue,
        connection.clone().SimpleQueue("unfinished", no_ack=True) as reading,
    ):
        monkeypatch.setattr(Path, "replace", look_before)
        queue.put({"number": 1})
        assert len(looked) == 1
        assert reading.get(timeout=5).payload == {"number": 1}
