"""The settings of a call for input as a form: those that are fixed at the launch, and those that may change after it."""

import re
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from outreach.campaigns.deadlines import instant_of
from outreach.campaigns.draft_findings import NoteDraft
from outreach.campaigns.folder import USUAL_KINDS, USUAL_REMINDERS, USUAL_SEATS
from outreach.campaigns.service import CampaignSettings
from outreach.campaigns.words import CampaignKind, Sensitivity
from outreach.dates import place
from outreach.directory.words import MISSION_KINDS, InstitutionKind, Seat
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, lazy
from outreach.reports.words import POSTS
from outreach.web import names
from outreach.web.forms import Form, OneLine, at_most, email, required

LAST_MINUTE = time(23, 59)
USUAL_ZONE = "Europe/Zurich"
ZONES = (
    USUAL_ZONE,
    "America/New_York",
    "Europe/Vienna",
    "Africa/Nairobi",
    "Africa/Addis_Ababa",
    "Asia/Bangkok",
    "Asia/Beirut",
    "America/Santiago",
)
"""Where the United Nations has its headquarters, offices and regional commissions."""

_ZONE_OF_SEAT = {Seat.GENEVA: USUAL_ZONE, Seat.NEW_YORK: "America/New_York"}
_DAYS = re.compile(r"[\s,;،、]+")


def _code(value: str | None) -> str:
    return (value or "").strip().upper()


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


class ThisAge:
    """The field must hold a day that some clock can show: calendars and zones end somewhere."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ValidationError for a year that must be a slip."""
        if field.data is not None and not 1946 <= field.data.year <= 2200:
            raise ValidationError(_("Please check the year."))


def read_days(written: str) -> tuple[int, ...] | None:
    """The days that "-14, -5, 3" names, in their order; None where it says something else."""
    plain = written.replace("\u2212", "-").replace("\u2013", "-")
    try:
        return tuple(sorted(int(part) for part in _DAYS.split(plain) if part))
    except ValueError:
        return None


class RemindersForm(Form):
    """On which days reminders leave."""

    reminder_days = StringField(lazy("Reminders"), [OneLine(), at_most(200)], [_trimmed])

    def validate_reminder_days(self, field: Field) -> None:
        """Raise ValidationError where it is no list of days."""
        if read_days(field.data or "") is None:
            raise ValidationError(_("Reminders take days from the deadline, each once, as in -14, -5, 3."))

    @property
    def days(self) -> tuple[int, ...]:
        """The days of the reminder plan."""
        return read_days(self.reminder_days.data or "") or ()


class ChangingForm(RemindersForm):
    """What may change after the launch: no letter that was sent speaks of it."""

    contact = StringField(lazy("Mailbox for questions"), [required(), OneLine(), at_most(254), email()], [_trimmed])
    sensitivity = RadioField(lazy("Who reads the answers"), default=Sensitivity.ORDINARY.value)
    seen = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sensitivity.choices = [
            (Sensitivity.ORDINARY.value, _("All staff who have an account")),
            (Sensitivity.SENSITIVE.value, _("Only those who may change the call for input: it is sensitive")),
        ]


