"""Logs that a machine can read and that tell nothing about people.

One JSON object a line, with the request that it belongs to. What a library, an address or an error message says of a
person is blotted out before it is written. What no pattern knows is a name in free text: code of ours never logs one.
"""

import contextvars
import ipaddress
import json
import logging
import re
from datetime import UTC, datetime

# The request that this thread answers; elearn.core.middleware.RequestLog sets it.
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

BLOT = "[removed]"
# In this order: an address of the web keeps its host, which an operator needs, and loses name, password and path.
LINK = re.compile(r"\b([a-z][a-z0-9+.-]*://)(?:[^\s/@'\"<>]*@)?([^\s/?#'\"<>@]*)(?:[/?#][^\s'\"<>]*)?", re.IGNORECASE)
EMAIL = re.compile(r"[^\s@<>()\[\]{}\"',;:=][^\s@<>()\[\]{}\",;:=]*(?:@|%40)[\w-]+(?:\.[\w-]+)*")
SECRET = re.compile(
    r"\b((?:password|passwd|token|secret|sessionid|csrftoken|authorization|cookie)[\"']?\s*[=:]\s*|(?:code|key|next)=)"
    r"(?:Bearer\s+)?[^\s&;,}]+",
    re.IGNORECASE,
)
NETWORK = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|(?<![\w.:])[0-9a-f]{0,4}:[0-9a-f:]*:[0-9a-f.:]*(?!\w)", re.IGNORECASE
)
# PostgreSQL repeats the row, or what was typed, on the lines below its message and sometimes at the end of it.
ROW = re.compile(r"^\s*(DETAIL|CONTEXT|LINE \d+|WHERE|PARAMETERS):.*(?:\n[ \t]*\^[ \t]*$)?", re.MULTILINE)
TYPED = re.compile(r"((?:invalid input|out of range)[^\n\"]*:) \"[^\n]*")


def without_people(text: str) -> str:
    """The text without e-mail and network addresses, paths of the web, secrets and what databases repeat of a row."""
    text = ROW.sub(rf"\1: {BLOT}", text)
    text = TYPED.sub(rf"\1 {BLOT}", text)
    text = LINK.sub(r"\1\2/...", text)
    text = SECRET.sub(rf"\1{BLOT}", text)
    return NETWORK.sub(_without_network, EMAIL.sub(BLOT, text))


class LineFormatter(logging.Formatter):
    """For somebody who reads along on a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = _message(record)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return without_people(super().format(record))


class JsonFormatter(logging.Formatter):
    """`extra={"facts": {...}}` of a log call becomes keys of the object; they must not speak of people."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_people(_message(record)),
        }
        # Django's line about a 404 comes after the middleware that named the request has ended.
        if name := request_id.get() or getattr(getattr(record, "request", None), "log_name", ""):
            entry["request"] = name
        entry.update(getattr(record, "facts", {}))
        if record.exc_info:
            entry["error"] = without_people(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """What the record says; where Django names the address that was asked for, the route stands instead."""
    message = record.getMessage()
    request = getattr(record, "request", None)
    path = getattr(request, "path", "")
    if len(path) > 1:
        message = message.replace(path, route_of(request))
    return message


def route_of(request: object) -> str:
    """The name of what answers a request, which is the same for everybody; "none" where nothing does."""
    match = getattr(request, "resolver_match", None)
    return str(match.view_name or match.route) if match else "none"


def _without_network(match: re.Match[str]) -> str:
    try:
        address = ipaddress.ip_address(match.group())
    except ValueError:  # A time of day, a version.
        return match.group()
    return match.group() if address.is_loopback or address.is_unspecified else BLOT
