"""The fields of a PDF form, as plain values. It runs in a process of its own (`reading_apart`), since PDF is read by a library that trusts."""

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject, create_string_object

_MOST_FIELDS = 5000
_MOST_NOTES = 200
_LONGEST = 100_000


def fields(content: bytes) -> dict[str, Any]:
    """{fields: name → text or state ("/Yes"), notes, identifier, locked}. A file without form fields has none. Raises pypdf's errors."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"fields": {}, "notes": [], "identifier": "", "locked": True}
    found: dict[str, str] = {}
    for name, field in (reader.get_fields() or {}).items():
        if len(found) >= _MOST_FIELDS:
            break
        value = field.get("/V", "")
        if isinstance(value, StreamObject):
            # Some programs keep long texts so.
            value = create_string_object(value.get_data()[: 2 * _LONGEST])
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if value is not None and not isinstance(value, list | dict):
            found[str(name)] = str(value)[:_LONGEST]
    about = reader.metadata
    identifier = str(about.get("/Identifier", "") if about else "")[:100]
    return {
        "fields": found,
        "notes": list(islice(_notes(reader), _MOST_NOTES)),
        "identifier": identifier,
        "locked": False,
    }


def _notes(reader: PdfReader) -> Iterator[str]:
    """What was typed on top of the pages, or noted beside them."""
    for page in reader.pages:
        listed = page.get("/Annots")
        listed = listed.get_object() if listed is not None else None
        for one in listed if isinstance(listed, ArrayObject) else ():
            about = one.get_object()
            if not isinstance(about, DictionaryObject):
                continue
            if about.get("/Subtype") in ("/FreeText", "/Text") and str(about.get("/Contents", "")).strip():
                yield str(about["/Contents"])[:_LONGEST]
