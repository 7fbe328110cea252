"""Seeded random expressions, worked out by @getodk/xforms-engine and by our own rules under random answers; where they differ is printed.

    python benchmarks/rules/expressions.py PACKAGES [--sets 20] [--each 200] [--seed 1] [--show 40]

PACKAGES is the folder where `npm install` was run with package.json of this folder.
"""

import argparse
import json
import os
import random
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from outreach.questionnaires.engine import workbooks
from outreach.questionnaires.engine.definitions import RuleForm
from outreach.questionnaires.engine.faults import Endless, RuleFault
from outreach.questionnaires.engine.grammar import Rule
from outreach.questionnaires.engine.session import Session
from tests.questionnaires.workbooks import workbook

HERE = Path(__file__).parent
SURVEY = [
    ("text", "t"), ("text", "t2"), ("integer", "n"), ("integer", "n2"), ("decimal", "c"), ("date", "d"), ("date", "d2"),
    ("dateTime", "dt"), ("time", "tm"), ("select_one town", "o"), ("select_multiple town", "m"), ("rank yn", "rk"),
    ("geopoint", "gp"), ("geotrace", "gt"), ("geoshape", "gs"), ("acknowledge", "ok"), ("text", "blank"),
    ("begin_repeat", "r"), ("text", "name"), ("integer", "age"), ("date", "born"),
    ("begin_repeat", "s"), ("decimal", "v"), ("text", "w"), ("end_repeat",), ("end_repeat",),
]  # fmt: skip
CHOICES = [
    ("yn", "yes", "Yes", "", ""), ("yn", "no", "No", "", ""), ("town", "a1", "Alpha", "a", "10"),
    ("town", "a2", "Béta", "a", "200"), ("town", "b1", "Delta 'x'", "b", ""), ("town", "c1", "Ctown", "c", "7.5"),
]  # fmt: skip
TEXTS = [
    "", "abc", "a", "ABC def", " lead", "a  b", "1", "0", "-3", "3.50", "1e3", "0x1F", ".5", "1,000", "2026-01-31",
    "2026-01-31T10:30:00.000Z", "10:30", "Łódź", "東京 x", "O'Brien", "yes no", "a1 c1", "true", "Infinity",
]  # fmt: skip
ANSWERS: dict[str, list[Any]] = {
    "t": TEXTS, "t2": TEXTS, "name": TEXTS, "w": TEXTS,
    "n": ["0", "1", "5", "-3", "2147483647"], "n2": ["2", "17", "007"], "age": ["0", "5", "17", "18", "64"],
    "c": ["0", "1.5", "-2.25", "1e-7", "123456789.125", "1e21"], "v": ["0.5", "2", "-1"],
    "d": ["2026-01-31", "2024-02-29", "1969-12-31", "1970-01-01"], "d2": ["2030-06-02", "1900-03-01"],
    "born": ["2020-05-05", "2000-01-01"], "dt": ["2026-01-31T10:30:00.000Z", "2024-02-29T00:00:00.000+02:00"],
    "tm": ["10:30:00.000+00:00", "23:59:00.000+01:00"], "o": ["a1", "a2", "b1"], "m": [["a1"], ["b1", "a1"], []],
    "rk": [["no", "yes"]], "gp": ["1.5 2.5 0 0", "-33.9 151.2 10.5 4"], "gt": ["1 2 0 0;3 4 0 0", "1 1;2 2;3 1"],
    "gs": ["0 1 0 0;0 5 0 0;5 5 0 0;0 1 0 0"], "ok": ["OK"],
}  # fmt: skip
PATHS = [
    *(f"/data/{name}" for name in ANSWERS if name not in {"name", "age", "born", "v", "w"}),
    "/data/blank", "/data/r/name", "/data/r/age", "/data/r/s/v", "/data/r", "/data/r/s", "/data/nowhere", ".",
    "/data/r[1]/age", "/data/r[position() = 2]/name", "/data/r[last()]/age", "/data/r[age > 10]/name", "//age",
    "../age", "../name", "current()/../age", "/data/r[position() = position(current()/..) - 1]/age",
    "instance('town')/root/item[name = /data/o]/label", "instance('town')/root/item[area = 'a']/pop",
]  # fmt: skip
OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or"]
FUNCTIONS = """
    if(@, @, @)  not(@)  boolean(@)  boolean-from-string(@)  coalesce(@, @)  concat(@, @)  join(@, @, #)  string(#)
    string-length(@)  contains(@, @)  starts-with(@, @)  ends-with(@, @)  substr(@, @)  substr(@, @, @)  substring(@, @)
    substring(@, @, @)  substring-before(@, @)  substring-after(@, '-')  translate(@, @, @)  normalize-space(@)
    selected(@, @)  selected-at(@, @)  count-selected(@)  jr:choice-name(@, '/data/o')  number(@)  int(@)  round(@)
    round(@, @)  floor(@)  ceiling(@)  abs(@)  pow(@, @)  sqrt(@)  exp10(@)  log(@)  log10(@)  min(@, @)  max(@, #)  min(#)
    max(#)  sum(#)  count(#)  count-non-empty(#)  position(..)  indexed-repeat(/data/r/age, /data/r, @)
    indexed-repeat(/data/r/s/v, /data/r, 1, /data/r/s, @)  once(@)  date(@)  date-time(#)  decimal-date-time(@)
    decimal-time(#)  format-date(#, '%Y/%m/%d %n %e %b')  format-date-time(#, '%H:%M:%S.%3 %h')  (today()_-_#)  pulldata('town', 'pop', 'name', @)
    checklist(@, @, @, @)  weighted-checklist(@, @, @, @, @, @)  regex(@, '^[a-z]+$')  area(#)  distance(#, '1_2')
    geofence(/data/gp, #)  digest(@, 'SHA-256')  base64-decode(@)  count(/data/r[age_>_@])
""".replace(", ", ",").split()


