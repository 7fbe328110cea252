"""The pictures that an author gives with a workbook, as files or packed as .zip. They are treated as hostile: each is looked at by
itself, and one that can't be taken takes nothing else along."""

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from outreach import file_types, office_files, scanning
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.questionnaires import picture_sizes

MOST_BYTES = 2 * 1024 * 1024
MOST = 200
"""So many pictures a questionnaire has at most."""
MOST_PIXELS = 8_000_000
_MOST_SIDE = 12_000
_MOST_PACKED = 80 * 1024 * 1024
_MOST_ENTRIES = 1000
_ENDINGS = tuple(ending for endings in file_types.PICTURES.values() for ending in endings)


@dataclass(frozen=True)
class Given:
    """A file as it was given."""

    name: str
    content: bytes


@dataclass(frozen=True)
class LookedAt:
    """The pictures that can be taken, by the file's own name; `refused` says in sentences which can't, and why."""

    kept: Mapping[str, bytes] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


def looked_at(given: Iterable[Given]) -> LookedAt:
    """Look at files that somebody gave. Never raises."""
    kept: dict[str, bytes] = {}
    refused: list[str] = []
    for file in given:
        try:
            for one in _unpacked(file):
                name = shown(one.name)
                if len(kept) >= MOST and name not in kept:
                    raise Invalid(
                        _("A questionnaire has at most %(most)d pictures. The others were not taken.", most=MOST)
                    )
                try:
                    _look(name, one.content)
                except Invalid as fault:
                    refused.append(fault.message)
                else:
                    kept[name] = one.content
        except Invalid as fault:
            refused.append(fault.message)
    return LookedAt(kept, tuple(dict.fromkeys(refused)))


def matching(name: str) -> str:
    """What a name in a workbook and the name of a file have in common: neither folders nor case count."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2].strip().casefold()


def shown(name: str) -> str:
    """A file's own name as it can be shown: without folders, control and direction characters."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cc", "Cf", "Zl", "Zp", "Cs"})[:120]


def isolated(name: str) -> str:
    """A name within a sentence: it would be read from the right within Arabic."""
    return f"\u2068{shown(name)}\u2069"


def _unpacked(file: Given) -> Iterator[Given]:
    """The file, or those that are packed in it. Raises Invalid."""
    if not file.content.startswith(b"PK\x03\x04"):
        yield file
        return
    if len(file.content) > _MOST_PACKED or file_types.is_crowded(file.content):
        raise Invalid(office_files.too_much())
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
            entries = [one for one in packed.infolist() if _is_wanted(one)]
            # zipfile never unpacks more of an entry than it declares, so the declared sizes bound the work.
            if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > _MOST_PACKED:
                raise Invalid(office_files.too_much())
            for entry in entries:
                with packed.open(entry) as source:
                    yield Given(entry.filename, source.read(MOST_BYTES + 1))
    except office_files.UNREADABLE:
        raise Invalid(
            _(
                "The file %(name)s can't be read as a .zip. Please pack it again, without a password.",
                name=isolated(file.name),
            )
        ) from None


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry may be a picture: what lies beside them (the workbook, what systems add) is passed over."""
    path = PurePosixPath(entry.filename)
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return not entry.is_dir() and not hidden and entry.filename.lower().endswith(_ENDINGS)


def _look(name: str, content: bytes) -> None:
    """Raises Invalid where a picture can't be taken."""
    said = isolated(name)
    if not content:
        raise Invalid(_("The file %(name)s is empty.", name=said))
    if len(content) > MOST_BYTES:
        raise Invalid(_("The file %(name)s is larger than %(most)d MB.", name=said, most=MOST_BYTES // 1024**2))
    if file_types.picture_type(content) is None:
        raise Invalid(_("The file %(name)s is no picture. Please give PNG, JPEG, GIF or WebP.", name=said))
    size = picture_sizes.size_of(content)
    if size is not None and (size[0] * size[1] > MOST_PIXELS or max(size) > _MOST_SIDE):
        raise Invalid(
            _("The picture %(name)s is too large: %(wide)d by %(high)d pixels.", name=said, wide=size[0], high=size[1])
        )
    if size is None or min(size) < 1 or not picture_sizes.can_be_drawn(content):
        raise Invalid(_("The picture %(name)s can't be read; it may be damaged. Please save it again.", name=said))
    scanning.demand_clean(said, content)
