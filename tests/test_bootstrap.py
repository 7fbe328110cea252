"""The first start: an environment is made once, whole or not at all, and what is missing is said in one sentence."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from outreach.paths import ROOT

BASE_PYTHON = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of nothing but the bootstrap, whose locks ask for nothing and whose command line says where it runs."""
    package = tmp_path / "checkout" / "outreach"
    (package / "cli").mkdir(parents=True)
    shutil.copy(ROOT / "outreach" / "__main__.py", package)
    (package / "__init__.py").touch()
    (package / "cli" / "__init__.py").write_text(
        "import sys\ndef main():\n    print('ran', sys.prefix, *sys.argv[1:])\n"
    )
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (package.parent / name).write_text("")
    return package.parent


def start(checkout: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("OUTREACH_", "PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.Popen(
        [str(BASE_PYTHON), "-m", "outreach", *arguments],
        cwd=checkout,
        env={**kept, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(checkout: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    process = start(checkout, *arguments, **environment)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def test_an_old_python_can_read_the_file_that_tells_it_so() -> None:
    ast.parse((ROOT / "outreach" / "__main__.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_set_up_that_was_killed_half_way_is_made_anew_once_for_two_starts_at_once(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").write_text("half")
    both = [start(checkout, "demo"), start(checkout, "demo")]
    said = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert all(f"ran {checkout / '.venv'} demo" in out for out, _ in said)
    assert sum("Making .venv from requirements.lock" in err for _, err in said) == 1
    assert run(checkout, "demo")[2] == ""


def test_an_environment_for_development_is_never_made_smaller(checkout: Path) -> None:
    assert "requirements-dev.lock" in run(checkout, "test")[2]
    (checkout / "requirements.lock").write_text("# another lock\n")
    assert run(checkout, "demo")[2] == ""
    (checkout / "requirements-dev.lock").write_text("# another lock\n")
    assert "requirements-dev.lock" in run(checkout, "demo")[2]


def test_packages_that_cannot_be_had_are_said_in_one_sentence(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text("no-such-package-anywhere==1.0 --hash=sha256:" + "0" * 64 + "\n")
    status, out, err = run(checkout, "demo", PIP_NO_INDEX="1")
    assert status == 1
    assert out == ""
    (_, sentence) = err.strip().splitlines()
    assert sentence.startswith("The packages of requirements.lock could not be installed.")
    assert not (checkout / ".venv").exists()
    assert "no-such-package-anywhere" in (checkout / ".venv.log").read_text()


def test_a_missing_venv_module_is_said_in_one_sentence(checkout: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    # A Python as a bare Debian has it: the module says how it can be had.
    (hidden / "venv.py").write_text(
        "import sys\nsys.exit('The virtual environment was not created: ensurepip is not available.')\n"
    )
    status, _, err = run(checkout, "demo", PYTHONPATH=str(hidden))
    assert status == 1
    assert "apt install python3-venv" in err
    assert "Traceback" not in err


def test_no_environment_is_made_where_one_is_not_wanted(checkout: Path) -> None:
    status, out, _ = run(checkout, "demo", OUTREACH_NO_VENV="1")
    assert (status, out.split()[0]) == (0, "ran")
    assert not (checkout / ".venv").exists()
