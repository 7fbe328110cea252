"""An XLSForm workbook, read by pyxform into what the rules need. What can't be read is said in a sentence."""

import dataclasses
import logging
import re
import warnings
from pathlib import Path
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from outreach.errors import Invalid
from outreach.i18n import _
from outreach.questionnaires import workbook
from outreach.questionnaires.engine import reading
from outreach.questionnaires.engine.definitions import RuleForm
from outreach.questionnaires.engine.faults import RuleFault

_OWN = "outreach::"
_NAME = re.compile(r"[^\W\d][\w. -]*")
_CHOICE_TEXTS = frozenset({"label", "caption", "hint", "media", "image", "audio", "video", "big-image"})
_ROW = re.compile(r"\[row : (\d+)\]")
_DUMP = re.compile(r"\s*\{'.*\}$")
_SHEET = re.compile(r"On the '(\w+)' sheet")
_log = logging.getLogger(__name__)
_TYPES = {".xlsx": ".xlsx", ".xlsm": ".xlsx", ".xls": ".xls"}


def from_file(path: Path) -> RuleForm:
    """The form in a workbook file; tables that it refers to are looked for beside it. Raises Invalid with a sentence."""
    if path.suffix.lower() not in _TYPES:
        raise Invalid(_("A questionnaire is an Excel workbook (.xlsx or .xls)."))
    try:
        if path.stat().st_size > workbook.MOST_BYTES:
            raise Invalid(
                _(
                    "The workbook is larger than %(most)d MB. Please leave out pictures.",
                    most=workbook.MOST_BYTES // 1024**2,
                )
            )
        content = path.read_bytes()
    except OSError:
        raise Invalid(_("There is no such file: %(name)s", name=path.name)) from None
    return from_bytes(content, _TYPES[path.suffix.lower()], _beside(path))


def from_bytes(content: bytes, kind: str = ".xlsx", attachment: reading.Attachment = lambda name: None) -> RuleForm:
    """The form in a workbook. Raises Invalid with a sentence."""
    return from_xform(xform_of(content, kind), attachment)


def from_xform(xform: str, attachment: reading.Attachment = lambda name: None) -> RuleForm:
    """The form that an XForm says. Raises Invalid with a sentence."""
    try:
        return reading.read(xform, attachment)
    except RuleFault as fault:
        raise rule_fault(fault) from None
    except (ValueError, RecursionError) as fault:
        raise _refused(fault) from None


def xform_of(content: bytes, kind: str = ".xlsx") -> str:
    """The XForm that pyxform makes of a workbook, without our own columns, which it does not know. Raises Invalid."""
    if kind == ".xlsx":
        workbook.guard(content, macros=True)
    elif len(content) > workbook.MOST_BYTES:
        raise Invalid(
            _(
                "The workbook is larger than %(most)d MB. Please leave out pictures.",
                most=workbook.MOST_BYTES // 1024**2,
            )
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = get_xlsform(content, file_type=kind)
            sheets = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
            for name, rows in sheets.items():
                if name in {"survey", "survey_header", "choices", "choices_header"} and rows:
                    sheets[name] = [_without_own(name, row) for row in rows]
            made: str = convert(sheets, warnings=[]).xform
            return made
    except PyXFormError as fault:
        raise _refused(fault) from None
    # pyxform meets workbooks that it did not foresee with TypeError, AttributeError, KeyError and whatever else.
    except Exception as fault:  # noqa: BLE001
        raise _refused(fault) from None


def rule_fault(fault: RuleFault) -> Invalid:
    """A rule that can't be used, as a sentence."""
    return Invalid(_("This rule can't be used: %(rule)s (%(reason)s)", rule=fault.rule, reason=fault.reason))


def _refused(fault: BaseException) -> Invalid:
    if not isinstance(fault, PyXFormError):
        _log.warning("pyxform broke at a workbook: %r", fault)
        return no_form()
    words = " ".join(str(fault).split())[:500]
    sentence = _("The workbook is not a valid XLSForm: %(words)s", words=_ROW.sub("", _DUMP.sub("", words)).strip())
    row, sheet = _ROW.search(words), _SHEET.search(words)
    if row is None:
        return Invalid(sentence)
    named = sheet[1] if sheet else "survey"
    return Invalid(_("Sheet “%(sheet)s”, row %(row)d: %(sentence)s", sheet=named, row=int(row[1]), sentence=sentence))


def no_form() -> Invalid:
    """What is said where pyxform breaks at a workbook instead of saying why."""
    return Invalid(
        _(
            "This workbook can't be read as an XLSForm, and we can't say in which row that is. Please take out what was added last and try again."
        )
    )


def _without_own(name: str, row: Any) -> Any:
    return {heading: cell for heading, cell in row.items() if _known(name, str(heading).strip())}


def _known(name: str, heading: str) -> bool:
    """Whether pyxform takes a column: none of ours, and of an author's own for choices only what can be a name."""
    if heading.lower().startswith(_OWN):
        return False
    if not name.startswith("choices"):
        return True
    stem, colon, _rest = heading.partition(":")
    if colon:
        return stem.strip().lower() in _CHOICE_TEXTS
    return _NAME.fullmatch(heading) is not None and heading.lower() != "media"


def _beside(path: Path) -> reading.Attachment:
    def attachment(name: str) -> bytes | None:
        held = path.parent / Path(name).name
        try:
            return held.read_bytes() if held.is_file() and held.stat().st_size <= workbook.MOST_BYTES else None
        except OSError:
            return None

    return attachment
