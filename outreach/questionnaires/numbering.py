"""The printed numbers of a questionnaire's rows: 1, 1.1, and 1.1.a for what depends on 1.1."""

import re
from collections.abc import Iterable, Sequence

from outreach.questionnaires.rows import Cells, kind_of

BEGIN, END = ("begin_group", "begin_repeat"), ("end_group", "end_repeat")


def lettered(survey: Iterable[Cells]) -> bool:
    """Whether the questions of a section are 3.a, 3.b instead of 3.1, 3.2."""
    return any(re.fullmatch(r"\d+\.[a-z]", row.get("outreach::code", "")) for row in survey)


def _first_in(code: str, *, letters: bool) -> str:
    """The number of the first within what has this number."""
    return f"{code}.a" if ("." in code) != letters else f"{code}.1"


def numbered(survey: Iterable[Cells], code: str, *, letters: bool) -> list[Cells]:
    """The rows with new numbers, the first of them `code`."""
    found: list[Cells] = []
    following = [code]
    main: list[tuple[str, str]] = [("", "")]
    for row in survey:
        kind = kind_of(row)
        if kind in END and len(following) > 1:
            following.pop()
            main.pop()
        if kind in (*END, "note", "calculate", "hidden"):
            found.append({key: text for key, text in row.items() if key != "outreach::code"})
            continue
        name, letter = main[-1]
        if name and not letters and kind not in BEGIN and f"${{{name}}}" in row.get("relevant", ""):
            found.append({**row, "outreach::code": letter})
            main[-1] = (name, _next_code(letter))
            continue
        here = following[-1]
        found.append({**row, "outreach::code": here})
        following[-1], main[-1] = _next_code(here), (row.get("name", ""), f"{here}.a")
        if kind in BEGIN:
            following.append(_first_in(here, letters=letters))
            main.append(("", ""))
    return found


def fresh_code(survey: Sequence[Cells], at: int) -> str:
    """The number that follows those before this place in the same group, and that nobody has yet."""
    beside, around, depth = [], "", 0
    for row in reversed(survey[:at]):
        kind = kind_of(row)
        depth += (kind in END) - (kind in BEGIN)
        if depth < 0:
            around = row.get("outreach::code", "")
            break
        if depth == 0 and row.get("outreach::code"):
            beside.append(row["outreach::code"])
    if beside:
        # 5.5 comes after 5.4.a: of its neighbours those with the fewest pieces count.
        code = _next_code(min(beside, key=lambda one: one.count(".")))
    else:
        code = _first_in(around, letters=lettered(survey)) if around else "1"
    taken = {row.get("outreach::code") for row in survey}
    while code in taken:
        code = _next_code(code)
    return code


def _next_code(code: str) -> str:
    """3.4 after 3.3, 3.b after 3.a; 3.1 after what ends in neither."""
    head, sign, last = code.rpartition(".")
    if last.isascii() and last.isdigit():
        return f"{head}{sign}{int(last) + 1}"
    if re.fullmatch("[a-y]", last):
        return f"{head}{sign}{chr(ord(last) + 1)}"
    return f"{code}.1"
