"""Asking other sites: a server on this computer answers, and the rule about private networks is lifted for it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from courses.domain.link_client import Answer, ask, is_public, normal_address
from courses.enums import LinkOutcome


class Site(BaseHTTPRequestHandler):
    """What each path answers. `asked` keeps what was asked for."""

    asked: list[tuple[str, str, str]] = []

    def do_HEAD(self) -> None:
        self.answer("HEAD")

    def do_GET(self) -> None:
        self.answer("GET")

    def answer(self, method: str) -> None:
        Site.asked.append((method, self.path, self.headers.get("User-Agent", "")))
        name = self.path.strip("/").partition("?")[0]
        if name == "no-head":
            return self.say(405 if method == "HEAD" else 200)
        if name == "to-fine":
            return self.say(301, "/fine")
        if name == "round":
            return self.say(302, "/round")
        if name == "to-localhost":
            return self.say(301, f"http://localhost:{self.server.server_address[1]}/fine")
        if name == "to-file":
            return self.say(302, "file:///etc/passwd")
        if name == "silent":
            self.close_connection = True
            return None
        return self.say(int(name) if name.isdecimal() else 200)

    def say(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def nothing_asked_yet() -> None:
    Site.asked = []


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/fine?a=1", Answer(LinkOutcome.WORKS, 200)),
        ("/no-head", Answer(LinkOutcome.WORKS, 200)),
        ("/to-fine", Answer(LinkOutcome.WORKS, 200)),
        ("/404", Answer(LinkOutcome.MISSING, 404)),
        ("/410", Answer(LinkOutcome.MISSING, 410)),
        ("/403", Answer(LinkOutcome.DOUBTFUL, 403)),
        ("/429", Answer(LinkOutcome.DOUBTFUL, 429)),
        ("/500", Answer(LinkOutcome.ERROR, 500)),
        ("/round", Answer(LinkOutcome.LOOPS, 302)),
        ("/to-file", Answer(LinkOutcome.ERROR, 302)),
        ("/silent", Answer(LinkOutcome.UNREACHABLE)),
    ],
)
def test_answer_is_understood(site: str, path: str, answer: Answer) -> None:
    assert ask(site + path, trusted=["127.0.0.1"]) == answer


def test_site_that_works_is_asked_once_by_head_and_told_who_asks(site: str, settings) -> None:
    settings.SITE_NAME, settings.SITE_URL = "Learning ü", "https://learn.example.org"
    ask(f"{site}/fine", trusted=["127.0.0.1"])
    assert Site.asked == [("HEAD", "/fine", "Learning link check (+https://learn.example.org)")]


def test_secure_address_needs_a_valid_certificate(site: str) -> None:
    assert ask(site.replace("http:", "https:"), trusted=["127.0.0.1"]) == Answer(LinkOutcome.INSECURE)


def test_closed_port_is_unreachable() -> None:
    assert ask("http://127.0.0.1:9/", trusted=["127.0.0.1"]) == Answer(LinkOutcome.UNREACHABLE)


def test_address_on_a_private_network_is_never_asked(site: str) -> None:
    port = site.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"):
        assert ask(f"http://{host}:{port}/fine") == Answer(LinkOutcome.PRIVATE), host
    assert Site.asked == []


def test_redirect_into_a_private_network_is_not_followed(site: str) -> None:
    assert ask(f"{site}/to-localhost", trusted=["127.0.0.1"]) == Answer(LinkOutcome.PRIVATE)
    assert [path for _method, path, _agent in Site.asked] == ["/to-localhost"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:db8::1", False),
    ],
)
def test_public_address_is_told_from_others(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("https://example.org/a?b=c d#e", "https://example.org/a?b=c%20d"),
        ("https://example.org/é%20x", "https://example.org/%C3%A9%20x"),
        ("http://bücher.example:8080/", "http://xn--bcher-kva.example:8080/"),
        ("http://name:secret@example.org/", "http://example.org/"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("mailto:a@example.org", ""),
        ("ftp://example.org/", ""),
        ("https://", ""),
        ("http://[broken", ""),
        ("http://example.org:99999/", ""),
        ("http://a..b/", ""),
    ],
)
def test_address_is_put_into_one_form(address: str, normal: str) -> None:
    assert normal_address(address) == normal
