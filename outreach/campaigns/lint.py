"""What must be mended before a campaign may be launched, and what its staff should consider. Nothing is changed here."""

import enum
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import audience, queries
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.links_check import Verdict
from outreach.campaigns.models import Campaign, CampaignKind, CampaignText, FileKind
from outreach.campaigns.written_dates import find_dates
from outreach.dates import un_date, un_instant
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, ngettext
from outreach.questionnaires import queries as questionnaires
from outreach.questionnaires import versions

TryLinks = Callable[[Iterable[str]], Mapping[str, Verdict]]
"""`links_check.check_all`, or a stand-in. None where links are not to be tried."""


class Severity(enum.StrEnum):
    """What a finding means for the launch."""

    REFUSE = "refuse"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One thing found: a sentence in the language spoken, and where: settings, texts, files, translations, audience; the language."""

    severity: Severity
    sentence: str
    where: str
    language: str | None = None


def lint(session: Session, campaign_id: uuid.UUID, try_links: TryLinks | None = None) -> list[Finding]:
    """All findings, those that refuse first. Links are tried only with `try_links` (which may take seconds). Raises Missing."""
    campaign = queries.campaign(session, campaign_id)
    texts = queries.texts(session, campaign_id)
    files = {(file.language, file.kind) for file in queries.files(session, campaign_id)}
    found = [
        *_settings(session, campaign),
        *_languages(campaign, texts),
        *_files(campaign, files),
        *_links(texts, try_links),
        *_deadlines(campaign, texts),
        *_mailboxes(campaign, texts),
        *_audience(session, campaign),
    ]
    return sorted(found, key=lambda finding: finding.severity is Severity.WARN)


def refusals(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The sentences that stand against a launch."""
    return tuple(finding.sentence for finding in findings if finding.severity is Severity.REFUSE)


def _refuse(sentence: str, where: str, language: str | None = None) -> Finding:
    return Finding(Severity.REFUSE, sentence, where, language)


def _warn(sentence: str, where: str, language: str | None = None) -> Finding:
    return Finding(Severity.WARN, sentence, where, language)


def _settings(session: Session, campaign: Campaign) -> Iterable[Finding]:
    # Later recipients are asked until the deadline of all, as far as it was extended by then.
    deadline = deadline_for(session, campaign, None)
    if deadline.at <= clock.now():
        written = un_instant(deadline.at, deadline.zone)
        yield _refuse(_("The deadline, %(instant)s, has passed.", instant=written), "settings")
    if campaign.kind is CampaignKind.QUESTIONNAIRE and campaign.questionnaire_version_id is None:
        yield _refuse(_("The questionnaire (an XLSForm workbook) is missing."), "files")
    if campaign.questionnaire_version_id is not None:
        form = questionnaires.form_of(session, campaign.questionnaire_version_id)
        missing = sum(1 for name in form.picture_names() if name not in form.pictures)
        if missing:
            yield _warn(
                ngettext(
                    "%(num)d picture that the questionnaire names is missing.",
                    "%(num)d pictures that the questionnaire names are missing.",
                    missing,
                ),
                "files",
            )
        for language, number in versions.gaps(session, campaign.questionnaire_version_id).items():
            yield _warn(
                ngettext(
                    "%(language)s: %(num)d text of the questionnaire is missing, or older than the original.",
                    "%(language)s: %(num)d texts of the questionnaire are missing, or older than the original.",
                    number,
                    language=NATIVE_NAMES[language],
                ),
                "translations",
                language,
            )


def _languages(campaign: Campaign, texts: Mapping[str, CampaignText]) -> Iterable[Finding]:
    for language in LANGUAGES:
        text = texts.get(language)
        if text is None or not all(part.strip() for part in (text.title, text.mandate, text.note, text.letter)):
            yield _refuse(
                _(
                    "%(language)s: a text is missing. Each language needs a title, the mandate, a note and a letter.",
                    language=NATIVE_NAMES[language],
                ),
                "texts",
                language,
            )
        elif language != campaign.original_language and not text.reviewed_by:
            yield _warn(
                _(
                    "%(language)s: the translation was not reviewed, and its readers are told so.",
                    language=NATIVE_NAMES[language],
                ),
                "texts",
                language,
            )


