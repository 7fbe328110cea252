"""The digest depends on what was answered, and on nothing else."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from outreach.submissions import versions

_ANSWERS = st.dictionaries(st.text(min_size=1), st.text() | st.lists(st.text()))
_FILE = st.fixed_dictionaries(
    {
        "question": st.none() | st.text(),
        "filename": st.text(),
        "content": st.text("0123456789abcdef", min_size=4, max_size=4),
    }
)


@given(_ANSWERS, st.lists(_FILE), st.randoms())
def test_order_does_not_matter(answers: dict[str, Any], files: list[dict[str, Any]], chance: Any) -> None:
    names = list(answers)
    chance.shuffle(names)
    shuffled = list(files)
    chance.shuffle(shuffled)
    assert versions.digest(answers, files) == versions.digest({name: answers[name] for name in names}, shuffled)


@given(_ANSWERS, _ANSWERS)
def test_other_answers_have_another_digest(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (versions.digest(one, []) == versions.digest(other, [])) == (one == other)


def test_the_canonical_bytes_are_as_documented() -> None:
    manifest = [{"question": "b", "filename": "Annex.pdf", "content": "00"}]
    assert versions.canonical({"z": "да", "a": ["x"]}, manifest).decode() == (
        '{"answers":{"a":["x"],"z":"да"},"files":[{"filename":"Annex.pdf","question":"b","sha256":"00"}]}'
    )
