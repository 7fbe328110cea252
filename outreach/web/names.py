"""What pages call the kinds of institutions, sectors, routes, files and roles, in the language spoken now; `reports.words` has the rest."""

from outreach.campaigns.words import CampaignKind, FileKind, ReplyRoute
from outreach.directory.words import MISSION_KINDS, InstitutionKind, Presence, Sector
from outreach.i18n import _
from outreach.identity.words import StaffRole


def kinds() -> dict[InstitutionKind, str]:
    """The kinds of institutions."""
    return {
        InstitutionKind.PERMANENT_MISSION: _("Permanent mission"),
        InstitutionKind.PERMANENT_OBSERVER_MISSION: _("Permanent observer mission"),
        InstitutionKind.FOREIGN_MINISTRY: _("Ministry of foreign affairs"),
        InstitutionKind.MINISTRY: _("Ministry or government agency"),
        InstitutionKind.LOCAL_AUTHORITY: _("Local authority"),
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: _("National human rights institution"),
        InstitutionKind.CIVIL_SOCIETY: _("Civil society organization"),
        InstitutionKind.TRADE_UNION: _("Trade union"),
        InstitutionKind.UNIVERSITY: _("University or research institute"),
        InstitutionKind.PROFESSIONAL_ASSOCIATION: _("Professional association"),
        InstitutionKind.BUSINESS: _("Business"),
        InstitutionKind.INTERGOVERNMENTAL: _("Intergovernmental organization"),
    }


def kinds_to_ask() -> list[tuple[str, str]]:
    """The kinds that can be forwarded to, as choices of a form; ministries first, since most forward to them."""
    names = kinds()
    first = [InstitutionKind.MINISTRY]
    rest = [kind for kind in names if kind not in MISSION_KINDS and kind not in first]
    return [(kind.value, names[kind]) for kind in (*first, *rest)]


def sectors() -> dict[Sector, str]:
    """The fields of work."""
    return {
        Sector.FOREIGN_AFFAIRS: _("Foreign affairs"),
        Sector.HEALTH: _("Health"),
        Sector.EDUCATION: _("Education"),
        Sector.LABOUR: _("Labour"),
        Sector.AGRICULTURE: _("Agriculture"),
        Sector.JUSTICE: _("Justice"),
        Sector.FINANCE: _("Finance"),
        Sector.CULTURE: _("Culture"),
        Sector.DEVELOPMENT: _("Development"),
        Sector.PLANNING: _("Planning"),
        Sector.LOCAL_ADMINISTRATION: _("Local administration"),
        Sector.HUMAN_RIGHTS: _("Human rights"),
        Sector.OTHER: _("Another field"),
    }


def routes() -> dict[ReplyRoute, str]:
    """How a body replies."""
    return {
        ReplyRoute.THROUGH_MISSION: _("through the mission"),
        ReplyRoute.DIRECT: _("directly"),
    }


def files() -> dict[FileKind, str]:
    """The documents of a call."""
    return {FileKind.NOTE: _("Note verbale"), FileKind.ANNEX: _("Questionnaire")}


def campaign_kinds() -> dict[CampaignKind, str]:
    """What a call for input asks for."""
    return {
        CampaignKind.QUESTIONNAIRE: _("Answers to a questionnaire"),
        CampaignKind.CALL_FOR_CONTRIBUTIONS: _("Contributions in a text of their own"),
    }


def presences() -> dict[Presence, str]:
    """Whether a State has a mission at a post."""
    return {Presence.YES: _("yes"), Presence.NO: _("no"), Presence.UNKNOWN: _("unknown")}


def roles() -> dict[StaffRole, str]:
    """What staff may do, in a word."""
    return {
        StaffRole.ADMINISTRATOR: _("Administrator"),
        StaffRole.MANAGER: _("Manager"),
        StaffRole.READER: _("Reader"),
    }


def roles_explained() -> list[tuple[str, str]]:
    """The roles as choices of a form, the narrowest first."""
    return [
        (StaffRole.READER.value, _("Reader: reads, and changes nothing")),
        (StaffRole.MANAGER.value, _("Manager: also sends calls for input and keeps the directory")),
        (StaffRole.ADMINISTRATOR.value, _("Administrator: also keeps the accounts and reads the audit trail")),
    ]


def record_taken_back(number: str, instant: str, contact: str) -> str:
    """What whoever has a receipt reads where the Secretariat took back what it had recorded, at an instant in words."""
    return _(
        "On %(instant)s the Secretariat took back its record %(number)s of your reply. It counts no more. Please write to %(contact)s with any question.",
        instant=instant,
        number=number,
        contact=contact,
    )
