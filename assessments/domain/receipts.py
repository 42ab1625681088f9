"""A receipt: what was saved when an attempt was submitted, as one number that nobody can make fit another answer."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.utils import timezone

from assessments.models import Attempt, Response

# So much of the number is printed and typed: 80 bits, in groups of four.
CODE_LENGTH, GROUP = 20, 4


class Proof(Enum):
    """What a receipt says by now."""

    MATCHES = "matches"
    DELETED = "deleted"
    ERASED = "erased"
    CHANGED = "changed"
    NONE = "none"


@dataclass(frozen=True)
class Receipt:
    """When an attempt was submitted, with how many answers, and whether what is stored still gives the same number."""

    submitted_at: datetime | None
    answers: int
    seal: str
    proof: Proof

    @property
    def code(self) -> str:
        """What the learner shows, and others type."""
        short = self.seal[:CODE_LENGTH].upper()
        return "-".join(short[start : start + GROUP] for start in range(0, len(short), GROUP))


def seal(attempt: Attempt, standing: Iterable[Response]) -> str:
    """SHA-256, in hexadecimal, of the attempt, the moment it was submitted, and the answers that stood then."""
    text = json.dumps(_sealed(attempt, standing), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _sealed(attempt: Attempt, standing: Iterable[Response]) -> dict[str, Any]:
    rows = sorted(standing, key=lambda response: response.question_key)
    return {
        "attempt": str(attempt.public_id),
        "submitted_at": attempt.submitted_at.isoformat() if attempt.submitted_at else None,
        "answers": [[row.question_key, row.sequence, row.answer] for row in rows],
    }


def check(attempt: Attempt) -> Receipt:
    """Compute the number anew from the rows that are stored now. Two queries at most.

    Answers that were deleted because their time was over, or with the account, cannot give it any more; that is said,
    and is no proof of a change. Any other difference is one.
    """
    # Imported here: attempts seals with this module.
    from assessments.domain.attempts import standing_answers

    standing = standing_answers(attempt.responses.all())
    answers = sum(response.answer is not None for response in standing.values())
    return Receipt(attempt.submitted_at, answers, attempt.receipt, _proof(attempt, standing.values()))


def _proof(attempt: Attempt, standing: Iterable[Response]) -> Proof:
    standing = list(standing)
    if not attempt.receipt:
        return Proof.NONE
    if seal(attempt, standing) == attempt.receipt:
        return Proof.MATCHES
    if attempt.enrolment.person.erased_at is not None:
        return Proof.ERASED
    days = settings.RETENTION_DAYS["answers"]
    is_old = attempt.submitted_at is not None and timezone.now() - attempt.submitted_at > timedelta(days=days)
    return Proof.DELETED if days and is_old and not standing else Proof.CHANGED


def read_code(typed: str) -> str:
    """The beginning of the number, from what somebody typed or scanned. Raises ValueError when it cannot be one."""
    plain = re.sub(r"[\s\-–]", "", typed).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{CODE_LENGTH},64}}", plain):
        raise ValueError("This is no code of a receipt.")
    return plain
