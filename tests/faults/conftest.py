"""One stage for all trials of this folder: starting the real servers costs more than most of the trials."""

from collections.abc import Iterator

import pytest

from benchmarks.faults import stage as stages
from benchmarks.faults.stage import Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """PostgreSQL, Valkey and the sink; worker and beats go on from one trial to the next."""
    with stages.set_up(tmp_path_factory.mktemp("faults"), drip=0.1) as made:
        made.keeps_programs = True
        yield made
