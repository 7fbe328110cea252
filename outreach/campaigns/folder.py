"""A campaign kept as a folder: `campaign.toml`, `texts/<language>.md`, the questionnaire, the note and its annex.

Reading it touches no database and nothing outside the folder. `docs/campaign-folder.md` is for those who write one.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from outreach import file_types
from outreach.campaigns.deadlines import instant_of
from outreach.campaigns.text_file import TextFile, read_text_file
from outreach.campaigns.toml_table import Faults, Table
from outreach.campaigns.words import CampaignKind, FileKind, Sensitivity
from outreach.directory.addresses import checked_address
from outreach.directory.words import MISSION_KINDS, InstitutionKind, Seat
from outreach.errors import Invalid
from outreach.i18n import LANGUAGES, _, join, ngettext
from outreach.paths import PACKAGE
from outreach.questionnaires import picture_files
from outreach.questionnaires.picture_files import Given, LookedAt

SETTINGS_FILE = "campaign.toml"
SAMPLE = PACKAGE / "campaigns" / "sample"
"""A complete folder that ships: secretariat, note and addresses are invented."""

USUAL_REMINDERS = (-14, -5, 3)
USUAL_SEATS = (Seat.GENEVA, Seat.NEW_YORK)
USUAL_KINDS = (InstitutionKind.PERMANENT_MISSION, InstitutionKind.PERMANENT_OBSERVER_MISSION)

CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*")
LONGEST_CODE = 24
_LARGEST_FILE = 20 * 1024 * 1024
_LARGEST_TEXT = 200_000
_MOST_PICTURES = 500
_WORKBOOK = {
    ".xlsx": file_types.XLSX,
    ".xls": "application/vnd.ms-excel",
}
_DOCUMENTS = {
    ".pdf": file_types.PDF,
    ".docx": file_types.DOCX,
}


@dataclass(frozen=True)
class FolderFile:
    """A file of the folder; its bytes are read when they are asked for."""

    path: Path
    media_type: str
    size: int
    """Bytes, when the folder was read."""

    @property
    def filename(self) -> str:
        """The file's own name, without folders."""
        return self.path.name

    def read(self) -> bytes:
        """The content."""
        return self.path.read_bytes()


@dataclass(frozen=True)
class FolderText:
    """The texts in one language; who translated and reviewed them. The original has no translator."""

    language: str
    title: str
    mandate: str
    note: str
    letter: str
    translated_by: str | None
    reviewed_by: str | None


@dataclass(frozen=True)
class CampaignFolder:
    """A folder without fault. `texts` and `files` hold the languages that are there, in the order of LANGUAGES."""

    path: Path
    code: str
    kind: CampaignKind
    original_language: str
    contact: str
    sensitivity: Sensitivity
    mandate_symbol: str
    note_reference: str
    note_date: date
    deadline_at: datetime
    """The instant in UTC of `deadline.local` in the zone."""
    deadline_zone: str
    reminder_days: tuple[int, ...]
    seats: tuple[Seat, ...]
    kinds: tuple[InstitutionKind, ...]
    questionnaire: FolderFile | None
    texts: Mapping[str, FolderText]
    files: Mapping[tuple[str, FileKind], FolderFile]
    pictures: LookedAt = field(default_factory=LookedAt)
    """Those of the questionnaire's labels, from `media/` beside it."""


def read_folder(path: Path) -> CampaignFolder:
    """Read a campaign's folder. Raises Invalid with all its faults at once: file, key, and what it takes."""
    if not path.is_dir():
        raise Invalid(_("There is no folder %(folder)s.", folder=str(path)))
    faults = Faults()
    found = _Reader(path.resolve(), faults).read()
    if faults.found:
        number = len(faults.found)
        raise Invalid(
            ngettext(
                "The folder %(folder)s cannot be imported: it has one fault.",
                "The folder %(folder)s cannot be imported: it has %(num)s faults.",
                number,
                folder=str(path),
            ),
            faults=faults.found,
        )
    return found


