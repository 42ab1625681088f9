"""Asking another site whether an address works: politely, and never on a private network.

The name is resolved once, every address it has must be public, and the connection goes to the address that was looked
at: a name that changes its answer in between, or a redirect, leads nowhere else. Nothing of an answer is read but its
first lines. No proxy of the environment is used.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from courses.enums import LinkOutcome

TIMEOUT = 10  # seconds for connecting, and for every wait on the line
DEADLINE = 20  # seconds for one request as a whole
MOST_REDIRECTS = 5
MOST_TRIED = 2  # addresses of one host
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
# Sites that keep programs out answer so, and to a reader the page may open.
SHY = {401, 402, 403, 406, 407, 418, 425, 429, 451, 503, 999}


@dataclass(frozen=True)
class Answer:
    outcome: LinkOutcome
    status: int | None = None


class NotPublic(Exception):
    """The name, or one of its addresses, is not on the public network."""


def normal_address(address: str) -> str:
    """The form in which an address is asked for and remembered: ASCII, no fragment, host in lower case; else ''."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    host = f"[{host}]" if ":" in host else host
    path, query = iri_to_uri(parts.path) or "/", iri_to_uri(parts.query)
    return SplitResult(parts.scheme.lower(), host + port, path, query, "").geturl()


def ask(address: str, *, trusted: Collection[str] = ()) -> Answer:
    """What comes of asking for an address: HEAD, and GET where HEAD is not understood.

    `trusted` are hosts for which the rule about private networks is lifted: for tests, which serve on this computer.
    """
    answer = _follow("HEAD", address, trusted)
    # Some servers know no HEAD, or answer it otherwise than GET.
    if answer.outcome in (LinkOutcome.MISSING, LinkOutcome.ERROR, LinkOutcome.DOUBTFUL):
        answer = _follow("GET", address, trusted)
    return answer


def _follow(method: str, address: str, trusted: Collection[str]) -> Answer:
    for _step in range(MOST_REDIRECTS + 1):
        try:
            status, location = _request(method, address, trusted)
        except NotPublic:
            return Answer(LinkOutcome.PRIVATE)
        except ssl.SSLError:
            return Answer(LinkOutcome.INSECURE)
        except (OSError, http.client.HTTPException, UnicodeError, ValueError):
            return Answer(LinkOutcome.UNREACHABLE)
        if status not in REDIRECTS or not location:
            return Answer(_meaning(status), status)
        address = normal_address(urljoin(address, location))
        if not address:
            return Answer(LinkOutcome.ERROR, status)
    return Answer(LinkOutcome.LOOPS, status)


def _meaning(status: int) -> LinkOutcome:
    if 200 <= status < 400:
        return LinkOutcome.WORKS
    if status in GONE:
        return LinkOutcome.MISSING
    return LinkOutcome.DOUBTFUL if status in SHY else LinkOutcome.ERROR


def _request(method: str, address: str, trusted: Collection[str]) -> tuple[int, str]:
    """Status and redirection of one request. Raises NotPublic, OSError or HTTPException."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = _Pinned(host, port, _public_addresses(host, port, trusted), secure)
    with contextlib.closing(connection), _deadline(connection):
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path or "/", headers={"User-Agent": _user_agent(), "Accept": "*/*"})
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")


def _public_addresses(host: str, port: int, trusted: Collection[str]) -> list[str]:
    """The addresses to try for a host, when all it has are public: a name with both kinds is not trusted."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not (host in trusted or all(is_public(address) for address in found)):
        raise NotPublic(host)
    return sorted(found, key=lambda address: ":" in address)[:MOST_TRIED]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network. An IPv4 address inside an IPv6 one is judged itself."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or _translated(ip)
        if inside is not None:
            ip = inside
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _translated(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a NAT64 gateway would be sent to (RFC 6052), also in its compatible form (RFC 4291)."""
    prefixes = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if any(ip in prefix for prefix in prefixes) else None


class _Pinned(http.client.HTTPConnection):
    """A connection to given IP addresses that speaks to, and for HTTPS insists on, the name they were looked up for."""

    def __init__(self, host: str, port: int, targets: list[str], secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self.default_port = 443 if secure else 80  # Left out of the Host header.
        self.targets = targets
        self.context = ssl.create_default_context() if secure else None

    def connect(self) -> None:
        for place, target in enumerate(self.targets, start=1):
            try:
                self.sock = socket.create_connection((target, self.port), self.timeout)
                break
            except OSError:
                if place == len(self.targets):
                    raise
        if self.context is not None:
            self.sock = self.context.wrap_socket(self.sock, server_hostname=self.host)


@contextlib.contextmanager
def _deadline(connection: http.client.HTTPConnection) -> Iterator[None]:
    """Hang up on a server that sends a byte now and then, so that no single wait is ever too long."""

    def hang_up() -> None:
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(DEADLINE, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _user_agent() -> str:
    name = settings.SITE_NAME.encode("ascii", "ignore").decode().strip() or "Elearn"
    return f"{name} link check (+{settings.SITE_URL})"
