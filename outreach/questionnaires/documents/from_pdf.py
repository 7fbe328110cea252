"""The fields of a PDF form, as plain values. It runs in a process of its own (`reading_apart`), since PDF is read by a library that trusts."""

import io
from typing import Any

from pypdf import PdfReader

_MOST_FIELDS = 5000
_LONGEST = 100_000


def fields(content: bytes) -> dict[str, Any]:
    """{fields: name → text or state ("/Yes"), identifier, locked}. A file without form fields has none. Raises pypdf's errors."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"fields": {}, "identifier": "", "locked": True}
    found: dict[str, str] = {}
    for name, field in (reader.get_fields() or {}).items():
        if len(found) >= _MOST_FIELDS:
            break
        value = field.get("/V", "")
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if value is not None and not isinstance(value, list | dict):
            found[str(name)] = str(value)[:_LONGEST]
    about = reader.metadata
    return {"fields": found, "identifier": str(about.get("/Identifier", "") if about else "")[:100], "locked": False}