class _Reader:
    def __init__(self, root: Path, faults: Faults) -> None:
        self._root, self._faults = root, faults

    def read(self) -> CampaignFolder:
        """The folder; meaningless where a fault was noted."""
        top = self._settings()
        code = top.text("code", takes=_("It takes capital letters, digits and hyphens, as in KH-2027."))
        if code and (not CODE.fullmatch(code) or len(code) > LONGEST_CODE):
            top.fault("code", _("It takes capital letters, digits and hyphens, as in KH-2027."))
        kind = top.member("kind", CampaignKind)
        original = top.text("original_language", takes=_language_taken())
        if original and original not in LANGUAGES:
            top.fault("original_language", _language_taken())
        note = top.table("note")
        mandate = top.table("mandate")
        deadline_at, zone = self._deadline(top.table("deadline"))
        reminders, audience = top.table("reminders"), top.table("audience")
        kinds = audience.members("kinds", InstitutionKind, USUAL_KINDS)
        missions = not MISSION_KINDS.isdisjoint(kinds)
        questionnaire = self._questionnaire(top.table("questionnaire"), kind)
        folder = CampaignFolder(
            path=self._root,
            code=code,
            kind=kind,
            original_language=original,
            contact=_contact(top),
            sensitivity=top.member("sensitivity", Sensitivity, Sensitivity.ORDINARY),
            mandate_symbol=mandate.text(
                "symbol", takes=_("It takes the symbol of the resolution, as in A/HRC/RES/54/22.")
            ),
            note_reference=note.text(
                "reference", takes=_("It takes the reference of the note verbale as printed on it.")
            ),
            note_date=note.day(
                "date", takes=_("It takes the date of the note without quotation marks, as in 2027-01-12.")
            ),
            deadline_at=deadline_at,
            deadline_zone=zone,
            reminder_days=reminders.integers(
                "days",
                USUAL_REMINDERS,
                within=365,
                takes=_("It takes days from the deadline, each once, negative before it, as in [-14, -5, 3]."),
            ),
            seats=audience.members("seats", Seat, USUAL_SEATS if missions else (), may_be_empty=not missions),
            kinds=kinds,
            questionnaire=questionnaire,
            texts=self._texts(top.table("texts"), original),
            files=self._files(top.table("files")),
            pictures=self._pictures(questionnaire),
        )
        for table in (mandate, note, reminders, audience, top):
            table.close()
        return folder

    def _settings(self) -> Table:
        content = self._text(SETTINGS_FILE)
        if content is None:
            return Table(SETTINGS_FILE, {}, Faults())
        try:
            return Table(SETTINGS_FILE, tomllib.loads(content), self._faults)
        except tomllib.TOMLDecodeError as fault:
            self._faults.add(SETTINGS_FILE, _("This is not TOML: %(reason)s.", reason=str(fault)))
            if re.search(r"=\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d\s*(?:#.*)?$", content, re.MULTILINE):
                self._faults.add(SETTINGS_FILE, _("A time of day needs its seconds, as in 2027-02-26T23:59:00."))
            return Table(SETTINGS_FILE, {}, Faults())

    def _deadline(self, table: Table) -> tuple[datetime, str]:
        local = table.local_time(
            "local",
            takes=_(
                "It takes the last minute on the clocks of the zone, without quotation marks, as in 2027-02-26T23:59:00."
            ),
        )
        takes_zone = _("It takes the name of a time zone, as in Europe/Zurich.")
        zone = table.text("zone", takes=takes_zone)
        if zone and zone not in available_timezones():
            table.fault("zone", takes_zone)
            zone = ""
        table.close()
        if not zone or local.year == 1:
            return datetime.min.replace(tzinfo=UTC), zone
        instant = instant_of(local.date(), local.time(), zone)
        if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
            table.fault("local", _("This hour does not exist in the zone: clocks are put forward over it."))
        return instant, zone

    def _questionnaire(self, table: Table, kind: CampaignKind) -> FolderFile | None:
        needed = kind is CampaignKind.QUESTIONNAIRE
        file = self._file(table, "file", _WORKBOOK, required=needed)
        table.close()
        return file

    def _pictures(self, questionnaire: FolderFile | None) -> LookedAt:
        """The pictures beside the workbook. One that can't be taken is no fault of the folder: the questionnaire can do without."""
        if questionnaire is None:
            return LookedAt()
        given: list[Given] = []
        for path in sorted((questionnaire.path.parent / "media").glob("*"))[:_MOST_PICTURES]:
            inside = self._inside(path.relative_to(self._root).as_posix())
            if inside is not None and inside.is_file() and not path.name.startswith("."):
                with inside.open("rb") as file:
                    # One byte more than is taken shows that it is too large.
                    given.append(Given(path.name, file.read(picture_files.MOST_BYTES + 1)))
        return picture_files.looked_at(given)

    def _texts(self, table: Table, original: str) -> dict[str, FolderText]:
        texts: dict[str, FolderText] = {}
        for language in LANGUAGES:
            name = f"texts/{language}.md"
            credits = table.table(language)
            is_original = credits.truth("original")
            translated_by = credits.text("translated_by", takes=_takes_translator(), required=False) or None
            reviewed_by = credits.text("reviewed_by", takes=_takes_reviewer(), required=False) or None
            credits.close()
            if not (self._root / name).exists() and not (self._root / name).is_symlink():
                if language in table:
                    self._faults.add(name, _("This file is missing; campaign.toml says who wrote it."))
                elif language == original:
                    self._faults.add(name, _("This file is missing; it takes the texts in the original language."))
                continue
            if is_original and language != original:
                credits.fault("original", _("Only the text in the original language is the original."))
            if language == original and (translated_by or reviewed_by):
                credits.fault(
                    "translated_by", _("The original has neither translator nor reviewer; write original = true.")
                )
            if language != original and original in LANGUAGES and not translated_by:
                credits.fault("translated_by", _("This is missing.") + " " + _takes_translator())
            content = self._text(name)
            if content is not None:
                text: TextFile = read_text_file(name, content, self._faults)
                texts[language] = FolderText(
                    language, text.title, text.mandate, text.note, text.letter, translated_by, reviewed_by
                )
        table.close()
        self._other_texts()
        return texts

    def _other_texts(self) -> None:
        folder = self._root / "texts"
        for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
            if path.stem not in LANGUAGES:
                self._faults.add(
                    f"texts/{path.name}", _("The name of the file must be its language.") + " " + _language_taken()
                )

    def _files(self, table: Table) -> dict[tuple[str, FileKind], FolderFile]:
        files: dict[tuple[str, FileKind], FolderFile] = {}
        for language in LANGUAGES:
            of_language = table.table(language)
            for kind in FileKind:
                file = self._file(of_language, kind.value, _DOCUMENTS, required=False)
                if file is not None:
                    files[language, kind] = file
            of_language.close()
        table.close()
        return files

    def _file(self, table: Table, key: str, types: dict[str, str], *, required: bool) -> FolderFile | None:
        takes = _(
            "It takes the path of a file inside the folder, ending in one of: %(endings)s.", endings=join(list(types))
        )
        name = table.text(key, takes=takes, required=required)
        if not name:
            return None
        path = self._inside(name)
        media_type = types.get(Path(name).suffix.lower())
        if path is None or media_type is None:
            table.fault(key, takes)
            return None
        if not path.is_file():
            table.fault(key, _("There is no file %(name)s in the folder.", name=name))
            return None
        size = path.stat().st_size
        if not 0 < size <= _LARGEST_FILE:
            table.fault(key, _("The file %(name)s is empty, or larger than 20 MB.", name=name))
            return None
        return FolderFile(path, media_type, size)

    def _inside(self, name: str) -> Path | None:
        """The real path of a file named in the folder; None where it would lead out, by dots, a root or a link."""
        try:
            path = (self._root / name).resolve()
        except (OSError, RuntimeError, ValueError):
            return None
        return path if path.is_relative_to(self._root) and path != self._root else None

    def _text(self, name: str) -> str | None:
        path = self._inside(name)
        if path is None:
            self._faults.add(name, _("This leads out of the folder."))
            return None
        if not path.is_file():
            self._faults.add(name, _("This file is missing."))
            return None
        if path.stat().st_size > _LARGEST_TEXT:
            self._faults.add(name, _("This file is too long for a text: it may have 200 kB."))
            return None
        try:
            return path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            self._faults.add(name, _("This file is not UTF-8: save it as Unicode (UTF-8) text."))
            return None


def _contact(top: Table) -> str:
    contact = top.text(
        "contact", takes=_("It takes the functional mailbox for questions, as in hub@secretariat.example.")
    )
    if not contact:
        return ""
    try:
        return checked_address(contact)
    except Invalid as fault:
        top.fault("contact", fault.message)
        return ""


def _language_taken() -> str:
    return _("This takes one of: %(values)s.", values=join(LANGUAGES))


def _takes_translator() -> str:
    return _("It takes the name of the service that translated this text.")


def _takes_reviewer() -> str:
    return _("It takes the name of the service that reviewed this text; leave it out where nobody did.")
