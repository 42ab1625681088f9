import io
import stat
import zipfile
from pathlib import Path

import pytest

from courses.domain.packages import source
from courses.domain.packages.problems import PackageRefused, Problems
from courses.domain.packages.source import open_source
from tests.courses.domain.packages.conftest import PackageFolder, problems_of


def zip_of(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def test_open_source_folder_and_zip_have_the_same_files(package: PackageFolder) -> None:
    folder, packed = open_source(package.path), open_source(package.zip)

    assert sorted(folder.files) == sorted(packed.files) == sorted(package.files)
    assert {name: file.read() for name, file in folder.files.items()} == {
        name: file.read() for name, file in packed.files.items()
    }


def test_open_source_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused) as refused:
        open_source(tmp_path / "nothing")

    assert problems_of(refused) == [f"{tmp_path}/nothing: There is no such folder or zip file."]


def test_open_source_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "course.zip"
    path.write_bytes(b"PK\x03\x04 not really")

    with pytest.raises(PackageRefused) as refused:
        open_source(path)

    assert problems_of(refused) == ["course.zip: This is neither a folder nor a readable zip file."]


def test_open_source_symbolic_links_are_refused(package: PackageFolder, tmp_path: Path) -> None:
    folder = package.path
    (folder / "media" / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "fr").symlink_to("/etc")

    with pytest.raises(PackageRefused) as refused:
        open_source(folder)

    assert problems_of(refused) == [
        "fr: This is a link or a special file. Put a plain file in its place.",
        "media/passwd.txt: This is a link or a special file. Put a plain file in its place.",
    ]


@pytest.mark.parametrize(
    "name",
    ["../course.yaml", "/etc/passwd", "en/../../x.md", "C:\\x.md", "en\\course.md", "en//x.md", "./x.md", "en/.hidden"],
)
def test_open_source_zip_member_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = zip_of(tmp_path / "p.zip", ("course.yaml", b"x"), (name, b"x"))

    with pytest.raises(PackageRefused) as refused:
        open_source(path)

    assert [problem.message for problem in refused.value.problems] == [
        "This name is not allowed. Use letters without accents, digits, dots, hyphens and underscores."
    ]


def test_open_source_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("media/link.txt")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zip_of(tmp_path / "p.zip", ("course.yaml", b"x"), (link, b"/etc/passwd"))

    with pytest.raises(PackageRefused) as refused:
        open_source(path)

    assert problems_of(refused) == ["media/link.txt: This is a link or a special file. Put a plain file in its place."]


def test_open_source_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "p.zip", ("course.yaml", b"x"), ("media/big.txt", b"0" * (2 * source.RATIO_COUNTS_FROM)))

    with pytest.raises(PackageRefused) as refused:
        open_source(path)

    assert problems_of(refused) == [
        "media/big.txt: The file is packed too tightly to be trusted. Pack the package again."
    ]


def test_open_source_zip_whose_sizes_lie_is_refused_when_read(tmp_path: Path) -> None:
    data = bytes(range(256)) * 100
    path = zip_of(tmp_path / "p.zip", ("media/a.txt", data))
    raw = path.read_bytes()
    # The size in the central directory and in the header of the member: fewer bytes than there are.
    path.write_bytes(raw.replace(len(data).to_bytes(4, "little"), (10).to_bytes(4, "little")))

    opened = open_source(path)
    with pytest.raises(PackageRefused) as refused:
        opened.files["a.txt" if "a.txt" in opened.files else "media/a.txt"].read()

    assert problems_of(refused) == ["media/a.txt: The file is damaged in the zip. Pack the package again."]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_open_source_zip_with_a_name_twice_is_refused(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "p.zip", ("course.yaml", b"x"), ("course.yaml", b"y"))

    with pytest.raises(PackageRefused) as refused:
        open_source(path)

    assert problems_of(refused) == ["course.yaml: The zip holds two files with this name."]


def test_open_source_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MEMBERS", 2)
    path = zip_of(tmp_path / "p.zip", *((f"media/{number}.txt", b"x") for number in range(9)))

    with pytest.raises(PackageRefused) as refused:
        open_source(path)

    assert problems_of(refused) == ["media/2.txt: The package has more than 2 files."]


def test_open_source_too_much_in_all_is_refused(package: PackageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = package.path
    monkeypatch.setattr(source, "TOTAL_BYTES", 100)

    with pytest.raises(PackageRefused) as refused:
        open_source(folder)

    assert "course.yaml: With this file the package is larger than 500 MB." in problems_of(refused)


def test_open_source_ignores_what_computers_leave_behind(package: PackageFolder) -> None:
    package.files["media/.DS_Store"] = b"\x00"
    package.files["__MACOSX/media/x"] = b"\x00"

    assert sorted(open_source(package.path).files) == sorted(open_source(package.path).files)
    assert "media/.DS_Store" not in open_source(package.path).files
    assert "__MACOSX/media/x" not in open_source(package.path).files


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"a\nb\xff\n", "x.md:2: This is not UTF-8. Save the file as UTF-8."),
        (
            b"\xef\xbb\xbfa\n",
            "x.md:1: The file begins with a byte order mark. Save it as UTF-8 without one.",
        ),
        (b"a\n\nb\x00\n", "x.md:3: There is a control character (U+0000). Take it out."),
        (b"a\x1b[31m\n", "x.md:1: There is a control character (U+001B). Take it out."),
        (b"a" * 600_000, "x.md: The file is larger than 256 KB. Divide it."),
    ],
)
def test_text_that_is_no_plain_text_is_a_problem(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "x.md").write_bytes(data)
    problems = Problems()

    assert open_source(tmp_path).text("x.md", problems) is None
    assert [str(found) for found in problems.found] == [problem]


def test_text_line_ends_of_windows_are_made_plain(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"a\r\nb\r\n")

    assert open_source(tmp_path).text("x.md", Problems()) == "a\nb\n"


def test_open_gives_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"abc")

    opened = open_source(tmp_path).files["x.md"].open()

    assert isinstance(opened, io.BytesIO)
    assert opened.read() == b"abc"
