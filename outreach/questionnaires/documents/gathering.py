"""The fields of a PDF form brought to the questions they answer."""

import re
from collections.abc import Mapping
from typing import Any

from outreach.questionnaires.documents import values
from outreach.questionnaires.documents.pieces import Cell
from outreach.questionnaires.documents.sorting import Sorted, same_places
from outreach.questionnaires.form import QuestionType


def gather(found: Sorted, fields: Mapping[str, Any]) -> None:
    """Take what the fields hold. A field is named by the key of its question, and the choice where it is the box of one."""
    known = found.known
    boxes: dict[str, list[str]] = {}
    ranks: dict[str, dict[str, str]] = {}
    for named, value in fields.items():
        key, _equals, choice = named.partition("=")
        key = key.replace("/", ".")
        name, _steps = found.place.steps(key)
        if name not in known.questions:
            continue
        if key not in found.met:
            found.met.append(key)
        question = known.question(name)
        text = value if isinstance(value, str) else ""
        if choice and question.type is QuestionType.RANK:
            ranks.setdefault(key, {})[choice] = text
        elif choice:
            if text not in ("", "/Off", "Off"):
                boxes.setdefault(key, []).append(choice)
        elif question.type is QuestionType.SELECT_ONE and text.startswith("/"):
            if re.fullmatch(r"/c\d+", text) and int(text[2:]) < len(question.distinct):
                found.values[key] = question.distinct[int(text[2:])].name
        elif text.strip():
            cell = Cell(lines=text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
            read, doubt, beside = found.value(question, cell)
            found.values[key] = read
            if doubt:
                found.doubts[key] = doubt
            for other in beside:
                found.stray(other, key)
    for key, chosen in boxes.items():
        question = known.question(found.place.steps(key)[0])
        order = [name for name, _words in known.choices[question.name]]
        picked = sorted(set(chosen) & set(order), key=order.index)
        found.values[key] = picked if question.type is QuestionType.SELECT_MULTIPLE else picked[0]
    for key, typed in ranks.items():
        found.values[key], sure = values.ranked((), known.choices[found.place.steps(key)[0]], typed)
        if not sure:
            found.doubts[key] = same_places()
