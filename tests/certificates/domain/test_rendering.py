import base64
import hashlib
import io
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import segno
from PIL import Image
from pypdf import PdfReader

from certificates.domain import rendering
from certificates.domain.issuing import KIND
from certificates.domain.rendering import RenderingRefused
from certificates.models import Certificate
from elearn.core import pending

NAMES = [
    ("Ana Ruiz", ""),
    ("X", ""),
    ("María-José Fernández-Ångström de la Cruz y Villalobos", ""),
    ("Nguyễn Thị Ánh Tuyết", ""),
    ("Þórður Æðelreðsson Łukasz Żółć", ""),
    ("Екатерина Александровна Воскресенская", "Ekaterina Voskresenskaya"),
    ("Ўктам Қодиров", ""),
    ("Ελένη Παπαδοπούλου", ""),
    ("محمد بن عبد الله", "Muhammad bin Abdullah"),
    ("مُحَمَّد بن عبد الرَّحمن", ""),
    ("پروین گیلانی", ""),
    ("Dr عبد الله Karim ben Youssef", ""),
    ("עלי כהן", ""),
    ("შოთა რუსთაველი", ""),
    ("Ահարոն Հակոբյան", ""),
    ("አበበ ቢቂላ", ""),
    ("李小龍", "Li Xiaolong"),
    ("Jose\u0301 <b>O'Neil</b> & \u201cPepe\u201d {{ x }}", ""),
    (("Wilhelmina Konstantinopoulou van den Bergh " * 4)[:150].strip(), ""),
    ("W" * 150, ""),
    (("عبد الرحمن محمد " * 10)[:150].strip(), "Abdulrahman " * 12),
]


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def stored_files() -> list[str]:
    return sorted(Certificate._meta.get_field("pdf").storage.listdir("certificates")[1])


def test_rendered_certificate_has_the_hash_of_its_stored_bytes(rendered):
    with rendered.pdf.open("rb") as file:
        data = file.read()
    assert rendered.pdf.name == f"certificates/{rendered.serial}.pdf"
    assert rendered.pdf_sha256 == hashlib.sha256(data).hexdigest()
    assert data[:5] == b"%PDF-"
    assert rendered.work_error == ""
    assert rendered.is_rendered


def test_rendering_again_gives_the_same_bytes_and_one_file(rendered):
    before = stored_files()
    assert rendering.pdf_of(rendered) == rendering.pdf_of(Certificate.objects.get(pk=rendered.pk))
    Certificate.objects.filter(pk=rendered.pk).update(work_done_at=None)
    assert pending.work(KIND, rendered.pk) is True
    again = Certificate.objects.get(pk=rendered.pk)
    assert (again.pdf.name, again.pdf_sha256) == (rendered.pdf.name, rendered.pdf_sha256)
    assert stored_files() == before
    assert [file for file in before if rendered.serial in file] == [f"{rendered.serial}.pdf"]