def _files(campaign: Campaign, files: set[tuple[str, FileKind]]) -> Iterable[Finding]:
    for language in LANGUAGES:
        if (language, FileKind.NOTE) not in files:
            yield _refuse(
                _("%(language)s: the initialled note is missing.", language=NATIVE_NAMES[language]), "files", language
            )
        if campaign.kind is CampaignKind.QUESTIONNAIRE and (language, FileKind.ANNEX) not in files:
            yield _refuse(
                _("%(language)s: the annexed questionnaire is missing.", language=NATIVE_NAMES[language]),
                "files",
                language,
            )


_PLACEHOLDER_HOSTS = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|example|invalid|test|localhost|domain\.com|website\.com)$", re.IGNORECASE
)
_PLACEHOLDER_WORDS = re.compile(
    r"lien hypertexte|\blien ici\b|insérer (?:le |un )?lien|\binsert (?:the |a )?(?:hyper)?link\b|(?:hyper)?link here|\blink to (?:be )?(?:follow|inserted|added)\b"
    r"|\bhyperlink\b|hipervínculo|enlace aquí|insert(?:ar|e) (?:el |un )?enlace|гиперссылк|ссылка здесь|вставить ссылку"
    r"|الرابط هنا|أدخل الرابط|إدراج رابط|رابط تشعبي|超链接|此处插入|插入链接|链接在此|\bTODO\b|\bTBC\b|\bX{3,}\b|\[(?:link|lien|enlace|ссылка|رابط|链接|URL)\](?!\()",
    re.IGNORECASE,
)
_EMPTY_LINK = re.compile(r"\[([^\]\n]*)\]\(\s*(?:#[^)\s]*|<>|\.{2,}|…)?\s*\)")
_BARE_LINK = re.compile(r"https?://[^\s<>\"“”«»()\[\]،。，；）（]+", re.IGNORECASE)
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def links_of(markdown: str) -> list[str]:
    """The targets of the links of a text, written as Markdown or bare; mail addresses are left out."""
    found = [
        str(child.attrs["href"])
        for token in _MARKDOWN.parse(markdown)
        for child in token.children or ()
        if child.type == "link_open"
    ]
    found += [link.rstrip(".,;:!?") for link in _BARE_LINK.findall(markdown)]
    return list(dict.fromkeys(link for link in found if not link.lower().startswith("mailto:")))


def _host(link: str) -> str:
    found = re.match(r"(?i)https?://(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]+)", link)
    return found[1] if found else ""


def _links(texts: Mapping[str, CampaignText], try_links: TryLinks | None) -> Iterable[Finding]:
    to_try: dict[str, list[str]] = {}
    for language, text in texts.items():
        written = f"{text.note}\n\n{text.letter}"
        placeholders = [match[0] for match in (*_EMPTY_LINK.finditer(written), *_PLACEHOLDER_WORDS.finditer(written))]
        for link in links_of(written):
            if _PLACEHOLDER_HOSTS.search(_host(link)):
                placeholders.append(link)
            elif _host(link):
                to_try.setdefault(link, []).append(language)
            elif link and not link.startswith("#"):
                placeholders.append(link)
        for words in dict.fromkeys(placeholders):
            yield _refuse(
                _(
                    "%(language)s: “%(words)s” stands where a working link should be.",
                    language=NATIVE_NAMES[language],
                    words=words,
                ),
                "texts",
                language,
            )
    verdicts = try_links(list(to_try)) if try_links and to_try else {}
    for link, verdict in verdicts.items():
        for language in to_try[link]:
            yield from _of_link(link, verdict, language)


