"""A campaign's texts in one language as a file: title and mandate between +++ lines, then the sections "# note" and "# letter"."""

import re
import tomllib
from dataclasses import dataclass

from outreach.campaigns.toml_table import Faults, Table
from outreach.i18n import _

_FENCE = "+++"
_SECTIONS = ("note", "letter")
_HEADING = re.compile(r"#\s+(.*?)\s*#*\s*")


@dataclass(frozen=True)
class TextFile:
    """What `texts/<language>.md` says. `note` and `letter` are Markdown."""

    title: str
    mandate: str
    note: str
    letter: str


def read_text_file(name: str, content: str, faults: Faults) -> TextFile:
    """Read the file called `name`; what is wrong is noted in `faults`, and stands empty in the answer."""
    lines = content.splitlines()
    head, body = _parted(lines)
    if head is None:
        faults.add(name, _("The file must begin with a line +++, then title and mandate, then a second line +++."))
        table = Table(name, {}, Faults())
    else:
        try:
            table = Table(name, tomllib.loads("\n".join(head)), faults)
        except tomllib.TOMLDecodeError as fault:
            # In the file the head begins one line further down, after the fence.
            faults.add(name, _("What stands between the +++ lines is not TOML: %(reason)s.", reason=str(fault)))
            table = Table(name, {}, Faults())
    title = table.text("title", takes=_("It takes the title of the call for input, on one line."))
    mandate = table.text("mandate", takes=_("It takes the resolution and its title, as in the middle of a sentence."))
    table.close()
    sections = _sections(name, body, faults)
    return TextFile(title, mandate, sections["note"], sections["letter"])


def _parted(lines: list[str]) -> tuple[list[str] | None, list[str]]:
    fences = [number for number, line in enumerate(lines) if line.strip() == _FENCE][:2]
    if len(fences) < 2 or any(line.strip() for line in lines[: fences[0]]):
        return None, [line for line in lines if line.strip() != _FENCE]
    return lines[fences[0] + 1 : fences[1]], lines[fences[1] + 1 :]


def _sections(name: str, lines: list[str], faults: Faults) -> dict[str, str]:
    gathered: dict[str, list[str]] = {}
    here: list[str] | None = None
    strays = False
    for line in lines:
        heading = _HEADING.fullmatch(line)
        if heading is None:
            if here is not None:
                here.append(line)
            strays = strays or (here is None and bool(line.strip()))
            continue
        called = heading[1]
        if called not in _SECTIONS or called in gathered:
            faults.add(
                name,
                _(
                    "The heading “# %(heading)s” is not expected: there is one “# note” and one “# letter”.",
                    heading=called,
                ),
            )
        here = gathered.setdefault(called, [])
    # Without its two fences the head stands among the lines too; that fault is already noted.
    if strays and not any(line.startswith(("title =", "mandate =")) for line in lines):
        faults.add(name, _("Text stands before the first heading; it belongs under “# note” or “# letter”."))
    texts = {section: "\n".join(gathered.get(section, [])).strip() for section in _SECTIONS}
    for section, text in texts.items():
        if not text:
            faults.add(
                f"{name}: # {section}",
                _("This section is missing or empty. It takes the body of the message, in Markdown."),
            )
    return texts
