from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from courses.models import Cohort

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(cohort: Cohort, kind: str, what: str = "") -> str:
    """Cohort and day, in letters that every computer takes."""
    title = slugify(cohort.title)[:60] or cohort.public_id.hex[:8]
    return "-".join(filter(None, [title, what, f"{timezone.localdate():%Y-%m-%d}"])) + f".{kind}"


def as_file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