def _of_link(link: str, verdict: Verdict, language: str) -> Iterable[Finding]:
    said = {"language": NATIVE_NAMES[language], "link": link}
    if verdict is Verdict.DEAD:
        yield _refuse(_("%(language)s: the link %(link)s leads to no page.", **said), "texts", language)
    elif verdict is Verdict.NOT_PUBLIC:
        sentence = _("%(language)s: the link %(link)s does not lead to a public address. It was not opened.", **said)
        yield _refuse(sentence, "texts", language)
    elif verdict is Verdict.UNSURE:
        sentence = _("%(language)s: the link %(link)s could not be tried. Please open it by hand.", **said)
        yield _warn(sentence, "texts", language)


def _deadlines(campaign: Campaign, texts: Mapping[str, CampaignText]) -> Iterable[Finding]:
    """A day that a text calls a deadline must be the campaign's; another day after the note must stand in all texts alike."""
    deadline = campaign.deadline_at.astimezone(ZoneInfo(campaign.deadline_zone)).date()
    called: set[tuple[str, date]] = set()
    named: dict[date, set[str]] = {}
    for language, text in texts.items():
        for part in (text.title, text.mandate, text.note, text.letter):
            for written in find_dates(part, language):
                if written.day in (deadline, campaign.note_date):
                    continue
                if written.as_deadline and written.day > campaign.note_date:
                    called.add((language, written.day))
                elif written.day > campaign.note_date:
                    named.setdefault(written.day, set()).add(language)
    differing = called | {(language, day) for day, where in named.items() if where != set(texts) for language in where}
    for language, day in sorted(differing):
        yield _refuse(
            _(
                "%(language)s: the text says %(day)s, and the deadline of the call is %(deadline)s.",
                language=NATIVE_NAMES[language],
                day=un_date(day),
                deadline=un_date(deadline),
            ),
            "texts",
            language,
        )
    for day in sorted(day for day, where in named.items() if where == set(texts)):
        yield _warn(
            _(
                "All texts speak of %(day)s, which is not the deadline (%(deadline)s). Please check that this is meant.",
                day=un_date(day),
                deadline=un_date(deadline),
            ),
            "texts",
        )


_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_FREE_MAIL = re.compile(
    r"@(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|gmx|proton|protonmail|yandex|mail\.ru|qq|163|126)\b",
    re.IGNORECASE,
)
_OFFICE_WORDS = {
    *(
        "mission",
        "office",
        "info",
        "contact",
        "registry",
        "secretariat",
        "team",
        "unit",
        "section",
        "service",
        "desk",
        "mail",
    ),
    *("consultation", "questionnaire", "support", "hub", "council", "committee", "division", "department", "permanent"),
}


def looks_personal(address: str) -> bool:
    """Whether a mailbox seems to be a person's: at a provider of free mail, or named "given.family"."""
    if _FREE_MAIL.search(address):
        return True
    parts = re.split(r"[._]", address.partition("@")[0].lower())
    return len(parts) == 2 and all(len(p) > 1 and p.isalpha() for p in parts) and not _OFFICE_WORDS & set(parts)


def _mailboxes(campaign: Campaign, texts: Mapping[str, CampaignText]) -> Iterable[Finding]:
    named = {campaign.contact: "settings"}
    for text in texts.values():
        for address in _ADDRESS.findall(f"{text.note}\n{text.letter}"):
            named.setdefault(address, "texts")
    for address, where in named.items():
        if looks_personal(address):
            yield _warn(
                _(
                    "%(address)s seems to be a person's mailbox. A functional mailbox is still read when the person has left.",
                    address=address,
                ),
                where,
            )


def _audience(session: Session, campaign: Campaign) -> Iterable[Finding]:
    count = audience.headcount(session, campaign)
    if not count.reachable:
        yield _refuse(
            _("There are no recipients: the directory has no address for any institution of the audience."), "audience"
        )
        return
    if count.missions_without_address:
        yield _warn(
            ngettext(
                "%(num)s mission has no address in the directory. It will not be written to.",
                "%(num)s missions have no address in the directory. They will not be written to.",
                count.missions_without_address,
            ),
            "audience",
        )
    if count.missions_refused:
        yield _warn(
            ngettext(
                "The address of %(num)s mission refused an earlier letter.",
                "The addresses of %(num)s missions refused an earlier letter.",
                count.missions_refused,
            ),
            "audience",
        )
