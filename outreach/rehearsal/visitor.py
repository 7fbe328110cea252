"""A visitor without a browser: opens pages by HTTP, fills in their forms as they stand, and presses their buttons."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from lxml import html

# Made once: each client would read all certificates of the world, to speak to loopback.
_TLS = ssl.create_default_context()


class PlayError(Exception):
    """A page was not as the play expects it: the address, the status, and what the page said."""


@dataclass
class Page:
    """A page that was opened."""

    url: str
    status: int
    tree: Any

    @property
    def text(self) -> str:
        """The page's words."""
        return " ".join(self.tree.text_content().split())

    @property
    def path(self) -> str:
        """The page's own path, without what follows the question mark."""
        return urlsplit(self.url).path

    def link(self, part: str) -> str:
        """The path of the first link that contains `part`. Raises PlayError."""
        for address in self.tree.xpath("//main//a/@href"):
            if part in address:
                return urlsplit(str(address)).path
        raise PlayError(f"{self.url} leads to no {part}: {self.text[:300]}")

    def has_form(self, ending: str) -> bool:
        """Whether the page has a form whose action ends so."""
        return any(self._action(form).endswith(ending) for form in self.tree.forms)

    def form(self, ending: str) -> Any:
        """The form whose action (default: the page itself) ends so; of two the one that acts. Raises PlayError."""
        for form in sorted(self.tree.forms, key=lambda form: form.method != "POST"):
            if self._action(form).endswith(ending):
                return form
        raise PlayError(f"{self.url} ({self.status}) has no form to {ending}: {self.text[:300]}")

    def _action(self, form: Any) -> str:
        return str(form.action or self.url).split("?")[0]


class Visitor:
    """One person at one computer, with cookies of their own."""

    def __init__(self, base_url: str, language: str = "en") -> None:
        # Each request over a connection of its own: gunicorn closes one that was idle for two seconds, perhaps just as the next
        # request leaves, which is then lost, and a form is not sent twice.
        self._client = httpx.Client(
            base_url=base_url,
            follow_redirects=True,
            timeout=300,
            trust_env=False,
            verify=_TLS,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self.language = language

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def open(self, address: str) -> Page:
        """Open an address (whole, or a path). Raises PlayError unless the page is there."""
        return self._page(self._client.get(address))

    def send(
        self,
        page: Page,
        ending: str,
        values: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        button: tuple[str, str] | None = None,
    ) -> Page:
        """Fill in the form whose action ends with `ending`, keep what it holds already, and press its button."""
        form = page.form(ending)
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        for name, value in (values or {}).items():
            data[name] = value
        if button is not None:
            data[button[0]] = button[1]
        address = httpx.URL(page.url).join(form.action or page.url)
        # Forms without files are sent as the browser sends them: urlencoded.
        return self._page(self._client.post(address, data=data, files=dict(files) if files else None))

    def _page(self, response: httpx.Response) -> Page:
        tree: Any = html.fromstring(response.text) if response.text.strip() else html.fromstring("<p></p>")
        page = Page(str(response.url), response.status_code, tree)
        if response.status_code >= 400:
            raise PlayError(
                f"{response.request.method} {response.url} answered {response.status_code}: {page.text[:400]}"
            )
        return page
