"""Markdown that staff wrote, as safe HTML for a page."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "h4", "a", "hr", "code"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def prose(markdown: str) -> Markup:
    """The text as HTML with a few harmless elements; links lead to https and mail only."""
    rendered = _MARKDOWN.render(markdown)
    for from_, to in (("h1", "h3"), ("h2", "h3")):
        rendered = rendered.replace(f"<{from_}>", f"<{to}>").replace(f"</{from_}>", f"</{to}>")
    clean = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 - nh3 has just cleaned it
