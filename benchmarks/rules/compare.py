"""Seeded random answers, played into @getodk/xforms-engine and into our own rules; where they differ is printed, and a table.

    python benchmarks/rules/compare.py FORMS PACKAGES [--sets 50] [--seed 1] [--half 0|1] [--show 5] [--only WORD] [--skip WORD]

FORMS is a folder of XLSForm workbooks, PACKAGES the folder where `npm install` was run with package.json of this folder.
"""

import argparse
import json
import os
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from outreach import i18n
from outreach.errors import Invalid
from outreach.questionnaires.checking import Checker
from outreach.questionnaires.engine import workbooks
from outreach.questionnaires.engine.definitions import Definition, RuleForm
from outreach.questionnaires.engine.session import Session

HERE = Path(__file__).parent
TEXTS = [
    "",
    "OK",
    "yes",
    "no",
    "a b",
    "Łódź",
    'O\'Brien "x"',
    "東京",
    "1",
    "0",
    "12",
    "-3",
    "3.5",
    "2026-01-31",
    "x@y.example",
]
DATES = ["2026-01-31", "2024-02-29", "1999-12-31", "2030-06-01", "2026-02-30", "yesterday", "2026-11-25"]


def rule_texts(definition: Definition) -> Iterator[str]:
    for rule in (
        definition.relevant,
        definition.calculate,
        definition.constraint,
        definition.required,
        definition.count,
    ):
        if rule is not None:
            yield rule.text
    for child in definition.children:
        yield from rule_texts(child)


def rules_in(definition: Definition) -> int:
    """How many rules a form has; a required that always holds is none."""
    own = [definition.relevant, definition.calculate, definition.constraint, definition.count]
    own.append(
        definition.control.itemset.nodes
        if definition.control and definition.control.itemset and not definition.control.itemset.fixed
        else None
    )
    return sum(one is not None for one in own) + sum(rules_in(child) for child in definition.children)


class Chance:
    """Draws answers for a form; words and numbers of its own rules come up often, so that conditions hold now and then."""

    def __init__(self, form: RuleForm, seed: str) -> None:
        self.form = form
        self.random = random.Random(seed)
        said = " ".join(rule_texts(form.root))
        self.words = re.findall(r"'([^'/]{1,30})'", said) or ["x"]
        self.numbers = sorted(set(re.findall(r"(?<![\w.])\d{1,6}(?:\.\d+)?", said))) or ["5"]

    def draw(self) -> tuple[dict[str, Any], dict[str, int]]:
        pick = self.random
        counts = {}
        self.fill = pick.choice([0.3, 0.7, 0.95, 1.0])
        self.wild = pick.choice([0.0, 0.0, 0.05, 0.3])
        for definition in repeats(self.form.root):
            if definition.count is None and pick.random() < 0.7:
                counts[definition.path] = pick.randint(0, 3)
        answers: dict[str, Any] = {}
        for _again in range(3):  # counts and filtered lists follow from answers
            session = Session(self.form, answers, counts)
            for path, place in session.places.items():
                control = place.definition.control
                if (
                    control is None
                    or not place.definition.leaf
                    or place.definition.calculate
                    or place.definition.readonly
                ):
                    continue
                if path in answers:
                    kept = answers[path] in ("", []) or not session.mistyped(place) or pick.random() < self.wild
                    if kept:
                        continue
                elif pick.random() > self.fill:
                    continue
                answers[path] = self.answer(session, place)
        return answers, counts

    def answer(self, session: Session, place: Any) -> Any:
        pick, control, kind = self.random, place.definition.control, place.definition.kind
        wild = pick.random() < self.wild
        if control.kind in {"select", "select1", "rank"}:
            offered = [name for name, _label in session.options(place)]
            if control.kind == "select1":
                return "not-there" if wild or not offered else pick.choice(offered)
            if control.kind == "rank":
                ranked = pick.sample(offered, len(offered))
                return ranked[1:] if wild else ranked
            chosen = pick.sample(offered, pick.randint(0, min(4, len(offered))))
            return [*chosen, "not-there"] if wild else chosen
        if control.kind == "trigger":
            return pick.choice(["OK", "OK", ""])
        if control.kind == "upload":
            return "photo.jpg"
        if control.kind == "range":
            return str(pick.randint(int(control.lowest or 0), int(control.highest or 10) + (3 if wild else 0)))
        if kind == "int":
            near = int(float(pick.choice(self.numbers))) + pick.choice([-1, 0, 0, 1])
            return "abc" if wild else str(pick.choice([near, near, pick.randint(0, 4), pick.randint(-5, 2000)]))
        if kind == "decimal":
            near = float(pick.choice(self.numbers)) + pick.choice([-0.5, 0, 0.25])
            return (
                "a lot"
                if wild
                else str(pick.choice([near, round(pick.uniform(-5, 500), 2), float(pick.randint(0, 9))]))
            )
        if kind == "date":
            return pick.choice(DATES if wild else DATES[:4])
        if kind == "time":
            return pick.choice(["10:30:00.000Z", "23:59:00.000+01:00", *(["25:00:00", "noon"] if wild else [])])
        if kind == "dateTime":
            return pick.choice(
                ["2026-01-31T10:30:00.000Z", "2024-02-29T00:00:00.000+02:00", *(["2026-01-31"] if wild else [])]
            )
        if kind in {"geopoint", "geotrace", "geoshape"}:
            point = f"{pick.uniform(-80, 80):.4f} {pick.uniform(-170, 170):.4f} 0 0"
            return point if kind == "geopoint" else "; ".join([point, "1.5 2.5 0 0", "2.5 3.5 0 0", point])
        return pick.choice([pick.choice(self.words), pick.choice(TEXTS)])


