"""The check of a questionnaire's rules from outside: a form and a set of answers in, what is asked, wrong and worked out."""

import logging
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from outreach.errors import Invalid
from outreach.i18n import _
from outreach.questionnaires.engine import workbooks
from outreach.questionnaires.engine.definitions import RuleForm
from outreach.questionnaires.engine.faults import Endless, RuleFault
from outreach.questionnaires.engine.results import results

_MOST_FORMS = 64
_log = logging.getLogger(__name__)


class Checker:
    """Checks many sets of answers; a workbook is read again only when it has changed."""

    def __init__(self) -> None:
        self._forms: dict[str, tuple[float, RuleForm | Invalid]] = {}

    def check(self, asked: Any) -> dict[str, Any]:
        """The outcome of {"form": path, "answers": {…}, "repeats": {…}}; never raises for what was asked."""
        name = asked.get("form") if isinstance(asked, dict) else None
        try:
            if not isinstance(name, str):
                raise Invalid(_("Each line is an object with “form” and “answers”."))
            found = results(self._form(Path(name)), _answers(asked.get("answers")), _counts(asked.get("repeats")))
        except Invalid as fault:
            return _outcome(name, fault.message)
        except RuleFault as fault:
            return _outcome(name, workbooks.rule_fault(fault).message)
        except (Endless, RecursionError):
            return _outcome(name, _("The rules of this questionnaire take too long to work out."))
        # One set that we did not foresee must not stop the others.
        except Exception:  # noqa: BLE001
            _log.exception("a set of answers could not be checked")
            return _outcome(name, _("Something went wrong on our side"))
        return {
            **_outcome(name, None),
            "relevant": dict(found.relevant),
            "invalid": dict(found.invalid),
            "calculated": dict(found.calculated),
        }

    def _form(self, path: Path) -> RuleForm:
        try:
            changed = path.stat().st_mtime
        except (OSError, ValueError):
            raise Invalid(_("There is no such file: %(name)s", name=path.name)) from None
        known = self._forms.get(str(path))
        if known is None or known[0] != changed:
            if len(self._forms) >= _MOST_FORMS:
                self._forms.pop(next(iter(self._forms)))
            known = self._forms[str(path)] = (changed, _read(path))
        if isinstance(known[1], Invalid):
            raise known[1]
        return known[1]


def _read(path: Path) -> RuleForm | Invalid:
    try:
        return workbooks.from_file(path)
    except Invalid as fault:
        return fault


def _outcome(name: Any, error: str | None) -> dict[str, Any]:
    return {"form": name, "ok": error is None, "error": error, "relevant": {}, "invalid": {}, "calculated": {}}


def _answers(given: Any) -> dict[str, str | list[str]]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Invalid(_("Each line is an object with “form” and “answers”."))
    return {
        path: [_said(one) for one in answer] if isinstance(answer, list) else _said(answer)
        for path, answer in given.items()
    }


def _said(answer: Any) -> str:
    """An answer as text; numbers and truths of JSON as an author of a form would write them."""
    if isinstance(answer, bool):
        return "true" if answer else "false"
    return "" if answer is None else str(answer)


def _counts(given: Any) -> Mapping[str, int]:
    if not isinstance(given, dict):
        return {}
    return {
        path: int(count) for path, count in given.items() if isinstance(count, int | float) and math.isfinite(count)
    }