def test_file_left_half_written_is_written_whole(certificate):
    storage = certificate.pdf.storage
    name = f"certificates/{certificate.serial}.pdf"
    path = Path(storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.4 half")
    rendering.render(certificate)
    certificate.refresh_from_db()
    with storage.open(name) as file:
        assert hashlib.sha256(file.read()).hexdigest() == certificate.pdf_sha256
    assert [file for file in stored_files() if certificate.serial in file] == [f"{certificate.serial}.pdf"]


def test_published_hash_is_never_changed(rendered):
    rendered.pdf.storage.delete(rendered.pdf.name)
    rendered.subject.printed_name = "Another Name"
    rendered.subject.save()
    with pytest.raises(RenderingRefused, match="published with another hash"):
        rendering.render(Certificate.objects.get(pk=rendered.pk))
    assert not rendered.pdf.storage.exists(rendered.pdf.name)
    assert Certificate.objects.get(pk=rendered.pk).pdf_sha256 == rendered.pdf_sha256


def test_bytes_are_the_same_in_another_process(certificate):
    """Neither the hash seed nor what was rendered before shows in the file."""
    script = (
        "import hashlib, json, sys, django; django.setup()\n"
        "from certificates.domain import rendering\n"
        "from certificates.models import Certificate, CertificateSubject\n"
        "given = json.load(sys.stdin)\n"
        "certificate = Certificate(serial=given['serial'], facts=given['facts'])\n"
        "certificate.subject = CertificateSubject(printed_name=given['name'])\n"
        "print(hashlib.sha256(rendering.pdf_of(certificate)).hexdigest())\n"
    )
    given = {"serial": certificate.serial, "facts": certificate.facts, "name": certificate.subject.printed_name}
    environment = {**os.environ, "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "elearn.settings"}
    environment.setdefault("SECRET_KEY", "x")
    environment.setdefault("DEMO", "1")
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=60,
    )
    assert done.stdout.strip() == hashlib.sha256(rendering.pdf_of(certificate)).hexdigest()


def test_paper_holds_each_fact(certificate):
    certificate.facts |= {
        "edition_title": "Online modules 1 and 2",
        "hours": "4.5",
        "completed_on": "2026-11-19",
        "issued_on": "2026-11-21",
    }
    text = " ".join(read(rendering.pdf_of(certificate)).pages[0].extract_text().split())
    facts = [
        "Certificate of completion",
        "Lea Learner",
        "Rescue at sea",
        "Edition 1: Online modules 1 and 2",
        "1 M1 2 M2",
        "Full",
        "4.5",
        "English",
        "Completed on 19 November 2026",
        "Issued on 21 November 2026",
        "Issued by Elearn",
        certificate.serial,
        "localhost:8000/verify/",
        "It certifies completion of the online modules only. It does not authorise the holder to train others.",
    ]
    assert [fact for fact in facts if fact not in text] == []


def test_document_says_what_it_is(certificate):
    pdf = read(rendering.pdf_of(certificate))
    assert pdf.metadata.title == f"Certificate of completion {certificate.serial}"
    assert pdf.metadata.author == "Elearn"
    assert pdf.metadata.subject == "Certificate of completion: Rescue at sea"
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [842, 595]


def test_paper_in_a_language_with_decimal_commas_is_set_like_any_other(certificate):
    """Sizes in the style sheet stay `8.5pt` where numbers are written `8,5`."""
    certificate.facts |= {"language": "fr", "hours": "4.5", "completed_on": "2026-11-19"}
    pdf = read(rendering.pdf_of(certificate))
    text = pdf.pages[0].extract_text()
    assert "4,5" in text
    assert "19 novembre 2026" in text
    assert pdf.trailer["/Root"]["/Lang"] == "fr"


def test_every_font_that_shows_text_is_embedded(certificate_for):
    certificate = certificate_for("محمد Ana Иван", "Shota")
    shown = {}

    def collect(text, matrix, text_matrix, font, size):
        if text.strip() and font:
            descriptor = font.get("/FontDescriptor")
            shown[font["/BaseFont"]] = descriptor is not None and "/FontFile2" in descriptor.get_object()

    read(rendering.pdf_of(certificate)).pages[0].extract_text(visitor_text=collect)
    assert {name.split("+")[-1] for name in shown} == {
        "NotoSans-Regular",
        "NotoSans-Bold",
        "NotoSerif-Regular",
        "NotoSerif-Bold",
        "NotoNaskhArabic-Regular",
    }
    assert set(shown.values()) == {True}


def test_qr_code_on_the_paper_leads_to_the_verification_page(certificate):
    drawn = dark_modules(read(rendering.pdf_of(certificate)))
    matrix = segno.make(certificate.facts["verify_url"], error="m", micro=False).matrix
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


def dark_modules(pdf: PdfReader) -> set[tuple[int, int]]:
    """The modules that the longest path of the page fills; it consists of rectangles one module high."""
    content = pdf.pages[0].get_contents().get_data().decode("latin-1")
    path = max(re.findall(r"^n (.*)\nf$", content, re.MULTILINE), key=len)
    rectangles = re.findall(r"(\d+) (\d+) m (\d+) \2 l \3 (\d+) l \1 \4 l h", path)
    assert all(int(bottom) == int(top) + 1 for _left, top, _right, bottom in rectangles)
    return {(x, int(top)) for left, top, right, _bottom in rectangles for x in range(int(left), int(right))}


@pytest.mark.parametrize(("printed", "latin"), NAMES, ids=range(len(NAMES)))
def test_name_of_any_kind_fits_on_one_page_with_every_character_drawn(certificate_for, caplog, printed, latin):
    certificate = certificate_for(printed, latin.strip())
    pdf = read(rendering.pdf_of(certificate))
    assert len(pdf.pages) == 1
    assert [record.message for record in caplog.records if "No font" in record.message] == []


def test_latin_form_stands_beneath_the_name(certificate_for):
    text = read(rendering.pdf_of(certificate_for("Иван Петров", "Ivan Petrov"))).pages[0].extract_text()
    assert text.index("Иван Петров") < text.index("Ivan Petrov")


def test_name_that_no_font_has_is_refused_and_tried_again_later(certificate_for):
    certificate = certificate_for("李小龍")
    assert pending.work(KIND, certificate.pk) is False
    certificate.refresh_from_db()
    assert certificate.work_error == (
        "RenderingRefused: No font has 小 李 龍 and the person gave no name in Latin script."
    )
    assert (certificate.pdf.name, certificate.pdf_sha256, certificate.work_tries) == ("", "", 1)


def test_markup_in_a_name_is_printed_and_not_obeyed(certificate_for):
    certificate = certificate_for("<img src='/etc/hostname'> {{ x }} &amp; Ana")
    text = read(rendering.pdf_of(certificate)).pages[0].extract_text()
    assert "<img src='/etc/hostname'> {{ x }} &amp; Ana" in text


def test_nothing_is_fetched_from_the_network(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://localhost:{server.getsockname()[1]}/x.png"
        rendering.print_html(f'<p>Text</p><img src="{address}">', {})
        with pytest.raises(TimeoutError):
            server.accept()


def test_nothing_is_read_outside_the_fonts_folder(tmp_path):
    picture = tmp_path / "secret.png"
    Image.new("RGB", (8, 8), "red").save(picture)
    pdf = read(rendering.print_html(f'<p>Text</p><img src="{picture}" width="8" height="8">', {}))
    assert len(pdf.pages[0].images) == 0
    inline = base64.b64encode(picture.read_bytes()).decode()
    pdf = read(rendering.print_html(f'<img src="data:image/png;base64,{inline}" width="8" height="8">', {}))
    assert len(pdf.pages[0].images) == 1
