"""How many mails a second one core classifies, over a folder of mails that is not part of this repository.

    .venv/bin/python -m benchmarks.classifying [FOLDER] [--rounds 5]

FOLDER, else the variable OUTREACH_LABELLED_MAIL, names it. Mails are read into memory first; the time is processor time of this process,
so that what else runs on the machine counts for little. Prints a table and, as the last line, JSON.
"""

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from outreach.inbox import parsing
from outreach.inbox.understanding import classify


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", nargs="?", type=Path, default=os.environ.get("OUTREACH_LABELLED_MAIL"))
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    if given.folder is None:
        asked.error("name a folder, or set OUTREACH_LABELLED_MAIL")
    mails = [file.read_bytes() for file in sorted(Path(given.folder).glob("*.eml"))]
    if not mails:
        asked.error(f"no .eml files in {given.folder}")
    kinds = Counter(classify(mail).kind.value for mail in mails)  # and everything is loaded
    best = {}
    for name, act in (("classify", classify), ("parse for the page", parsing.parse)):
        best[name] = min(_seconds(act, mails) for _round in range(given.rounds))
    slowest = max(_seconds(classify, [mail]) for mail in mails)
    size = sum(map(len, mails))
    print(f"{len(mails)} mails, {size / 1e6:.1f} MB; the best of {given.rounds} rounds, processor time of one core")
    print("| what | mails a second | ms a mail | MB a second |\n| --- | ---: | ---: | ---: |")
    for name, seconds in best.items():
        print(
            f"| {name} | {len(mails) / seconds:,.0f} | {1000 * seconds / len(mails):.2f} | {size / 1e6 / seconds:.1f} |"
        )
    print(f"the slowest mail takes {1000 * slowest:.1f} ms to classify; kinds: {dict(kinds.most_common())}")
    rates = {name: round(len(mails) / seconds, 1) for name, seconds in best.items()}
    print(
        json.dumps(
            {"mails": len(mails), "mails_a_second": rates, "slowest_ms": round(1000 * slowest, 1), "kinds": kinds}
        )
    )


def _seconds(act: Callable[[bytes], object], mails: list[bytes]) -> float:
    began = time.process_time()
    for mail in mails:
        act(mail)
    return time.process_time() - began


if __name__ == "__main__":
    main()
