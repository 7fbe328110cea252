"""The report of an import in words, the same for the command line and the page."""

from outreach.directory.importing import ImportReport, LineNote
from outreach.i18n import _


def figures(report: ImportReport) -> list[str]:
    """What was counted, a line each."""
    return [
        _("Rows: %(count)s", count=report.rows),
        _("Institutions added: %(count)s", count=report.institutions_added),
        _("Contacts added: %(count)s", count=report.contacts_added),
        _("Presence of missions recorded: %(count)s", count=report.presences_set),
        _("Records updated: %(count)s", count=report.updated),
        _("Rows that change nothing: %(count)s", count=report.unchanged),
        _("Rows laid before staff: %(count)s", count=len(report.unmatched)),
        _("Rows not taken: %(count)s", count=len(report.faults)),
    ]


def remarks(report: ImportReport) -> list[tuple[str, list[LineNote]]]:
    """What is to be said of lines of the file, under a heading each; headings without lines are left out."""
    said = [
        (_("Not taken:"), report.faults),
        (_("No State of the 195, laid before staff:"), report.unmatched),
        (_("Left as it is in the directory:"), report.kept),
    ]
    return [(heading, notes) for heading, notes in said if notes]
