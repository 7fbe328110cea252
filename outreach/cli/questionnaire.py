"""`outreach questionnaire`: what the rules of a workbook make of answers; questionnaires out of the service."""

import json
import sys
from pathlib import Path
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


@questionnaire.command("export")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--tools", is_flag=True, help="As other tools (ODK, Kobo) read it, without what stops them.")
def export_command(code: str, file: Path, tools: bool) -> None:
    """Write the questionnaire of the call CODE to FILE (.xlsx, or .zip with its pictures): as it was given, unless --tools says otherwise."""
    from outreach.campaigns import queries
    from outreach.cli.campaign import writing
    from outreach.config import settings
    from outreach.errors import Missing
    from outreach.questionnaires import versions
    from outreach.storage import Storage

    with writing() as session:
        version_id = queries.campaign_by_code(session, code).questionnaire_version_id
        if version_id is None:
            raise Missing(_("There is no such questionnaire."))
        storage = Storage(settings().storage)
        if file.suffix.lower() == ".zip":
            content = versions.with_pictures(session, storage, version_id, tools=tools)
        else:
            content = (versions.for_other_tools if tools else versions.workbook_of)(session, storage, version_id)
        file.write_bytes(content)
        session.rollback()


def _outcome(checker: Any, line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        error = _("This line is no JSON.")
        return {"form": None, "ok": False, "error": error, "relevant": {}, "invalid": {}, "calculated": {}}
    found: dict[str, Any] = checker.check(asked)
    return found
