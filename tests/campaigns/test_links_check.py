"""Trying the links that staff wrote: only public addresses are opened, and nobody waits longer than was said."""

import threading
from collections.abc import Sequence

import httpx
import pytest

from outreach.campaigns.links_check import Verdict, check_all


def answering(status: int) -> httpx.MockTransport:
    return httpx.MockTransport(lambda request: httpx.Response(status))


def public(host: str) -> Sequence[str]:
    return ["93.184.215.14"]


@pytest.mark.parametrize(
    ("status", "verdict"), [(200, Verdict.WORKS), (404, Verdict.DEAD), (410, Verdict.DEAD), (403, Verdict.UNSURE)]
)
def test_the_answer_of_the_site_is_the_verdict(status: int, verdict: Verdict) -> None:
    link = "https://secretariat.test/call"
    assert check_all([link], 60, find=public, transport=answering(status)) == {link: verdict}


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1/", "http://[::1]/", "http://10.0.0.8/", "http://169.254.169.254/latest", "http://8.8.8.8:22/"],
)
def test_an_address_that_is_not_public_is_not_opened(link: str) -> None:
    def opened(request: httpx.Request) -> httpx.Response:
        raise AssertionError("it was opened")

    assert check_all([link], 60, transport=httpx.MockTransport(opened)) == {link: Verdict.NOT_PUBLIC}


def test_a_name_that_leads_inside_is_not_opened_after_a_redirect_either() -> None:
    moved = httpx.MockTransport(lambda request: httpx.Response(302, headers={"location": "http://inside.test/"}))

    def find(host: str) -> Sequence[str]:
        return ["10.0.0.8"] if host == "inside.test" else public(host)

    assert check_all(["https://out.test/"], 60, find=find, transport=moved) == {"https://out.test/": Verdict.NOT_PUBLIC}


def test_what_takes_longer_than_was_said_is_unsure() -> None:
    quick, slow = "https://quick.test/", "https://slow.test/"
    wait_for_the_end = threading.Event()
    holds_up_the_end: list[bool] = []

    def find(host: str) -> Sequence[str]:
        if host == "slow.test":
            holds_up_the_end.append(not threading.current_thread().daemon)
            wait_for_the_end.wait(600)
        return public(host)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    try:
        found = check_all([quick, slow], 2.0, find=find, transport=httpx.MockTransport(answer))
    finally:
        wait_for_the_end.set()
    assert found[slow] is Verdict.UNSURE
    assert holds_up_the_end in ([], [False])
    # On a machine that is too busy even the quick one may come too late.
    assert found[quick] in (Verdict.WORKS, Verdict.UNSURE)


def test_within_the_time_the_verdicts_are_the_same() -> None:
    link = "https://secretariat.test/call"
    assert check_all([link], 60, find=public, transport=answering(404)) == {link: Verdict.DEAD}
