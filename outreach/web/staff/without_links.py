"""What staff read of letters, and of mails that quote them: without the secret part of links."""

import re

from outreach.campaigns.links import LinkKind

# Whoever holds a link acts for its institution and reads its draft.
_CAPABILITY = re.compile(rf"/({'|'.join(kind.value for kind in LinkKind)})/[A-Za-z0-9_-]{{16,}}\.[A-Za-z0-9_-]{{16,}}")


def without_links(content: str) -> str:
    """The content with "…" in the place of each link's secret part."""
    return _CAPABILITY.sub(r"/\1/…", content)
