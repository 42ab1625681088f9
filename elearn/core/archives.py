"""A backup as a file: a tar archive whose every file is proved by SHA256SUMS, and unpacked with no trust in it.

Members in this order: `manifest.json`, the files, and last `SHA256SUMS`, as the program sha256sum writes it, so that
`sha256sum -c SHA256SUMS` checks an archive that somebody unpacked by hand. Everything streams: an archive may be much
larger than memory.
"""

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

SUMS = "SHA256SUMS"
CHUNK = 1 << 20
# What only describes a member (a long name, a time) is read into memory, so it has an upper bound.
LONGEST_HEADER = 1 << 16
SPARE_ROOM = 1 << 26  # bytes that unpacking leaves free on the disk


class Damaged(Exception):
    """The archive is not whole, or not one of ours; the message says what is wrong with it."""


def pack(out: IO[bytes], files: Iterable[tuple[str, Path]]) -> int:
    """Write the files, each under its name; answer how many. One that vanished in the meantime is left out."""
    sums: list[str] = []
    with (
        gzip.GzipFile("", "wb", compresslevel=4, fileobj=out) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, path in files:
            if "\n" in name or "\\" in name:
                raise Damaged(f"the file {name!r} has a name that cannot be written to a list")
            try:
                content = path.open("rb")
            except FileNotFoundError:
                continue
            with content:
                reader = _Hashing(content)
                archive.addfile(_described(name, os.fstat(content.fileno())), reader)  # type: ignore[arg-type]
            archive.members.clear()  # type: ignore[attr-defined]  # Python keeps them all in memory for a question that is never asked.
            sums.append(f"{reader.digest.hexdigest()}  {name}\n")
        listed = "".join(sums).encode(errors="surrogateescape")
        archive.addfile(_described(SUMS, None, size=len(listed)), io.BytesIO(listed))
    return len(sums)


def unpack(source: Path, folder: Path, *, is_expected: Callable[[str], bool], look: Callable[[str], None]) -> list[str]:
    """Unpack into an empty folder and answer the names. `look(name)` is called after each and may refuse the rest.

    Only plain files are written, only those that are expected, and only while the disk has room.
    Refusals: Damaged; OSError when the archive or the folder cannot be read or written.
    """
    found: dict[str, str] = {}
    listed: dict[str, str] | None = None
    try:
        with gzip.open(source) as plain, tarfile.open(fileobj=plain, mode="r|", tarinfo=_Member) as archive:
            for member, content in _members(archive):
                if listed is not None or member.name in found:
                    raise Damaged(f"{member.name} stands where it must not")
                if member.name != SUMS and not is_expected(member.name):
                    raise Damaged(f"it holds {member.name!r}, which no backup of this site has")
                digest = _write(content, member.size, folder / member.name)
                os.utime(folder / member.name, (member.mtime, member.mtime))
                if member.name == SUMS:
                    listed = _read_sums(folder / SUMS)
                else:
                    found[member.name] = digest
                    look(member.name)
            while plain.read(CHUNK):  # To the end, where gzip has a checksum of its own.
                pass
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise Damaged(f"it cannot be read to its end ({error})") from None
    if listed is None:
        raise Damaged("its end is missing")
    wrong = sorted(name for name in found.keys() | listed.keys() if found.get(name) != listed.get(name))
    if wrong:
        raise Damaged(f"{wrong[0]} is missing or not as it was written")
    return list(found)


class _Hashing:
    """A file that is read once, by the archive, and hashed on the way."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.content.read(size)
        self.digest.update(data)
        return data


class _Member(tarfile.TarInfo):
    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> "_Member":
        """Look at a header before Python acts on it: links and devices, and a description as large as the memory."""
        member = super().frombuf(buf, encoding, errors)  # type: ignore[arg-type]
        if member.type == tarfile.XHDTYPE:
            if member.size > LONGEST_HEADER:
                raise Damaged("the description of a file in it is too long")
        elif member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            raise Damaged(f"it holds {member.name!r}, which is not a plain file")
        return member


def _members(archive: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    while (member := archive.next()) is not None:
        content = archive.extractfile(member)
        if content is None or member.issparse():
            raise Damaged(f"it holds {member.name!r}, which is not a plain file")
        yield member, content
        archive.members.clear()  # type: ignore[attr-defined]


def _write(content: IO[bytes], size: int, target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    if size > shutil.disk_usage(target.parent).free - SPARE_ROOM:
        raise Damaged(f"{target.name} would take {size} bytes, and the disk has no room for it")
    digest, left = hashlib.sha256(), size
    with target.open("xb") as out:
        while left and (data := content.read(min(CHUNK, left))):
            digest.update(data)
            out.write(data)
            left -= len(data)
    if left:
        raise Damaged(f"{target.name} is cut off")
    return digest.hexdigest()


def _read_sums(file: Path) -> dict[str, str]:
    sums = {}
    with file.open(errors="surrogateescape", newline="\n") as lines:
        for line in lines:
            digest, _space, name = line.rstrip("\n").partition("  ")
            sums[name] = digest
    return sums


def _described(name: str, facts: os.stat_result | None, size: int = 0) -> tarfile.TarInfo:
    """What the archive says of a file: its size and time. Owner and mode are the business of where it comes back."""
    member = tarfile.TarInfo(name)
    member.size = facts.st_size if facts else size
    member.mtime = int(facts.st_mtime) if facts else 0
    member.mode = 0o600
    return member