class SettingsForm(ChangingForm):
    """All settings, before the launch."""

    code = StringField(lazy("Code"), [required(), OneLine(), at_most(24)], [_code])
    kind = RadioField(lazy("What is asked for"), default=CampaignKind.QUESTIONNAIRE.value)
    mandate_symbol = StringField(lazy("Symbol of the resolution"), [required(), OneLine(), at_most(100)], [_trimmed])
    note_reference = StringField(
        lazy("Reference of the note verbale"), [required(), OneLine(), at_most(100)], [_trimmed]
    )
    note_date = DateField(lazy("Date of the note verbale"), [required(), ThisAge()])
    original_language = SelectField(lazy("Original language"), [required()])
    day = DateField(lazy("Last day for answers"), [required(), ThisAge()])
    hour = TimeField(lazy("Hour"), [required()], default=LAST_MINUTE)
    zone = SelectField(lazy("Time zone"), [required()], default=USUAL_ZONE)
    seats = SelectMultipleField(
        lazy("Missions at"),
        default=[seat.value for seat in USUAL_SEATS],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    kinds = SelectMultipleField(
        lazy("Kinds of institution"),
        default=[kind.value for kind in USUAL_KINDS],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *args: Any, zone_kept: str | None = None, **kwargs: Any) -> None:
        """`zone_kept` is a zone that may be chosen although it is none of the usual ones: the one that stands."""
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, name) for kind, name in names.campaign_kinds().items()]
        self.original_language.choices = [(code, NATIVE_NAMES[code]) for code in LANGUAGES]
        zones = ZONES if zone_kept in (None, *ZONES) else (*ZONES, str(zone_kept))
        self.zone.choices = [(zone, place(zone)) for zone in zones]
        self.seats.choices = [(seat.value, str(POSTS[seat])) for seat in USUAL_SEATS]
        kinds = names.kinds()
        self.kinds.choices = [
            (kind.value, kinds[kind]) for kind in (*USUAL_KINDS, *(one for one in kinds if one not in MISSION_KINDS))
        ]

    def settings(self) -> CampaignSettings:
        """What the form says, once it is validated."""
        day, hour, note_date = self.day.data, self.hour.data, self.note_date.data
        assert day is not None and hour is not None and note_date is not None
        return CampaignSettings(
            code=self.code.data or "",
            kind=CampaignKind(self.kind.data),
            mandate_symbol=self.mandate_symbol.data or "",
            note_reference=self.note_reference.data or "",
            note_date=note_date,
            original_language=self.original_language.data,
            contact=self.contact.data or "",
            sensitivity=Sensitivity(self.sensitivity.data),
            deadline_at=instant_of(day, hour, self.zone.data),
            deadline_zone=self.zone.data,
            reminder_days=self.days,
            seats=tuple(seat for seat in Seat if seat.value in (self.seats.data or ())),
            kinds=tuple(kind for kind in InstitutionKind if kind.value in (self.kinds.data or ())),
        )


class NewCallForm(SettingsForm):
    """The settings of a call that does not exist yet, and its title. `source` is the note verbale that it is begun from."""

    title = StringField(lazy("Title, in the original language"), [required(), OneLine(), at_most(300)], [_trimmed])
    source = HiddenField()


def written(settings: CampaignSettings) -> dict[str, Any]:
    """The settings as the fields of the form hold them."""
    local = settings.deadline_at.astimezone(ZoneInfo(settings.deadline_zone))
    return {
        "code": settings.code,
        "kind": settings.kind.value,
        "mandate_symbol": settings.mandate_symbol,
        "note_reference": settings.note_reference,
        "note_date": settings.note_date,
        "original_language": settings.original_language,
        "contact": settings.contact,
        "sensitivity": settings.sensitivity.value,
        "day": local.date(),
        "hour": local.time(),
        "zone": settings.deadline_zone,
        "reminder_days": days_written(settings.reminder_days),
        "seats": [seat.value for seat in settings.seats],
        "kinds": [kind.value for kind in settings.kinds],
    }


def days_written(days: tuple[int, ...]) -> str:
    """The days of a plan as staff write them."""
    return ", ".join(str(day) for day in sorted(days))


def proposed(today: date, language: str) -> dict[str, Any]:
    """What a new call for input usually says."""
    return {
        "note_date": today,
        "original_language": language,
        "reminder_days": days_written(USUAL_REMINDERS),
    }


def read_from(draft: NoteDraft) -> dict[str, Any]:
    """What a note verbale says of a call for input, as far as it was read."""
    found: dict[str, Any] = {}
    if draft.language:
        found["original_language"] = draft.language.value
    if draft.reference:
        found["note_reference"] = draft.reference.value
    if draft.date:
        found["note_date"] = draft.date.value
    if draft.mandate:
        found["mandate_symbol"] = draft.mandate.value.symbol
    functional = [one.value.email for one in draft.contacts if not one.value.personal]
    if functional:
        found["contact"] = functional[0]
    if draft.subject:
        found["title"] = draft.subject.value
    if not draft.questionnaire:
        found["kind"] = CampaignKind.CALL_FOR_CONTRIBUTIONS.value
    seats = list(dict.fromkeys(one.value.seat for one in draft.addressees))
    if seats:
        found["seats"] = [seat.value for seat in seats]
        found["kinds"] = list(dict.fromkeys(one.value.kind.value for one in draft.addressees))
    if draft.deadline:
        named = draft.deadline.value
        proposed_zone = next((_ZONE_OF_SEAT[seat] for seat in seats if seat in _ZONE_OF_SEAT), USUAL_ZONE)
        found |= {"day": named.day, "hour": named.hour or LAST_MINUTE, "zone": named.zone or proposed_zone}
    return found
