"""`outreach campaign notes`: the notes and letters of a call for input to print, all of them in a folder."""

from pathlib import Path

import click

from outreach.campaigns import notes, queries
from outreach.cli.campaign import writing
from outreach.cli.campaign_sending import campaign
from outreach.correspondence.documents.page import Page
from outreach.correspondence.documents.pdf import to_pdfs
from outreach.correspondence.documents.word import to_docx
from outreach.i18n import _, ngettext

__all__ = ["campaign"]


@campaign.command("notes")
@click.argument("code")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--each", is_flag=True, help="Also one note for each mission, in the folder “each”.")
def notes_command(code: str, folder: Path, each: bool) -> None:
    """Write the notes verbales and letters of a campaign into a FOLDER, as PDF and as Word, in each language that has its text."""
    with writing() as session:
        one = queries.campaign_by_code(session, code)
        pages = {
            f"{register.value}.{language}": notes.page(session, one, register, language)
            for language, registers in notes.offered(session, one).items()
            for register in registers
        }
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in pages.items():
            (folder / f"{name}.docx").write_bytes(to_docx(page))
        number = _written(folder, pages)
        if each:
            (folder / "each").mkdir(exist_ok=True)
            number += _written(folder / "each", dict(notes.for_each(session, one)))
        session.rollback()
        if number:
            click.echo(
                ngettext(
                    "%(num)s document is in %(folder)s.", "%(num)s documents are in %(folder)s.", number, folder=folder
                )
            )
        else:
            click.echo(_("Nothing was written: the campaign has no texts yet."))


def _written(folder: Path, pages: dict[str, Page]) -> int:
    for name, made in zip(pages, to_pdfs(pages.values()), strict=True):
        (folder / f"{name}.pdf").write_bytes(made)
    return len(pages)
