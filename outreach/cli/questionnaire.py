"""`outreach questionnaire`: what the rules of a workbook make of answers."""

import json
import sys
from typing import Any, TextIO

import click

from outreach.i18n import _


@click.group()
def questionnaire() -> None:
    """Questionnaires in XLSForm workbooks."""


@questionnaire.command("check")
@click.argument("lines", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
def check_command(lines: TextIO) -> None:
    """Check sets of answers by the rules of their forms: a JSON line each in LINES, or from standard input.

    \b
    In:  {"form": "path.xlsx", "answers": {"/group/name": "value" or ["a", "b"]}, "repeats": {"/group/rep": 2}}
    Out: {"form", "ok", "error", "relevant": {path: bool}, "invalid": {path: "required|constraint|type"},
          "calculated": {path: "value"}}
    """
    from outreach.questionnaires.checking import Checker

    # A rule may lean on one above it, that on another, and so on for hundreds of questions.
    sys.setrecursionlimit(20_000)
    checker = Checker()
    for line in lines:
        if line.strip():
            click.echo(json.dumps(_outcome(checker, line), ensure_ascii=False))


def _outcome(checker: Any, line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        error = _("This line is no JSON.")
        return {"form": None, "ok": False, "error": error, "relevant": {}, "invalid": {}, "calculated": {}}
    found: dict[str, Any] = checker.check(asked)
    return found