def repeats(definition: Definition) -> Iterator[Definition]:
    if definition.repeat:
        yield definition
    for child in definition.children:
        yield from repeats(child)


def differences(ours: dict[str, Any], theirs: dict[str, Any]) -> list[tuple[str, str, Any, Any]]:
    found = []
    for part in ("relevant", "invalid", "calculated"):
        for path in sorted(set(ours[part]) | set(theirs[part])):
            mine, other = ours[part].get(path), theirs[part].get(path)
            volatile = isinstance(mine, str) and isinstance(other, str) and mine[:10] == other[:10] and "T" in mine[:12]
            if mine != other and not volatile and not (mine or "").__str__().startswith("uuid:"):
                found.append((part, path, mine, other))
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("forms", type=Path)
    arguments.add_argument("packages", type=Path)
    arguments.add_argument("--sets", type=int, default=50)
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--half", type=int, choices=[0, 1])
    arguments.add_argument("--show", type=int, default=3)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--skip", default="\0", help="leave out forms with this word in their name")
    told = arguments.parse_args()
    checker, work, rows = Checker(), [], []
    scratch = Path(tempfile.mkdtemp())
    paths = [path for path in sorted(told.forms.iterdir()) if told.only in path.name and told.skip not in path.name]
    for place, path in enumerate(paths):
        if told.half is not None and place % 2 != told.half:
            continue
        try:
            xform = workbooks.xform_of(path.read_bytes(), path.suffix.lower())
            form = workbooks.from_file(path)
        except Invalid as fault:
            print(f"{path.name}: {fault.message}")
            continue
        xml = scratch / f"{path.name}.xml"
        xml.write_text(xform)
        chance = Chance(form, f"{told.seed}:{path.name}")
        for _number in range(told.sets):
            answers, counts = chance.draw()
            work.append((path, form, xml, answers, counts))
    lines = "".join(json.dumps({"xml": str(x), "answers": a, "repeats": c}) + "\n" for _p, _f, x, a, c in work)
    engine = subprocess.run(
        ["node", str(HERE / "engine.mjs"), str(told.packages)],
        input=lines, text=True, stdout=subprocess.PIPE, check=True, env={**os.environ, "TZ": "UTC"},
    )  # fmt: skip
    by_form: dict[Path, dict[str, Any]] = {}
    for (path, form, _xml, answers, counts), line in zip(work, engine.stdout.splitlines(), strict=True):
        theirs = json.loads(line)
        if path not in by_form:
            checker.check({"form": str(path)})  # reading the workbook is no part of a set's time
        row = by_form.setdefault(
            path, {"rules": rules_in(form.root), "sets": 0, "agree": 0, "ms": 0.0, "refused": 0, "shown": 0}
        )
        if not theirs["ok"]:
            row["refused"] += 1
            row["why"] = theirs["error"]
            continue
        start = time.perf_counter()
        ours = checker.check({"form": str(path), "answers": answers, "repeats": counts})
        row["ms"] += (time.perf_counter() - start) * 1000
        found = differences(ours, theirs) if ours["ok"] else [("error", "", ours["error"], None)]
        row["sets"] += 1
        row["agree"] += not found
        if found and row["shown"] < told.show:
            row["shown"] += 1
            print(f"\n{path.name}")
            for part, where, mine, other in found[:6]:
                print(f"  {part} {where}: ours {mine!r}, theirs {other!r}; answered {answers.get(where)!r}")
    print("\n| form | rules | sets | agree | ms a set |\n|---|---|---|---|---|")
    for path, row in by_form.items():
        rows.append(row)
        note = f" (the engine refuses {row['refused']}: {row['why'][:80]})" if row["refused"] else ""
        each = row["ms"] / max(row["sets"], 1)
        print(f"| {path.name}{note} | {row['rules']} | {row['sets']} | {row['agree']} | {each:.1f} |")
    for title, chosen in (("all", rows), ("five rules or more", [row for row in rows if row["rules"] >= 5])):
        sets, agree = sum(row["sets"] for row in chosen), sum(row["agree"] for row in chosen)
        print(f"{title}: {agree} of {sets} sets agree in every value ({100 * agree / max(sets, 1):.2f} %)")


if __name__ == "__main__":
    with i18n.speaking("en"):
        main()
