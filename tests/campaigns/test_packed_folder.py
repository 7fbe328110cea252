"""A folder packed as .zip: what comes out is what went in, and a file that was made to do harm is refused."""

import io
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from outreach.campaigns import packed_folder
from outreach.campaigns.folder import read_folder
from outreach.errors import Invalid
from outreach.paths import PACKAGE
from tests.questionnaires.drawings import png

pytestmark = pytest.mark.usefixtures("english")

SAMPLE = PACKAGE / "campaigns" / "sample"


def packed(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def test_the_sample_is_read_back_from_its_zip(tmp_path: Path) -> None:
    folder = read_folder(packed_folder.unpack(packed_folder.pack(SAMPLE), tmp_path))
    straight = read_folder(SAMPLE)
    assert folder.texts == straight.texts
    assert {key: file.read() for key, file in folder.files.items()} == {
        key: file.read() for key, file in straight.files.items()
    }
    assert folder.questionnaire and straight.questionnaire
    assert folder.questionnaire.read() == straight.questionnaire.read()


def test_a_folder_without_a_name_around_it_is_taken_too(tmp_path: Path) -> None:
    packed_folder.unpack(packed(("campaign.toml", b"x = 1"), ("texts/en.md", b"text")), tmp_path)
    assert (tmp_path / "campaign.toml").read_bytes() == b"x = 1"
    assert (tmp_path / "texts" / "en.md").read_bytes() == b"text"


def test_what_no_such_folder_has_is_passed_over(tmp_path: Path) -> None:
    packed_folder.unpack(
        packed(
            ("KH/campaign.toml", b"x = 1"),
            ("KH/.DS_Store", b"x"),
            ("__MACOSX/KH/._campaign.toml", b"x"),
            ("KH/notes.exe", b"x"),
            ("KH/a/b/c/d/e.pdf", b"x"),
            ("other.md", b"x"),
        ),
        tmp_path,
    )
    assert [path.name for path in tmp_path.rglob("*")] == ["campaign.toml"]


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    "name",
    ["../campaign.toml", "/etc/campaign.toml", "a/../../x.pdf", "a\\..\\x.pdf", link("files/x.pdf")],
    ids=str,
)
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str | zipfile.ZipInfo, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(Invalid, match="leads out"):
        packed_folder.unpack(packed(("campaign.toml", b""), (name, b"/etc/passwd")), inside)
    assert [path.name for path in tmp_path.rglob("*")] == ["inside"]


def test_of_two_files_of_one_name_one_is_taken(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = packed(("a/campaign.toml", b"x"), ("a/texts/en.md", b"1"), ("a/texts/en.md", b"2"))
    packed_folder.unpack(content, tmp_path)
    assert len(list(tmp_path.rglob("*.md"))) == 1


def damaged() -> bytes:
    content = bytearray(packed(("campaign.toml", b"words and words" * 40), method=zipfile.ZIP_DEFLATED))
    content[45:55] = b"\xff" * 10
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip", packed(("campaign.toml", b"x" * 90))[:70], packed(("texts/en.md", b"x")), damaged()],
    ids=["empty", "no zip", "cut off", "without settings", "damaged"],
)
def test_what_is_no_packed_folder_is_refused_at_its_field(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        packed_folder.unpack(content, tmp_path)
    assert refused.value.field == "folder"


def test_two_campaigns_in_one_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="several"):
        packed_folder.unpack(packed(("a/campaign.toml", b""), ("b/campaign.toml", b"")), tmp_path)


def test_a_file_that_unpacks_to_too_much_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_folder, "MOST_UNPACKED", 10)
    with pytest.raises(Invalid, match="far more"):
        packed_folder.unpack(packed(("campaign.toml", b"x" * 11)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_a_password_is_refused(tmp_path: Path) -> None:
    content = bytearray(packed(("campaign.toml", b"x")))
    # The flag of encryption, in the file's own header and in the list at the end.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Invalid, match="password"):
        packed_folder.unpack(bytes(content), tmp_path)


@pytest.mark.usefixtures("settings")
def test_the_pictures_of_a_questionnaire_come_from_media_beside_it(tmp_path: Path) -> None:
    whole = Path(shutil.copytree(SAMPLE, tmp_path / "whole"))
    (whole / "media").mkdir()
    (whole / "media" / "tree.png").write_bytes(png())
    (whole / "media" / "bad.gif").write_bytes(b"no picture")
    (whole / "elsewhere.png").write_bytes(png())
    (tmp_path / "secret.png").write_bytes(png())
    (whole / "media" / "out.png").symlink_to(tmp_path / "secret.png")
    for folder in (whole, packed_folder.unpack(packed_folder.pack(whole), tmp_path / "unpacked")):
        read = read_folder(folder)
        assert "tree.png" in read.pictures.kept and "bad.gif" in read.pictures.refused[0]
    assert not (tmp_path / "unpacked" / "elsewhere.png").exists()
    assert list(read_folder(whole).pictures.kept) == ["tree.png"]
