"""Editions: a letter kind of a campaign rendered once in a language and register, and frozen."""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.correspondence.merging import one_line, place, places_of
from outreach.correspondence.models import Edition, LetterKind, Register
from outreach.correspondence.prose import as_html, as_text, plain
from outreach.dates import un_date
from outreach.db import fresh_key
from outreach.paths import templates_dir

BOTH = "en+fr"
"""The language of a letter to those whose language nobody knows: English and French, one under the other."""


def parts_of(language: str) -> tuple[str, ...]:
    """The languages in which an edition speaks: one, or English and French."""
    return tuple(language.split("+"))


@dataclass(frozen=True)
class Attachment:
    """A file that a letter carries; its content is in the storage."""

    filename: str
    media_type: str
    content: str


@dataclass(frozen=True)
class CampaignLines:
    """What a letter says of its campaign, in one language. `body` is staff-written Markdown."""

    code: str
    title: str
    mandate: str
    note_reference: str
    note_date: date
    contact: str
    body: str
    by_mail: bool = False
    """Whether an answer to the letter reaches the service."""


@dataclass(frozen=True)
class Rendering:
    """What to render: `variant` is a word that the kind's template knows, such as "after" for a late reminder."""

    kind: LetterKind
    register: Register
    language: str
    variant: str = ""
    addressee: str = "mission"
    """In notes: mission, observer or ministry. In letters: stakeholder, where it is offered to get no more of them."""


@dataclass(frozen=True)
class Rendered:
    """An edition's texts, with places."""

    subject: str
    text: str
    html: str

    @property
    def places(self) -> Set[tuple[str, str]]:
        """The (language, name) of each value that a recipient's letter needs."""
        return places_of(self.subject) | places_of(self.text) | places_of(self.html)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Templates are Markdown and ours; what they are given is escaped as Markdown by the filter `plain`, the HTML is cleaned by nh3.
    made = Environment(
        loader=FileSystemLoader(templates_dir() / "emails"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=lambda name: bool(name and name.endswith(".html")),  # noqa: S701 - the others are Markdown
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: i18n.catalogue().ugettext(text),
        lambda one, many, n: i18n.catalogue().ungettext(one, many, n),
        newstyle=True,
        pgettext=lambda context, text: i18n.catalogue().upgettext(context, text),
    )
    made.filters["plain"] = plain
    made.globals["un_date"] = un_date
    return made


def render(wanted: Rendering, campaign: Callable[[str], CampaignLines] | None, **more: Any) -> Rendered:
    """Render a kind in its language or languages; `campaign` gives the campaign's words in a language (None: none is named).

    Each language is spoken for its own part, whatever is spoken outside. A recipient's values are not in it: `place` marks where they go.
    """
    languages = parts_of(wanted.language)
    parts = [_part(wanted, language, campaign(language) if campaign else None, more) for language in languages]
    subject = " / ".join(part.subject for part in parts)
    html = (
        _environment()
        .get_template("layout.html")
        .render(
            subject=subject,
            parts=[
                {"language": language, "direction": i18n.direction(language), "html": Markup(part.html)}  # noqa: S704 - cleaned
                for language, part in zip(languages, parts, strict=True)
            ],
        )
    )
    return Rendered(subject, f"\n{'-' * 20}\n\n".join(part.text for part in parts), html)


def _part(wanted: Rendering, language: str, campaign: CampaignLines | None, more: Mapping[str, Any]) -> Rendered:
    with i18n.speaking(language):
        template: Template = _environment().get_template(f"{wanted.kind.value}.md")
        context = template.new_context(
            {
                "campaign": campaign,
                "register": wanted.register.value,
                "variant": wanted.variant,
                "addressee": wanted.addressee,
                "place": lambda name: place(name, language),
                **more,
            }
        )
        subject = one_line("".join(template.blocks["subject"](context)))
        body = "".join(template.blocks["body"](context))
        return Rendered(subject, as_text(body), as_html(body, i18n.direction(language)))


def freeze(session: Session, wanted: Rendering, rendered: Rendered, attachments: Sequence[Attachment]) -> uuid.UUID:
    """Keep an edition, once for the same content; its id."""
    files = [{"filename": a.filename, "media_type": a.media_type, "content": a.content} for a in attachments]
    content = [wanted.kind, wanted.register, wanted.language, rendered.subject, rendered.text, rendered.html, files]
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    known = session.scalars(select(Edition.id).where(Edition.digest == digest)).one_or_none()
    if known is not None:
        return known
    session.execute(
        insert(Edition)
        .values(
            id=fresh_key(),
            digest=digest,
            kind=wanted.kind,
            register=wanted.register,
            language=wanted.language,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            attachments=files,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["digest"])
    )
    return session.scalars(select(Edition.id).where(Edition.digest == digest)).one()
