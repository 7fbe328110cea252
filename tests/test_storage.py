"""Contents are kept by their hash, once, and no name leads out of the folder."""

import hashlib

import pytest

from outreach.errors import Missing
from outreach.storage import Storage


def test_what_was_put_is_found_again_and_kept_once(storage: Storage) -> None:
    name = storage.put(b"a note")
    assert name == hashlib.sha256(b"a note").hexdigest()
    assert storage.put(b"a note") == name
    assert storage.get(name) == b"a note"
    assert len([path for path in storage.root.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64, "0" * 64])
def test_what_was_never_put_is_missing(storage: Storage, name: str) -> None:
    with pytest.raises(Missing):
        storage.get(name)
