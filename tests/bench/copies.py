"""Many courses from one: copies of the shipped course, with pages, units and an edition of their own each.

Pages are written table by table and without signals: building each course as an author would take hours.
"""

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator
from copy import copy

from django.db import transaction
from django.db.models import F
from wagtail.models import Page

from courses.enums import Theme
from courses.models import Course, CoursePage, Edition, Unit

AT_ONCE = 25  # courses written together; all rows of a thousand would fill the memory
ROWS = 50  # of a page's own table in one statement
ABOUT = ("Rescue at sea", "Fair interviews", "Document checks", "Victims of trafficking", "Asylum procedure")


class CourseCopier:
    def __init__(self, source: CoursePage) -> None:
        self.source = source
        self.pages = [page.specific for page in source.get_descendants(inclusive=True).order_by("path")]
        self.course = Course.objects.select_related("current_edition").get(key=source.translation_key)
        self.units = list(Unit.objects.filter(course=self.course).order_by("pk"))
        self.catalogue = source.get_parent()

    @transaction.atomic
    def make(self, how_many: int, *, after: int = 0) -> None:
        """Copies number `after` + 1 and so on."""
        end = after + how_many + 1
        for start in range(after + 1, end, AT_ONCE):
            self._make(range(start, min(start + AT_ONCE, end)))
        Page.objects.filter(pk=self.catalogue.pk).update(numchild=F("numchild") + how_many)

    def _make(self, numbers: range) -> None:
        keys = {number: defaultdict(uuid.uuid4) for number in numbers}
        pairs = [(page, self._page(page, number, keys[number])) for number in numbers for page in self.pages]
        Page.objects.bulk_create([row for _page, row in pairs], batch_size=200)
        own = defaultdict(list)
        for page, row in pairs:
            own[type(page)].append(self._own_part(page, row))
        for model, rows in own.items():
            # Django refuses to bulk_create what has a parent table; this writes the child's alone.
            fields = model._meta.local_concrete_fields
            for part in in_parts(rows, ROWS):
                model._base_manager.all()._insert(part, fields=fields, using="default", raw=True)
        self._records({number: dict(keys[number]) for number in numbers})

    def _page(self, page: Page, number: int, keys: defaultdict[uuid.UUID, uuid.UUID]) -> Page:
        values = {field.attname: getattr(page, field.attname) for field in Page._meta.concrete_fields}
        step = Page._get_path(self.catalogue.path, self.source.depth, self._first_step + number)
        values |= {
            "id": None,
            "path": step + page.path[len(self.source.path) :],
            "url_path": f"{self.catalogue.url_path}{slug(number)}/{page.url_path[len(self.source.url_path) :]}",
            "translation_key": keys[page.translation_key],
        }
        if page.pk == self.source.pk:
            title = f"{ABOUT[number % len(ABOUT)]}, part {number}"
            values |= {"slug": slug(number), "title": title, "draft_title": title}
        return Page(**values)

    @property
    def _first_step(self) -> int:
        return Page._str2int(self.source.path[-Page.steplen :])

    def _own_part(self, page: Page, row: Page) -> Page:
        part = copy(page)
        part.page_ptr_id = row.pk
        if isinstance(part, CoursePage):
            part.key = row.slug
            part.theme = Theme.values[row.pk % len(Theme.values)]
        return part

    def _records(self, keys: dict[int, dict[uuid.UUID, uuid.UUID]]) -> None:
        courses = {
            number: Course(key=keys[number][self.course.key], code=slug(number), wording=self.course.wording)
            for number in keys
        }
        Course.objects.bulk_create(courses.values())
        edition = self.course.current_edition
        text = json.dumps(edition.manifest)
        editions = [
            Edition(course=course, number=1, manifest=json.loads(with_keys(text, keys[number])), note=edition.note)
            for number, course in courses.items()
        ]
        Edition.objects.bulk_create(editions)
        for made in editions:
            made.course.current_edition = made
        Course.objects.bulk_update(courses.values(), ["current_edition"])
        Unit.objects.bulk_create(
            Unit(course=course, key=keys[number][unit.key], code=unit.code, kind=unit.kind)
            for number, course in courses.items()
            for unit in self.units
        )


def slug(number: int) -> str:
    return f"copy-{number}"


def with_keys(text: str, keys: dict[uuid.UUID, uuid.UUID]) -> str:
    new = {str(old): str(key) for old, key in keys.items()}
    return re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda found: new.get(found[0], found[0]), text)


def in_parts(rows: list, size: int) -> Iterator[list]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
