"""Invitation codes in the files of a mail: in their names, and where our own Word forms keep theirs.

A form of ours carries its code as `dc:identifier`. The file came from a stranger: it is opened only as far as that one small part,
and whatever is wrong with it, it just says nothing.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from outreach import file_types
from outreach.inbox.parts import MailFile

_PROPERTIES = ("docProps/core.xml", "meta.xml")
"""Where Word and OpenDocument keep what a document says of itself."""
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
_MOST_BYTES = 100_000
_MOST_ENTRIES = 5_000
_MOST_FILES = 20
_MOST_OF_A_FILE = 50_000_000


def written(files: Sequence[MailFile]) -> Iterator[str]:
    """The texts of files in which a code may stand: their names, and the identifiers of documents."""
    for file in files[:_MOST_FILES]:
        yield file.filename
        if file.content[:4] == b"PK\x03\x04" and len(file.content) <= _MOST_OF_A_FILE:
            yield from _identifiers(file.content)


def _identifiers(content: bytes) -> Iterator[str]:
    if file_types.is_crowded(content):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            if len(opened.infolist()) > _MOST_ENTRIES:
                return
            for name in _PROPERTIES:
                if name in opened.namelist():
                    with opened.open(name) as part:
                        yield from _read(part.read(_MOST_BYTES + 1))
    except (
        zipfile.BadZipFile,
        zlib.error,
        ParseError,
        DefusedXmlException,
        OSError,
        ValueError,
        RuntimeError,
        EOFError,
    ):
        return
    except NotImplementedError:
        return  # a compression that we don't have


def _read(xml: bytes) -> Iterator[str]:
    if len(xml) <= _MOST_BYTES:
        for found in fromstring(xml, forbid_dtd=True).iter(_IDENTIFIER):
            yield (found.text or "")[:500]
