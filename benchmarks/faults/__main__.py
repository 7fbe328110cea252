"""Trials of faults in their long form.

    .venv/bin/python -m benchmarks.faults [--seed 1] [--only kills broker crash cuts] [--letters 2000] [--write docs/faults.md]

Real worker, beat, Valkey and PostgreSQL; a mail server outside counts what arrived by Message-ID. Prints a table and, as the last line,
JSON; `--write` puts the table between its two marks in a document. The exit status is 1 where a bound does not hold.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.faults import stage as stages
from benchmarks.faults.broker import broker
from benchmarks.faults.database import crash, cuts
from benchmarks.faults.finding import Finding
from benchmarks.faults.kills import kills
from benchmarks.faults.stage import Stage

TRIALS: dict[str, Callable[[Stage, random.Random, int], Finding]] = {
    "kills": lambda stage, chance, letters: kills(stage, chance, letters, max(3, letters // 100)),
    "broker": broker,
    "crash": lambda stage, chance, letters: crash(stage, chance, letters, 3),
    "cuts": lambda stage, chance, letters: cuts(stage, chance, letters, 10),
}
BEGIN, END = "<!-- the table begins -->", "<!-- the table ends -->"


def table(found: list[Finding], seed: int) -> str:
    """The findings as a table in Markdown."""
    lines = [
        f"Seed {seed}, {os.cpu_count()} cores.",
        "",
        "| trial | letters | what was done | lost | came twice | may at most | all final after | holds |",
        "|---|---|---|---|---|---|---|---|",
        *(
            f"| {one.trial} | {one.letters:,} | {one.done} | {one.lost} | {one.repeated} | {one.at_most} | {one.seconds:.0f} s"
            f" | {'yes' if one.holds else 'NO'} |"
            for one in found
        ),
    ]
    return "\n".join(lines)


def write(document: Path, text: str) -> None:
    """Put the table in its place."""
    head, _begin, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    document.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")


def main() -> int:
    """Run the trials, print and write what they found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--letters", type=int, default=2000)
    options.add_argument("--only", choices=TRIALS, nargs="*", default=list(TRIALS))
    options.add_argument("--write", type=Path)
    given = options.parse_args()
    found = []
    for name in given.only:
        with tempfile.TemporaryDirectory(prefix="outreach-faults-") as folder, stages.set_up(Path(folder)) as stage:
            found.append(TRIALS[name](stage, random.Random(f"{given.seed} {name}"), given.letters))
            print(json.dumps(found[-1].as_json()), flush=True)
    text = table(found, given.seed)
    print(text)
    if given.write:
        write(given.write, text)
    print(json.dumps({"seed": given.seed, "trials": [one.as_json() for one in found]}))
    return int(not all(one.holds for one in found))


if __name__ == "__main__":
    sys.exit(main())
