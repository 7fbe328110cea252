"""The addresses that letters carry: a token that is ours in any case of letters, and nobody else's."""

import string
from dataclasses import replace
from email.utils import parseaddr

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import config
from outreach.campaigns import letters
from outreach.config import Settings
from outreach.correspondence import addresses
from outreach.correspondence.models import Letter, LetterKind
from tests import factories

CODE = "KJ4T-92QX"


def test_the_address_for_replies_leads_to_its_invitation_in_any_case(settings: Settings) -> None:
    address = addresses.reply_address(CODE)
    local, _at, domain = address.partition("@")
    assert domain == settings.mail_domain
    assert len(local) < 40
    assert set(local.removeprefix("reply+")) <= set(string.ascii_lowercase + string.digits)
    assert {addresses.code_in(one) for one in (address, address.upper(), address.title())} == {CODE}


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.replace("kj4t", "kj4u"),
        lambda a: a.replace("@", "2@"),
        lambda a: a.replace("reply+", "bounces+"),
        lambda a: a.partition("@")[0] + "@elsewhere.example",
        lambda a: "reply+@" + a.partition("@")[2],
        lambda a: "reply+é" + a.partition("@")[0][7:] + "@" + a.partition("@")[2],
        lambda a: a[:-1],
        lambda a: "",
    ],
)
def test_no_other_address_does(settings: Settings, change: "object") -> None:
    assert callable(change)
    assert addresses.code_in(change(addresses.reply_address(CODE))) is None


def test_another_secret_makes_other_addresses(settings: Settings) -> None:
    address = addresses.reply_address(CODE)
    config.use(replace(settings, secret_key="y" * 40))
    assert addresses.code_in(address) is None


@pytest.mark.parametrize("way", ["inbox", "lmtp", "none"])
def test_a_letter_asks_for_replies_at_its_invitations_address_where_they_are_read(
    session: Session, settings: Settings, way: str
) -> None:
    config.use(
        replace(
            settings,
            inbox_url="imap://a:b@mail.example" if way == "inbox" else "",
            lmtp_listen=("127.0.0.1", 2424) if way == "lmtp" else None,
        )
    )
    campaign = factories.campaign(session)
    mission = factories.invitation(session, campaign, factories.mission(session, "KAZ"))
    letters.queue_for(session, mission, LetterKind.INVITATION, "launch")
    reply_to = session.scalars(select(Letter.reply_to)).one()
    assert reply_to is not None
    if way == "none":
        assert reply_to == campaign.contact
    else:
        assert parseaddr(reply_to) == (campaign.contact, addresses.reply_address(mission.code))
        assert addresses.code_in(parseaddr(reply_to)[1]) == mission.code
