import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

pytestmark = pytest.mark.django_db


def test_media_serves_a_file_and_no_folder(client: Client) -> None:
    name = default_storage.save("original_images/here.txt", ContentFile(b"here"))
    response = client.get(f"/media/{name}")
    assert b"".join(response.streaming_content) == b"here"
    for path in ("original_images", "original_images/", ".", "original_images/nowhere.txt"):
        # Django first looks for an address without a language below the languages.
        assert client.get(f"/media/{path}", follow=True).status_code == 404, path


@pytest.mark.parametrize(
    ("name", "asked", "status", "packed"),
    [
        ("drawing.svg", "", 200, "gzip"),
        ("picture.jpg", "", 200, None),
        ("here.mp4", "", 200, None),
        ("drawing.svg", "bytes=0-499", 206, None),
    ],
)
def test_media_compresses_text_alone_and_no_part_of_a_file(
    client: Client, name: str, asked: str, status: int, packed: str | None
) -> None:
    stored = default_storage.save(f"original_images/{name}", ContentFile(b"<svg/>" * 200))
    response = client.get(
        f"/media/{stored}", headers={"Accept-Encoding": "gzip", **({"Range": asked} if asked else {})}
    )
    assert (response.status_code, response.headers.get("Content-Encoding")) == (status, packed)
    if not packed:
        assert len(b"".join(response.streaming_content)) == int(response.headers["Content-Length"])


@pytest.fixture
def stored(client: Client) -> str:
    return f"/media/{default_storage.save('recordings/here.mp4', ContentFile(b'0123456789'))}"


@pytest.mark.parametrize(
    ("asked", "status", "content", "said"),
    [
        ("bytes=0-", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        # No question for a part that anybody can answer: the whole, as the standard wants it.
        ("bytes=4-2", 200, b"0123456789", None),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
    ],
)
def test_media_serves_the_part_that_a_player_asks_for(
    client: Client, stored: str, asked: str, status: int, content: bytes, said: str | None
) -> None:
    response = client.get(stored, headers={"Range": asked})
    assert response.status_code == status
    assert (b"".join(response.streaming_content) if response.streaming else response.content) == content
    assert response.get("Content-Range") == said
    assert response["Accept-Ranges"] == "bytes"
    if status == 206:
        assert response["Content-Length"] == str(len(content))


def test_media_serves_the_whole_to_whom_holds_an_older_part(client: Client, stored: str) -> None:
    response = client.get(stored, headers={"Range": "bytes=2-4", "If-Range": '"another"'})
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"0123456789"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.mp3", "audio/mpeg"),
        ("a.m4a", "audio/mp4"),
        ("a.ogg", "audio/ogg"),
        ("a.mp4", "video/mp4"),
        ("a.webm", "video/webm"),
        ("a.vtt", "text/vtt; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
    ],
)
def test_media_says_what_a_file_is_and_lets_nobody_guess(client: Client, name: str, media_type: str) -> None:
    path = default_storage.save(f"recordings/{name}", ContentFile(b"x"))
    for headers in ({}, {"Range": "bytes=0-"}):
        response = client.get(f"/media/{path}", headers=headers)
        assert response["Content-Type"] == media_type
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]
