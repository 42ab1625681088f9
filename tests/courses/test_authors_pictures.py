"""No picture enters the CMS without saying what it shows, or that it only decorates: every door that takes one."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from elearn.core.models import Picture
from elearn.people.models import User

AsPerson = Callable[[User | None], Client]
REFUSAL = "Say what the picture shows, or mark it as decorative."


def upload() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(data, "PNG")
    return SimpleUploadedFile("harbour.png", data.getvalue(), "image/png")


def fields(prefix: str = "", **alternative: str) -> dict:
    rest = {"title": "Harbour", "collection": Collection.get_first_root_node().pk, "tags": "", **alternative}
    return {f"{prefix}{name}": value for name, value in rest.items()}


@pytest.mark.parametrize(
    ("door", "prefix"), [("wagtailimages:add", ""), ("wagtailimages_chooser:create", "image-chooser-upload-")]
)
def test_upload_without_alternative_is_refused(author: User, as_person: AsPerson, door: str, prefix: str) -> None:
    client = as_person(author)
    response = client.post(reverse(door), fields(prefix) | {f"{prefix}file": upload()})
    assert REFUSAL in response.content.decode()
    assert not Picture.objects.exists()
    for alternative in ({"alt_text": "A harbour"}, {"is_decorative": "on"}):
        client.post(reverse(door), fields(prefix, **alternative) | {f"{prefix}file": upload()})
    assert Picture.objects.count() == 2


def test_several_at_once_wait_until_each_says_what_it_shows(author: User, as_person: AsPerson) -> None:
    client = as_person(author)
    data = {"title": "Harbour", "collection": Collection.get_first_root_node().pk, "files[]": upload()}
    answer = client.post(reverse("wagtailimages:add_multiple"), data).json()
    assert not Picture.objects.exists()
    number = answer["uploaded_file_id"]
    create = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number])
    refused = client.post(create, fields(f"uploaded-image-{number}-")).json()
    assert (refused["success"], Picture.objects.count()) == (False, 0)
    made = client.post(create, fields(f"uploaded-image-{number}-", alt_text="A harbour")).json()
    assert (made["success"], Picture.objects.get().alt_text) == (True, "A harbour")


def test_alternative_is_not_taken_away_again(author: User, as_person: AsPerson) -> None:
    client = as_person(author)
    client.post(reverse("wagtailimages:add"), fields(alt_text="A harbour") | {"file": upload()})
    picture = Picture.objects.get()
    response = client.post(reverse("wagtailimages:edit", args=[picture.pk]), fields(alt_text=""))
    assert REFUSAL in response.content.decode()
    assert Picture.objects.get().alt_text == "A harbour"
