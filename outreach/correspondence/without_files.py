"""An edition whose documents are too large to be enclosed: the same letter, which says in their place where they are."""

from collections.abc import Sequence

from outreach.correspondence.editions import Rendered, parts_of
from outreach.correspondence.merging import place, places_of
from outreach.correspondence.prose import as_html, as_text, plain
from outreach.i18n import _, direction, speaking

_PAGES = ("linkmission", "linkanswer")
"""The places of links to pages that offer the documents; a letter has one of them."""
_END = "</body>"


def without_files(full: Rendered, language: str, files: Sequence[tuple[str, int]]) -> Rendered | None:
    """The texts of an edition that leaves without its files (name and bytes of each); None where it has no link to a page with them."""
    text, html = full.text.rstrip("\n") + "\n", ""
    for spoken in parts_of(language):
        link = next((name for name in _PAGES if (spoken, name) in places_of(full.text)), None)
        if link is None:
            return None
        with speaking(spoken):
            said = _notice(place(link, spoken), files)
        text += "\n" + as_text(said)
        html += f'<div lang="{spoken}" dir="{direction(spoken)}" style="max-width:620px;margin:0 auto;padding:0 20px">{as_html(said, direction(spoken))}</div>\n'
    before, end, after = full.html.rpartition(_END)
    return Rendered(full.subject, text, before + html + end + after)


def _notice(link: str, files: Sequence[tuple[str, int]]) -> str:
    """In Markdown: each document with its size, and where it is."""
    lines = [_("%(name)s (%(size)s KB)", name=plain(name), size=max(1, round(size / 1024))) for name, size in files]
    offered = _("The documents are too large to be enclosed. They can be downloaded from the page of this call:")
    words = _("Open the page with the documents")
    return "\n".join([offered, "", *(f"- {line}" for line in lines), "", f"[{words}]({link})", ""])
