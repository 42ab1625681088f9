"""Archives that are damaged, hostile or not ours: nothing of them is written, and the place stays empty."""

import gzip
import io
import tarfile

import pytest

from elearn.core import backups
from elearn.core.backups import BackupRefused
from tests.core.places import Ground, assert_untouched, manifest, written_by_hand


def test_restore_of_an_archive_with_one_wrong_byte_is_refused(ground: Ground) -> None:
    whole = ground.whole.read_bytes()
    damaged = ground.safe / "damaged.tar.gz"
    # Not in the first ten bytes: gzip keeps a time and a system there, which say nothing of the content.
    for position in (10, len(whole) // 3, len(whole) // 2, len(whole) - 300, len(whole) - 6):
        damaged.write_bytes(whole[:position] + bytes([whole[position] ^ 0x20]) + whole[position + 1 :])
        with pytest.raises(BackupRefused, match="is damaged or no backup of this site"):
            backups.restore(damaged, ground.empty)
        assert_untouched(ground.empty)


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.999])
def test_restore_of_half_an_archive_is_refused(ground: Ground, part: float) -> None:
    whole = ground.whole.read_bytes()
    damaged = ground.safe / "damaged.tar.gz"
    damaged.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(BackupRefused, match="is damaged or no backup of this site"):
        backups.restore(damaged, ground.empty)
    assert_untouched(ground.empty)


def test_restore_of_a_file_that_is_no_archive_or_not_there_says_so(ground: Ground) -> None:
    diary = ground.safe / "diary.txt"
    diary.write_text("Dear diary")
    with pytest.raises(BackupRefused, match=r"diary\.txt is damaged or no backup of this site"):
        backups.restore(diary, ground.empty)
    with pytest.raises(BackupRefused, match="nothing-here: No such file or directory"):
        backups.restore(ground.safe / "nothing-here", ground.empty)
    assert_untouched(ground.empty)


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "media/../../outside",
        "/tmp/elearn-outside",
        "media/./x",
        "media//x",
        "db.sqlite3",
        "static/evil.js",
        "media",
        "manifest.json/x",
    ],
)
def test_restore_writes_nothing_outside_its_folders(ground: Ground, name: str) -> None:
    evil = written_by_hand(ground.safe / "evil", [(backups.MANIFEST, manifest(ground)), (name, b"evil")])
    with pytest.raises(BackupRefused, match="which no backup of this site has"):
        backups.restore(evil, ground.empty)
    assert_untouched(ground.empty)
    assert not (ground.empty.state.parent / "outside").exists()


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_restore_makes_no_links_and_no_devices(ground: Ground, kind: bytes) -> None:
    evil = ground.safe / "evil"
    with tarfile.open(evil, "w:gz") as archive:
        member = tarfile.TarInfo(backups.MANIFEST)
        member.size = len(manifest(ground))
        archive.addfile(member, io.BytesIO(manifest(ground)))
        link = tarfile.TarInfo("media/passwd")
        link.type, link.linkname = kind, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(BackupRefused, match="is not a plain file"):
        backups.restore(evil, ground.empty)
    assert_untouched(ground.empty)


def test_restore_of_a_file_larger_than_the_disk_is_refused_before_it_is_written(ground: Ground) -> None:
    member = tarfile.TarInfo("media/huge")
    member.size = 1 << 60
    evil = ground.safe / "evil"
    first = tarfile.TarInfo(backups.MANIFEST)
    first.size = len(manifest(ground))
    with gzip.open(evil, "wb") as out:
        out.write(first.tobuf() + manifest(ground).ljust(-(-first.size // 512) * 512, b"\0"))
        out.write(member.tobuf() + bytes(1 << 20))
    with pytest.raises(BackupRefused, match="the disk has no room for it"):
        backups.restore(evil, ground.empty)
    assert_untouched(ground.empty)


def test_restore_reads_no_description_as_large_as_the_memory(ground: Ground) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 1 << 33
    evil = ground.safe / "evil"
    with gzip.open(evil, "wb") as out:
        out.write(header.tobuf(format=tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(BackupRefused, match="the description of a file in it is too long"):
        backups.restore(evil, ground.empty)
    assert_untouched(ground.empty)


@pytest.mark.parametrize("sums", [True, False])
def test_restore_wants_a_database_and_the_sums(ground: Ground, sums: bool) -> None:
    evil = written_by_hand(ground.safe / "evil", [(backups.MANIFEST, manifest(ground))], sums=sums)
    with pytest.raises(BackupRefused, match="it holds no database" if sums else "its end is missing"):
        backups.restore(evil, ground.empty)
    assert_untouched(ground.empty)


def test_restore_wants_the_manifest_first_and_each_file_once(ground: Ground) -> None:
    late = written_by_hand(ground.safe / "late", [("keys/a", b"a"), (backups.MANIFEST, manifest(ground))])
    with pytest.raises(BackupRefused, match="does not come first"):
        backups.restore(late, ground.empty)
    first = (backups.MANIFEST, manifest(ground))
    twice = written_by_hand(ground.safe / "twice", [first, ("keys/a", b"a"), ("keys/a", b"b")])
    with pytest.raises(BackupRefused, match="stands where it must not"):
        backups.restore(twice, ground.empty)
    assert_untouched(ground.empty)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 2}, "This backup has format 2; this version reads format 1."),
        ({"database": "oracle"}, "This backup is of oracle and the site is set to"),
        ({"migrations": ["core.0001_initial", "core.9999_from_the_future"]}, r"newer version \(core.9999_from_the_fut"),
        ({"migrations": ["certificates.0009_from_the_future"]}, r"newer version \(certificates.0009_from"),
    ],
)
def test_restore_of_another_kind_or_a_newer_version_is_refused(
    ground: Ground, changes: dict[str, object], message: str
) -> None:
    other = written_by_hand(ground.safe / "other", [(backups.MANIFEST, manifest(ground, **changes))])
    with pytest.raises(BackupRefused, match=message):
        backups.restore(other, ground.empty)
    assert_untouched(ground.empty)


@pytest.mark.parametrize("content", [b"{}", b"[]", b"not json", b"\xff\xff"])
def test_restore_of_a_manifest_that_says_nothing_is_refused(ground: Ground, content: bytes) -> None:
    other = written_by_hand(ground.safe / "other", [(backups.MANIFEST, content)])
    with pytest.raises(BackupRefused, match="cannot be understood"):
        backups.restore(other, ground.empty)
    assert_untouched(ground.empty)
