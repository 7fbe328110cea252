"""The sentence of the report, in each language: "Replies were received from the following 42 States: Argentina, Armenia, …"."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy.orm import Session

from outreach import i18n
from outreach.correspondence.holds import Hold
from outreach.correspondence.words import HoldKind
from outreach.directory import queries as directory
from outreach.directory.models import StateStatus
from outreach.i18n import _, ngettext


def replies_sentence(session: Session, codes: Collection[str], language: str) -> str:
    """Which States replied, in `language` and in the order of its lists; observer States are counted apart.

    Names stand after a colon, so that no language must decline them.
    """
    replied = [state for state in directory.states(session, language) if state.code in set(codes)]
    members = [state.short for state in replied if state.status is StateStatus.MEMBER]
    observers = [state.short for state in replied if state.status is StateStatus.OBSERVER]
    with i18n.speaking(language):
        if not replied:
            return _("No replies of States have been received.")
        sentences = []
        if members:
            sentences.append(
                ngettext(
                    "A reply was received from the following State: %(names)s.",
                    "Replies were received from the following %(num)s States: %(names)s.",
                    len(members),
                    names=i18n.join(members),
                )
            )
        if observers:
            sentences.append(
                ngettext(
                    "A reply was received from the following observer State: %(names)s.",
                    "Replies were received from the following %(num)s observer States: %(names)s.",
                    len(observers),
                    names=i18n.join(observers),
                )
            )
        return ("" if language == "zh" else " ").join(sentences)


def time_left_words(time_left: timedelta | None) -> str:
    """How long letters will go on leaving; empty where that is not known."""
    if time_left is None:
        return ""
    minutes = round(time_left / timedelta(minutes=1))
    if minutes < 1:
        return _("less than a minute left")
    if minutes <= 90:
        return ngettext("about %(num)s minute left", "about %(num)s minutes left", minutes)
    return ngettext("about %(num)s hour left", "about %(num)s hours left", round(minutes / 60))


def refused_words(hold: Hold) -> str:
    """That so many letters were refused one after the other, where we stopped for that: the hold's reason follows."""
    if hold.refused_in_a_row is None:
        return ""
    return ngettext(
        "%(num)s letter was refused, in these words:",
        "%(num)s letters in a row were refused, the last one in these words:",
        hold.refused_in_a_row,
    )


def hold_words(hold: Hold, since: str) -> str:
    """Why letters wait, and since when, in a sentence."""
    if hold.kind is HoldKind.PERSON:
        return _("Sending is paused since %(instant)s.", instant=since)
    if hold.kind is HoldKind.RELAY:
        sentence = _("No letter leaves since %(instant)s: the mail relay refuses us.", instant=since)
        return " ".join(filter(None, (sentence, refused_words(hold))))
    return _("No letter leaves since %(instant)s: the database may be older than what has left.", instant=since)
