"""Walks the whole path over HTTP against a running demo, with plain form posts, as a browser without JavaScript does.

    python -m tests.walk http://localhost:8000 first    from logging in to a certificate that verifies
    python -m tests.walk http://localhost:8000 again    after a restart: the certificate is still there, byte for byte

The right answers are read from the course package. What the first walk found out is kept in --notes for the second.
"""

import argparse
import hashlib
import io
import json
import re
import sys
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pypdf
import yaml

COURSE = "training-of-trainers"
PACKAGE = Path(__file__).resolve().parent.parent / "courses" / "curricula" / COURSE
PDF_SECONDS = 90
VALID = "We issued this certificate, and it is valid today."


def bare(text: str) -> str:
    """Letters and digits only: Markdown and HTML of one text become equal."""
    return re.sub(r"[\W_]+", "", text).lower()


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Choice:
    name: str
    value: str
    text: str = ""


class Page(HTMLParser):
    """A page as a reader without scripts has it: links, forms, questions with their options, and text."""

    def __init__(self, address: str, body: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.questions: list[tuple[str, list[Choice]]] = []
        self.text = ""
        self._prompt: list[str] | None = None
        self._in_prompt = self._in_choice = False
        self.feed(body)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in has:
            self.links.append(urljoin(self.address, has["href"]))
        elif tag == "form":
            self.forms.append(Form(urljoin(self.address, has.get("action") or self.address)))
        elif tag == "fieldset":
            self._prompt = []
            self.questions.append(("", []))
        elif tag == "legend":
            self._in_prompt = True
        elif tag == "input" and self.forms:
            self._input(has)

    def _input(self, has: dict[str, str]) -> None:
        if has.get("type") in ("radio", "checkbox") and self.questions:
            self.questions[-1][1].append(Choice(has["name"], has["value"]))
            self._in_choice = True
        elif has.get("name"):
            self.forms[-1].fields.append((has["name"], has.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "legend" and self._prompt is not None:
            self._in_prompt = False
            self.questions[-1] = ("".join(self._prompt), self.questions[-1][1])
        elif tag == "label":
            self._in_choice = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_prompt and self._prompt is not None:
            self._prompt.append(data)
        if self._in_choice:
            self.questions[-1][1][-1].text += data

    def form(self, ending: str) -> Form:
        found = [form for form in self.forms if urlsplit(form.action).path.endswith(ending)]
        assert found, f"{self.address} has no form that leads to ...{ending}"
        return found[0]

    def has_form(self, ending: str) -> bool:
        return any(urlsplit(form.action).path.endswith(ending) for form in self.forms)


class Visitor:
    def __init__(self, site: str) -> None:
        self.site = site.rstrip("/")
        self.browser: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def fetch(self, address: str, data: list[tuple[str, str]] | None = None) -> tuple[str, str, bytes]:
        """The final address, content type and body."""
        request = Request(urljoin(self.site + "/", address), data=urlencode(data).encode() if data else None)
        request.add_header("Accept-Language", "en")
        request.add_header("Referer", self.site + "/")
        try:
            with self.browser.open(request, timeout=60) as answer:
                return answer.url, answer.headers.get_content_type(), answer.read()
        except HTTPError as error:
            raise AssertionError(f"{request.get_method()} {request.full_url} answered {error.code}") from error

    def get(self, address: str) -> Page:
        final, _kind, body = self.fetch(address)
        return Page(final, body.decode())

    def send(self, form: Form, *more: tuple[str, str]) -> Page:
        given = {name for name, _value in more}
        final, _kind, body = self.fetch(form.action, [pair for pair in form.fields if pair[0] not in given] + [*more])
        return Page(final, body.decode())


def right_answers() -> dict[str, set[str]]:
    """From the bare prompt of every question to the bare texts of its right options."""
    answers = {}
    for bank in sorted(PACKAGE.glob("en/banks/*.yaml")):
        for question in yaml.safe_load(bank.read_text())["questions"]:
            if question["kind"] == "true_false":
                right = {"true" if question["answer"] else "false"}
            else:
                right = {bare(option["text"]) for option in question["options"] if option.get("correct")}
            answers[bare(question["prompt"])] = right
    return answers


def log_in(visitor: Visitor, login: str = "learner@demo.example") -> None:
    form = visitor.get("/accounts/login/").form("/accounts/login/")
    page = visitor.send(form, ("login", login), ("password", "demo"))
    assert "/accounts/login/" not in page.address, "The demo learner could not log in."


def take_quiz(visitor: Visitor, quiz: Page, answers: dict[str, set[str]]) -> None:
    page = visitor.send(quiz.form("/start/"))
    chosen = []
    for prompt, options in page.questions:
        known = [key for key in answers if key in bare(prompt)]
        assert known, f"The package does not know this question: {prompt!r}"
        right = answers[max(known, key=len)]
        picked = [(option.name, option.value) for option in options if bare(option.text) in right]
        assert picked, f"None of the options is right: {prompt!r}"
        chosen += picked
    form = next(form for form in page.forms if any(name.startswith("key-") for name, _value in form.fields))
    check = visitor.send(form, *chosen, ("then", "submit"))
    result = visitor.send(check.form("/submit/"))
    assert result.address.endswith("/result/"), f"Submitting led to {result.address}"


def take_course(visitor: Visitor) -> int:
    """Enrol, then finish every unit in the order of the outline; answers how many there were."""
    catalogue = visitor.get("/en/courses/")
    address = next(link for link in catalogue.links if link.endswith(f"/{COURSE}/"))
    visitor.send(visitor.get(address).form("/enrol/"))
    inside = [link.partition("#")[0] for link in visitor.get(address).links if link.startswith(address)]
    units = [link for link in dict.fromkeys(inside) if len(link[len(address) :].strip("/").split("/")) == 2]
    answers = right_answers()
    for unit in units:
        page = visitor.get(unit)
        if page.has_form("/start/"):
            take_quiz(visitor, page, answers)
        else:
            visitor.send(page.form("/complete/"))
    return len(units)


def serial_on_desk(visitor: Visitor) -> str:
    for link in visitor.get("/en/desk/").links:
        found = re.search(r"/certificates/([^/]+)/", link)
        if found:
            return found.group(1)
    raise AssertionError("The desk shows no certificate.")


def download(visitor: Visitor, serial: str) -> bytes:
    patience = time.monotonic() + PDF_SECONDS
    while time.monotonic() < patience:
        _address, kind, body = visitor.fetch(f"/en/certificates/{serial}/download/")
        if kind == "application/pdf":
            return body
        time.sleep(1)
    raise AssertionError(f"The PDF was not made within {PDF_SECONDS} s.")


def check_certificate(visitor: Visitor, serial: str) -> str:
    """Compare the PDF, and what anybody sees of it without an account; answers the PDF's hash."""
    pdf = download(visitor, serial)
    assert pdf.startswith(b"%PDF-"), "What was downloaded is no PDF."
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert bare(serial) in bare(text), "The PDF does not show its serial."
    digest = hashlib.sha256(pdf).hexdigest()
    public = Visitor(visitor.site).get(f"/verify/{serial}/").text
    assert digest in public, "The public page shows another hash than that of the PDF."
    assert VALID in public, "The public page does not say that the certificate is valid."
    return digest


def walk_first(visitor: Visitor, notes: Path) -> list[str]:
    log_in(visitor)
    units = take_course(visitor)
    serial = serial_on_desk(visitor)
    digest = check_certificate(visitor, serial)
    notes.write_text(json.dumps({"serial": serial, "sha256": digest}))
    return [f"{units} units finished", f"certificate {serial}", f"sha256 {digest}"]


def walk_again(visitor: Visitor, notes: Path) -> list[str]:
    known = json.loads(notes.read_text())
    log_in(visitor)
    assert serial_on_desk(visitor) == known["serial"], "After the restart the desk shows another certificate."
    assert check_certificate(visitor, known["serial"]) == known["sha256"], "After the restart the PDF is another one."
    return [f"certificate {known['serial']} is still there, byte for byte"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("which", choices=["first", "again"])
    parser.add_argument("--notes", type=Path, default=Path("walk.json"))
    options = parser.parse_args()
    walk = walk_first if options.which == "first" else walk_again
    try:
        for line in walk(Visitor(options.site), options.notes):
            print(f"walk: {line}")
    except AssertionError as error:
        sys.exit(f"walk: {error}")


if __name__ == "__main__":
    main()
