"""XML of a stranger's file: read without entities or network, and gone through to a depth that ends."""

from collections.abc import Callable, Iterable, Iterator, Set

from lxml import etree

from outreach import office_files
from outreach.errors import Invalid

MOST_DEPTH = 200

Element = etree._Element


def parse(xml: bytes) -> Element:
    """XML of a stranger: no entities, nothing fetched, no end to a mistake's patience. Raises Invalid."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise Invalid(office_files.damaged()) from None


def within(parent: Element, wanted: Set[str], inside: Callable[[Element], Iterable[Element]]) -> Iterator[Element]:
    """The wanted elements within, through whatever wraps them, but not those within one another.

    `inside` gives what is gone through of an element that is not wanted.
    """
    stack: list[Iterator[Element]] = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in wanted:
            yield child
        elif len(stack) < MOST_DEPTH:
            stack.append(iter(inside(child)))