class Chance:
    """Draws answers and expressions."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def answers(self) -> tuple[dict[str, Any], dict[str, int]]:
        """A set of answers, and the counts of its repeats."""
        given: dict[str, Any] = {}
        counts = {"/r": self.random.randint(0, 3)}
        where = [("", name) for name in ANSWERS if name not in {"name", "age", "born", "v", "w"}]
        for one in range(1, counts["/r"] + 1):
            where += [(f"/r[{one}]", name) for name in ("name", "age", "born")]
            counts[f"/r[{one}]/s"] = self.random.randint(0, 2)
            for other in range(1, counts[f"/r[{one}]/s"] + 1):
                where += [(f"/r[{one}]/s[{other}]", name) for name in ("v", "w")]
        for above, name in where:
            if self.random.random() < 0.8:
                given[f"{above}/{name}"] = self.random.choice(ANSWERS[name])
        return given, counts

    def expression(self, depth: int) -> str:
        """An expression so many operators and functions deep."""
        pick = self.random
        if depth == 0:
            said = pick.choice([*TEXTS, "a1", "-", "18"])
            literal = pick.choice([f'"{said}"', "0", "1", "2", "-1", "0.5", "100", "12."])
            return pick.choice(PATHS) if pick.random() < 0.7 else literal
        if pick.random() < 0.3:
            return f"{self.expression(depth - 1)} {pick.choice(OPERATORS)} {self.expression(depth - 1)}"
        made = pick.choice(FUNCTIONS).replace("_", " ").replace(",", ", ")
        while "@" in made or "#" in made:
            made = made.replace("@", self.expression(depth - 1), 1).replace("#", pick.choice(PATHS), 1)
        return made


def ours(form: RuleForm, answers: dict[str, Any], counts: dict[str, int], where: str, said: str) -> list[Any] | str:
    """The text and the truth of an expression at a place, or what is wrong with it."""
    session = Session(form, answers, counts)
    try:
        made = Rule(said)
        return [made.text_at(session, session.places[where]), made.truth_at(session, session.places[where])]
    except (RuleFault, Endless) as fault:
        return str(fault)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("packages", type=Path)
    arguments.add_argument("--sets", type=int, default=20)
    arguments.add_argument("--each", type=int, default=200)
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--show", type=int, default=40)
    told = arguments.parse_args()
    chance, work = Chance(told.seed), []
    survey = [(kind, name, name) for kind, name, *_rest in ((*row, "") for row in SURVEY)]
    xform = workbooks.xform_of(
        workbook(survey, CHOICES, survey_head=("type", "name", "label"), choices_head=("list_name", "name", "label", "area", "pop"))
    )  # fmt: skip
    form = workbooks.from_xform(xform)
    file = Path(tempfile.mkdtemp()) / "form.xml"
    file.write_text(xform)
    for _number in range(told.sets):
        answers, counts = chance.answers()
        places = [path for path, place in Session(form, answers, counts).places.items() if place.definition.control]
        asked = [
            (chance.random.choice(places), chance.expression(chance.random.choice([1, 1, 2, 3])))
            for _each in range(told.each)
        ]
        work.append((answers, counts, asked))
    lines = "".join(
        json.dumps({"xml": str(file), "answers": a, "repeats": c, "expressions": asked}) + "\n" for a, c, asked in work
    )
    engine = subprocess.run(
        ["node", str(HERE / "engine.mjs"), str(told.packages)],
        input=lines, text=True, stdout=subprocess.PIPE, check=True, env={**os.environ, "TZ": "UTC"},
    )  # fmt: skip
    counted: Counter[str] = Counter()
    for (answers, counts, asked), line in zip(work, engine.stdout.splitlines(), strict=True):
        for (where, said), theirs in zip(asked, json.loads(line)["worked_out"], strict=True):
            mine = ours(form, answers, counts, where, said)
            if isinstance(theirs, str):
                counted["the other engine refuses"] += 1
            elif mine == theirs:
                counted["agree"] += 1
            else:
                counted["differ"] += 1
                if counted["differ"] <= told.show:
                    print(f"{where}  {said}\n    ours {mine}, theirs {theirs}")
    print(dict(counted))


if __name__ == "__main__":
    main()
