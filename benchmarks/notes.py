"""How long a note verbale takes: 193 States by six languages, each note with an addressee of its own, as PDF and as Word.

    .venv/bin/python -m benchmarks.notes [--states 193]

The first note of each language reads its fonts and is told apart. The others are made as for a whole campaign, two at once; beside the time
that passes stands the processor's, which what else runs on the machine changes little. Prints a table and, as the last line, JSON.
"""

import argparse
import csv
import json
import resource
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from outreach.campaigns.folder import SAMPLE, read_folder
from outreach.correspondence.documents import composing, secretariat
from outreach.correspondence.documents.addressing import Addressee
from outreach.correspondence.documents.composing import Call
from outreach.correspondence.documents.page import Page
from outreach.correspondence.documents.pdf import to_pdf, to_pdfs
from outreach.correspondence.documents.word import to_docx
from outreach.directory.models import InstitutionKind, Seat
from outreach.directory.names import mission_name
from outreach.i18n import LANGUAGES, pgettext, speaking
from outreach.paths import PACKAGE

AIM_MS = 5.0


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--states", type=int, default=193)
    given = asked.parse_args()
    with (PACKAGE / "directory" / "data" / "states.csv").open(encoding="utf-8") as rows:
        states = list(csv.DictReader(rows))[: given.states]
    print(f"{len(states)} notes in each of six languages; aim for PDF: {AIM_MS:.0f} ms a note after the first")
    print(
        "| language | first PDF, ms | then ms a note | processor ms a note | KB a note | Word, ms a note |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |"
    )
    means = {}
    for language in LANGUAGES:
        pages = _notes(language, states)
        # Each of the two compilers reads its fonts.
        first = _measured(lambda few: [to_pdf(page) for page in few], pages[:1])
        list(to_pdfs(pages[:4]))
        made = _measured(to_pdfs, pages[1:])
        word = _measured(lambda few: [to_docx(page) for page in few], pages[:20])
        means[language] = made.passed
        print(
            f"| {language} | {first.passed:.0f} | {made.passed:.1f} | {made.worked:.1f} | {made.size / 1000:.0f} | {word.passed:.0f} |"
        )
    mean = sum(means.values()) / len(means)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"all: {mean:.1f} ms a note, {memory} MB at most")
    print(
        json.dumps(
            {"ms_a_note": round(mean, 2), "by_language": {k: round(v, 2) for k, v in means.items()}, "mb": memory}
        )
    )


def _notes(language: str, states: Sequence[Mapping[str, str]]) -> list[Page]:
    with speaking("en"):
        text = read_folder(SAMPLE).texts[language]
        wording = secretariat.read((SAMPLE / "secretariat.toml").read_text("utf-8")).wordings[language]
    call = Call(
        code="KH-2027",
        title=text.title,
        mandate=text.mandate,
        reference="OESCR/KH/2027-17",
        day=date(2027, 1, 12),
        deadline_at=datetime(2027, 2, 26, 22, 59, tzinfo=UTC),
        deadline_zone="Europe/Zurich",
        contact="knowledge-hub@secretariat.example",
        body=text.note,
        has_annex=True,
        public="https://outreach.example/c/KH-2027",
    )
    return [composing.note(call, wording, _addressee(language, state[f"of_{language}"])) for state in states]


def _addressee(language: str, of_state: str) -> Addressee:
    with speaking(language):
        to = pgettext(
            "to whom the Secretariat presents its compliments",
            "to the Permanent Mission %(of_state)s",
            of_state=of_state,
        )
        renew = pgettext(
            "to whom the Secretariat renews its assurances", "to the Permanent Mission %(of_state)s", of_state=of_state
        )
    return Addressee(to, renew, (mission_name(InstitutionKind.PERMANENT_MISSION, Seat.GENEVA, of_state, language),))


@dataclass(frozen=True)
class _Measured:
    """Milliseconds that passed, and that the processor worked, a note; and bytes a note."""

    passed: float
    worked: float
    size: float


def _measured(make: Callable[[Sequence[Page]], Iterable[bytes]], pages: Sequence[Page]) -> _Measured:
    began, worked = time.perf_counter(), time.process_time()
    size = sum(map(len, make(pages)))
    passed, worked = time.perf_counter() - began, time.process_time() - worked
    return _Measured(1000 * passed / len(pages), 1000 * worked / len(pages), size / len(pages))


if __name__ == "__main__":
    main()
