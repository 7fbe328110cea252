"""The facts on States, from the file that ships with the package into the tables."""

import csv
from importlib.resources import files

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.directory.models import RegionalGroup, State, StateName, StateStatus
from outreach.i18n import LANGUAGES


def seed_states(session: Session) -> bool:
    """Make `state` and `state_name` equal to `data/states.csv`; whether anything changed.

    A State's language of correspondence is not in the file and stays as recorded.
    """
    text = (files("outreach.directory") / "data" / "states.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    changed = _seed_codes(session, rows)
    return _seed_names(session, rows) or changed


def _seed_codes(session: Session, rows: list[dict[str, str]]) -> bool:
    known = {state.code: state for state in session.scalars(select(State))}
    for row in rows:
        state = known.get(row["code"])
        if state is None:
            state = State(code=row["code"])
            session.add(state)
        facts = {
            "iso2": row["iso2"],
            "m49": row["m49"],
            "status": StateStatus(row["status"]),
            "regional_group": RegionalGroup(row["group"]) if row["group"] else None,
            "capital_zone": row["capital_zone"] or None,
        }
        for column, value in facts.items():
            if getattr(state, column) != value:
                setattr(state, column, value)
    changed = bool(session.new or session.dirty)
    session.flush()
    return changed


def _seed_names(session: Session, rows: list[dict[str, str]]) -> bool:
    wanted = {
        (row["code"], of): (row[f"short_{of}"], row[f"formal_{of}"], row[f"of_{of}"], int(row[f"order_{of}"]))
        for row in rows
        for of in LANGUAGES
    }
    recorded = {
        (name.state_code, name.language): (name.short, name.formal, name.of_form, name.list_order)
        for name in session.scalars(select(StateName))
    }
    if recorded == wanted:
        return False
    # All anew: two States that swap places would break the unique order on the way.
    session.execute(delete(StateName))
    session.add_all(
        StateName(state_code=code, language=of, short=short, formal=formal, of_form=of_form, list_order=order)
        for (code, of), (short, formal, of_form, order) in wanted.items()
    )
    session.flush()
    return True
