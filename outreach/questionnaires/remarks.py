"""What is said to the author of a workbook: faults, which stop it, and remarks, which don't; each with its sheet and row."""

from outreach.i18n import _
from outreach.questionnaires.workbook import Row, Sheet


class Remarks:
    """What was found so far. The same remark about many rows is said once, with the rows that it is about."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.others: list[str] = []
        self._of_rows: dict[tuple[str, str], list[int]] = {}

    def fault(self, sentence: str) -> None:
        """Something that must be changed."""
        if sentence not in self.faults:
            self.faults.append(sentence)

    def fault_at(self, sheet: Sheet, row: Row, sentence: str) -> None:
        """Something that must be changed in a row."""
        self.fault(
            _("Sheet “%(sheet)s”, row %(row)d: %(sentence)s", sheet=sheet.name, row=row.number, sentence=sentence)
        )

    def remark_at(self, sheet: Sheet, row: Row, sentence: str) -> None:
        """Something that an author should know of a row."""
        rows = self._of_rows.setdefault((sheet.name, sentence), [])
        # Rows of a loop are read once for each of its choices.
        if row.number not in rows[-50:]:
            rows.append(row.number)

    def of_rows(self) -> list[tuple[str, tuple[int, ...], str]]:
        """The remarks about rows: the sheet, its rows, the sentence."""
        return [(sheet, tuple(rows), sentence) for (sheet, sentence), rows in self._of_rows.items()]

    def all(self) -> list[str]:
        """All remarks, in sentences."""
        found = list(dict.fromkeys(self.others))
        for (sheet, sentence), rows in self._of_rows.items():
            if len(rows) == 1:
                found.append(
                    _("Sheet “%(sheet)s”, row %(row)d: %(sentence)s", sheet=sheet, row=rows[0], sentence=sentence)
                )
            else:
                shown = ", ".join(str(row) for row in rows[:30]) + (", …" if len(rows) > 30 else "")
                found.append(
                    _("Sheet “%(sheet)s”, rows %(rows)s: %(sentence)s", sheet=sheet, rows=shown, sentence=sentence)
                )
        return found
