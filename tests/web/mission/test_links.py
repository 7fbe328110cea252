"""A link opens what it was made for and nothing else: kinds don't cross, and what was changed by a hand opens nothing."""

import uuid

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from outreach import config, i18n
from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.config import Settings
from outreach.errors import Missing
from tests.web.mission.conftest import World

KINDS = st.sampled_from(list(LinkKind))
CONTACT = uuid.UUID("5a0c1f6e-1d0f-4f0e-8f6c-0b1c9d1f7a11")
SECRETS = {
    "OUTREACH_DATABASE_URL": "postgresql+psycopg://outreach@127.0.0.1:9/none",
    "OUTREACH_BROKER_URL": "redis+socket:///nonexistent/valkey.sock",
    "OUTREACH_SMTP_URL": "smtp://127.0.0.1:9",
    "OUTREACH_STORAGE_URL": "file:///nonexistent",
    "OUTREACH_BASE_URL": "http://127.0.0.1:8000",
    "OUTREACH_SECRET_KEY": "a secret of tests only, of forty characters",
    "OUTREACH_MAIL_DOMAIN": "outreach.example",
    "OUTREACH_SENDER": "Outreach <outreach@secretariat.example>",
}


@pytest.fixture(scope="module", autouse=True)
def signing() -> object:
    """Settings that sign, for tests without a database."""
    config.use(config.load(SECRETS))
    yield
    config.use(None)


def signed(kind: LinkKind, invitation_id: uuid.UUID) -> str:
    """A token; one that ends letters names an address too."""
    return links.sign(kind, invitation_id, CONTACT if kind is LinkKind.STOP else None)


@given(KINDS, st.uuids())
def test_a_link_opens_its_invitation(kind: LinkKind, invitation_id: uuid.UUID) -> None:
    assert links.read(kind, signed(kind, invitation_id)) == invitation_id


@given(KINDS, KINDS, st.uuids())
def test_a_link_of_one_kind_never_opens_another(made: LinkKind, tried: LinkKind, invitation_id: uuid.UUID) -> None:
    if made is tried:
        return
    with i18n.speaking("en"), pytest.raises(Missing):
        links.read(tried, signed(made, invitation_id))


@given(KINDS, st.uuids(), st.data())
def test_a_changed_link_opens_nothing(kind: LinkKind, invitation_id: uuid.UUID, data: st.DataObject) -> None:
    token = signed(kind, invitation_id)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda character: character != token[place]))
    changed = token[:place] + other + token[place + 1 :]
    with i18n.speaking("en"):
        try:
            opened = links.read(kind, changed)
        except Missing:
            return
    # The last digit of base64 has bits that stand for nothing: another spelling of the same link is the same link.
    assert opened == invitation_id


@given(KINDS, st.text())
def test_anything_typed_opens_nothing(kind: LinkKind, typed: str) -> None:
    with i18n.speaking("en"), pytest.raises(Missing):
        links.read(kind, typed)


@given(KINDS, st.uuids(), st.uuids())
def test_a_signature_is_good_for_its_invitation_only(kind: LinkKind, own: uuid.UUID, other: uuid.UUID) -> None:
    if own == other:
        return
    body = signed(kind, other).split(".")[0]
    signature = signed(kind, own).split(".")[1]
    with i18n.speaking("en"), pytest.raises(Missing):
        links.read(kind, f"{body}.{signature}")


@pytest.mark.parametrize("path", ["", "/forward", "/text", "/no-submission", "/address"])
def test_the_link_to_pass_on_opens_no_page_of_the_mission(
    client: FlaskClient, settings: Settings, world: World, path: str
) -> None:
    token = links.sign(LinkKind.PASS_ON, world.geneva_id)
    assert client.get(f"/m/{token}{path}").status_code == 404
    assert client.get(f"/m/{links.sign(LinkKind.ANSWER, world.geneva_id)}{path}").status_code == 404
