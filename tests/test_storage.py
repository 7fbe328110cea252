"""Contents are kept by their hash, once, and no name leads out of the folder."""

import hashlib
import os

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


def test_several_are_kept_at_once_each_once_and_a_disk_that_fails_keeps_no_rest(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.put(b"known")
    names = storage.put_all([b"one", b"known", b"two", b"one"])
    assert [storage.get(name) for name in names] == [b"one", b"known", b"two", b"one"]

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.put_all([b"three", b"four"])
    assert len([path for path in storage.root.rglob("*") if path.is_file()]) == 3
