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
