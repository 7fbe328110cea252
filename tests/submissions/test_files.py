"""Files: what they are is found from their content, names can do no harm, versions keep what they had."""

import io
import struct
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from sqlalchemy.orm import Session

from outreach import file_types
from outreach.errors import Invalid, Missing, Refused
from outreach.office_files import OLE
from outreach.storage import Storage
from outreach.submissions import files, queries, service
from outreach.submissions.models import Publication
from tests import clamd
from tests.factories import PDF
from tests.questionnaires.workbooks import END, GROUP, PLAN, workbook
from tests.submissions.answering import ACTOR, NOBODY, drafted, submitted, world

pytestmark = pytest.mark.usefixtures("english")


def packed(*names: str, mimetype: str | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (PDF, file_types.PDF),
        (b"\x89PNG\r\n\x1a\n123", file_types.PNG),
        (b"\xff\xd8\xff\xe0", file_types.JPEG),
        (packed("[Content_Types].xml", "word/document.xml"), file_types.DOCX),
        (workbook([GROUP, PLAN, END]), file_types.XLSX),
        (packed("content.xml", mimetype=file_types.ODT), file_types.ODT),
        ("Ответ министерства".encode(), file_types.TEXT),
        ("Ответ".encode("utf-16"), file_types.TEXT),
        (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (packed("anything"), None),
        (b"PK\x03\x04 but no archive", None),
        (b"MZ\x90\x00", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (b"GIF89a\x00", None),
    ],
)
def test_the_type_is_found_from_the_content(content: bytes, media: str | None) -> None:
    assert file_types.media_type(content) == media


def crowded(names: int) -> bytes:
    """An archive that lists so many names, and holds nothing."""
    line = struct.pack("<4s4B4H3L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0)
    listed = b"".join([line + b"%07d" % number for number in range(names)])
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, names & 0xFFFF, names & 0xFFFF, len(listed), 44, 0)
    return b"PK\3\4" + bytes(40) + listed + end


def damaged() -> bytes:
    """An archive whose note on its type can't be unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", file_types.ODT)
    content = bytearray(out.getvalue())
    at = content.find(b"mimetype") + len("mimetype")
    content[at : at + 10] = b"\xff" * 10
    return bytes(content)


def test_hostile_archives_are_not_taken_and_not_unpacked() -> None:
    hostile = crowded(100_000)
    before = time.process_time()
    assert file_types.media_type(hostile) is None
    # Reading such a list takes a second; finding that it is too long takes none.
    assert time.process_time() - before < 0.3
    assert file_types.media_type(damaged()) is None
    assert file_types.media_type(crowded(3)) is None


@pytest.mark.parametrize(
    ("given_", "safe"),
    [
        ("Annex 1.pdf", "Annex 1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\Reply.PDF", "Reply.pdf"),
        ("reply\u202efdp.exe", "replyfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("ответ.pdf", "ответ.pdf"),
        ("x" * 500 + ".pdf", "x" * 114 + ".pdf"),
    ],
)
def test_names_can_do_no_harm(given_: str, safe: str) -> None:
    assert file_types.safe_name(given_, file_types.PDF) == safe


@given(st.text())
def test_no_name_whatever_has_a_path_or_a_control(given_: str) -> None:
    safe = file_types.safe_name(given_, file_types.TEXT)
    assert safe.endswith(".txt") and 5 <= len(safe) <= 120
    assert not set('/\\\r\n\0"\u202e\u2066') & set(safe)


@given(st.binary(max_size=200))
def test_no_content_whatever_breaks_the_detection(content: bytes) -> None:
    file_types.media_type(content)
    file_types.media_type(b"PK\x03\x04" + content)


def test_a_file_is_added_once_and_kept_by_the_version_that_had_it(session: Session, storage: Storage) -> None:
    w = world(session)
    draft = drafted(session, w.union)
    first = files.add(session, storage, draft.id, "paper", "Annex.pdf", PDF)
    assert files.add(session, storage, draft.id, "paper", "Annex.pdf", PDF) == first
    version = service.submit(session, draft.id, revision=draft.revision, publication=Publication.PUBLISH, actor=ACTOR)
    service.reopen(session, draft.id, ACTOR)
    files.remove(session, draft.id, first)
    files.remove(session, draft.id, first)
    assert files.in_draft(session, draft.id) == []
    assert [line.filename for line in files.of_version(version)] == ["Annex.pdf"]
    assert queries.file_of_version(session, draft.id, first).size == len(PDF)
    line, content = files.content(session, storage, draft.id, first)
    assert (line.media_type, content) == (file_types.PDF, PDF)
    with pytest.raises(Missing):
        files.content(session, storage, NOBODY, first)


def _locked_odt() -> bytes:
    out = io.BytesIO(packed(mimetype=file_types.ODT))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    return out.getvalue()


def _locked_pdf(to_open: str) -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt(to_open, owner_password="owner")
    writer.write(out)
    return out.getvalue()


def test_a_pdf_that_only_forbids_to_print_is_taken(session: Session, storage: Storage) -> None:
    draft = drafted(session, world(session).union)
    assert files.add(session, storage, draft.id, "paper", "Annex.pdf", _locked_pdf(""))


def test_what_is_refused_leaves_nothing(session: Session, storage: Storage) -> None:
    w = world(session)
    draft = drafted(session, w.union)
    for name, content, words in [
        ("empty.pdf", b"", "is empty"),
        ("large.pdf", PDF + b"0" * files.MOST_BYTES, "larger than 20 MB"),
        ("run.exe", b"MZ\x00", "can't be taken"),
        ("old.doc", OLE + bytes(600), "old.doc: This file has the format of an old version of Office"),
        ("form.rtf", b"{\\rtf1 Words}", "old version of Office"),
        ("locked.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        ("locked.odt", _locked_odt(), "locked by a password"),
        ("locked.pdf", _locked_pdf("secret"), "locked.pdf: This file is locked by a password"),
        ("macros.docm", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "holds macros"),
    ]:
        with pytest.raises(Invalid, match=words):
            files.add(session, storage, draft.id, "paper", name, content)
    assert files.in_draft(session, draft.id) == []
    with pytest.raises(Missing):
        files.remove(session, draft.id, NOBODY)


def test_a_submitted_answer_takes_no_more_files(session: Session, storage: Storage) -> None:
    w = world(session)
    version = submitted(session, w.union)
    with pytest.raises(Refused):
        files.add(session, storage, version.submission_id, "paper", "Annex.pdf", PDF)


@pytest.mark.usefixtures("database")
def test_what_the_scanner_objects_to_or_can_not_see_is_not_taken() -> None:
    with clamd.running():
        assert files.inspected("a.pdf", PDF) == ("a.pdf", file_types.PDF)
        with pytest.raises(Invalid, match="the virus scanner found Eicar-Test-Signature"):
            files.inspected("a.txt", clamd.EICAR)
    with (
        clamd.set_to("unix:///nowhere/clamd.sock"),
        pytest.raises(Invalid, match="could not be checked for viruses just now"),
    ):
        files.inspected("b.pdf", PDF + b"%")
