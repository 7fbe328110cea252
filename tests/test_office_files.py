"""Files of strangers: what is looked at before anything opens them, and the process in which they are read."""

import io
import zipfile

import pytest

from outreach import office_files, reading_apart
from outreach.errors import Invalid
from outreach.office_files import Limits

pytestmark = pytest.mark.usefixtures("english")

BODY = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="w"><w:body/></w:document>'


def packed(**parts: bytes) -> bytes:
    """A .docx that holds little, with parts changed or added; in their names _ stands for /."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": BODY, "word/document.xml": BODY, **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


def doctype(encoding: str = "utf-8") -> bytes:
    return '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'.encode(encoding)


def locked_by_password() -> bytes:
    content = bytearray(packed())
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(sign)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(sign, at + 4)
    return bytes(content)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it may be damaged"),
        (b"PK\x03\x04" + bytes(100), "it may be damaged"),
        (packed()[:-40], "it may be damaged"),
        (OLE, "an old version of Office"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (locked_by_password(), "locked by a password"),
        (packed(**{"META-INF/manifest.xml": b"<m><manifest:encryption-data/></m>"}), "locked by a password"),
        (packed(**{"word/vbaProject.bin": b"x"}), "holds macros"),
        (packed(**{"Basic/Standard/Module1.xml": BODY}), "holds macros"),
        (packed(**{"word/document.xml": doctype()}), "XML declarations"),
        (packed(**{"word/document.xml": doctype("utf-16")}), "XML declarations"),
        (packed(**{"word/document.xml": doctype("utf-16-le")}), "XML declarations"),
        (packed(**{"word/document.xml": b'<?xml version="1.0" encoding="UTF-7"?><x/>'}), "XML declarations"),
        (packed(**{"word/media/a.bin": bytes(3 * 1024**2)}), "unpacks to far more"),
        (packed(**{"word/document.xml": b"<w:p/>" * 300}), "unpacks to far more"),
        (packed(**{f"word/{number}.bin": b"" for number in range(20)}), "unpacks to far more"),
        (bytes(1024**2 + 1), "larger than 1 MB"),
    ],
)
def test_what_must_not_be_opened_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        office_files.guard(content, Limits(megabytes=1, unpacked=2, xml=1, parts=15, elements=100), field="file")
    assert refused.value.field == "file"


def test_a_document_passes_and_macros_where_only_texts_are_read() -> None:
    office_files.guard(packed(**{"customXml/item1.xml": "\ufeff<a/>".encode("utf-16-le"), "Basic/script-lc.xml": BODY}))
    office_files.guard(packed(**{"xl/vbaProject.bin": b"x"}), macros=True)


def echo(content: bytes) -> list[str]:
    return [content.decode()]


def endless(content: bytes) -> None:
    while True:
        pass


def greedy(content: bytes) -> int:
    return len(bytearray(10**10))


def test_a_file_is_read_apart_within_limits() -> None:
    assert reading_apart.read("tests.test_office_files:echo", "Ответ".encode()) == ["Ответ"]
    with pytest.raises(Invalid, match="it may be damaged"):
        reading_apart.read("tests.test_office_files:echo", b"\xff")
    with pytest.raises(Invalid, match="more time or memory"):
        reading_apart.read("tests.test_office_files:greedy", b"")
    with pytest.raises(Invalid, match="more time or memory"):
        reading_apart.read("tests.test_office_files:endless", b"", seconds=1)
