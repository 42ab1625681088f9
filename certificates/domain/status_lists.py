"""The published lists of revoked certificates (W3C Bitstring Status List 1.0)."""

import secrets

from certificates.models import Certificate

STATUS_LIST_SIZE = 131_072  # entries: the least that W3C Bitstring Status List 1.0 allows, for herd privacy


def free_index() -> int:
    """A random place in the status lists that no certificate has. A second list begins when the first is half full."""
    count = Certificate.objects.count()
    lists = 1 + count // (STATUS_LIST_SIZE // 2)
    while True:
        index = secrets.randbelow(STATUS_LIST_SIZE * lists)
        if not Certificate.objects.filter(status_index=index).exists():
            return index


def changed(status_index: int) -> None:
    """Ask for the list that holds this index to be signed again, in the transaction that is open."""
