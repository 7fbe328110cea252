"""A visitor without a browser who sends a page's own form back: CSRF token and hidden fields are read from the page."""

import re
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse


def document(page: TestResponse) -> html.HtmlElement:
    """The page as a tree."""
    return html.fromstring(page.get_data(as_text=True))


def text_of(page: TestResponse) -> str:
    """What a reader sees of the page's main part, with single spaces."""
    return re.sub(r"[ \t\r\n]+", " ", document(page).get_element_by_id("main").text_content()).strip()


def csrf_token(page: TestResponse) -> str:
    """The token of the first form of a page that has one."""
    found = document(page).xpath('//input[@name="csrf_token"]/@value')
    assert found, "the page has no form with a CSRF token"
    return str(found[0])


def send(
    client: FlaskClient, address: str, data: dict[str, Any] | None = None, *, page: str | None = None, **options: Any
) -> TestResponse:
    """Open `page` (default: the address itself), then POST `data` to the address with that page's CSRF token."""
    opened = client.get(page or address)
    assert opened.status_code == 200, opened.status
    return client.post(address, data={"csrf_token": csrf_token(opened), **(data or {})}, **options)
