"""How many of a folder of real XLSForms the service takes over, and why it refuses the others. The forms are not part of this repository.

    .venv/bin/python -m benchmarks.importing FOLDER [--remarks]

Prints a line for each form that is refused, with all its faults, and the figure at the end; with --remarks also what those that are
taken over say to their author.
"""

import argparse
import time
from pathlib import Path

from outreach import i18n
from outreach.errors import Invalid
from outreach.questionnaires import xlsform
from outreach.questionnaires.xlsform_out import workbook

_SHOWN = 8


def main() -> None:
    """Import and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--remarks", action="store_true")
    given = asked.parse_args()
    files = sorted(file for file in given.folder.iterdir() if file.suffix.lower() in {".xlsx", ".xls"})
    taken, began = 0, time.process_time()
    with i18n.speaking("en"):
        for file in files:
            try:
                found = xlsform.read_with_remarks(file.read_bytes())
            except Invalid as fault:
                _say(f"refused {file.name}", fault.faults or (fault.message,))
                continue
            taken += 1
            if xlsform.read(workbook(found.form)) != found.form:
                print(f"{file.name}: written out, it reads back as another form")
            if given.remarks:
                _say(f"taken {file.name}", found.remarks)
    print(f"{taken} of {len(files)} taken over, {time.process_time() - began:.0f} s of processor time")


def _say(head: str, sentences: tuple[str, ...]) -> None:
    print(head)
    for sentence in sentences[:_SHOWN]:
        print(f"    {sentence}")
    if len(sentences) > _SHOWN:
        print(f"    and {len(sentences) - _SHOWN} more")


if __name__ == "__main__":
    main()
