"""The whole service for a test, on ports that nobody uses; nothing of it is left to other tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outreach import config
from outreach.stack import places, service
from outreach.stack.service import Running


@contextmanager
def embedded(folder: Path) -> Iterator[Running]:
    """A demonstration in a folder, empty. The settings of this process are its own meanwhile."""
    before = {name: value for name, value in os.environ.items() if name.startswith("OUTREACH_")}
    try:
        # What a run that was killed left here is nobody's.
        places.remove(folder / "postgres")
        with service.running(folder, demo=True, say=lambda _words: None) as found:
            yield found
    finally:
        for name in [name for name in os.environ if name.startswith("OUTREACH_")]:
            del os.environ[name]
        os.environ.update(before)
        config.use(None)
        # As root it may lie elsewhere, where pytest does not tidy up.
        places.remove(folder / "postgres")
