"""docker-compose.yml and the Dockerfile: valid, pinned, healthy, and true to the settings. No engine runs here."""

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from outreach import config
from outreach.cli import COMMANDS
from outreach.paths import ROOT

FILE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def test_the_file_follows_the_compose_specification() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_setting_is_given_except_those_of_demos(compose: dict[str, Any]) -> None:
    given = set(compose["x-outreach"]["environment"])
    assert given == {s.name for s in config.TABLE} - {"OUTREACH_DEMO", "OUTREACH_CLOCK_FILE"}


def test_what_has_no_default_must_be_chosen_by_whoever_runs_it(compose: dict[str, Any]) -> None:
    for name in (
        "OUTREACH_SECRET_KEY",
        "OUTREACH_SMTP_URL",
        "OUTREACH_BASE_URL",
        "OUTREACH_MAIL_DOMAIN",
        "OUTREACH_SENDER",
    ):
        assert re.fullmatch(r"\$\{" + name + r":\?[^}]+\}", compose["x-outreach"]["environment"][name])
    assert "${POSTGRES_PASSWORD:?" in compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"]


def test_every_image_is_pinned_and_every_lasting_service_has_a_health_check(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert re.search(r":\d+[\w.-]*$", service["image"]), name
        assert name == "migrate" or "healthcheck" in service, name


def test_each_container_runs_a_command_that_exists(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat", "migrate"):
        assert compose["services"][name]["command"][0] in COMMANDS
    assert compose["services"]["beat"]["deploy"]["replicas"] == 1


def test_the_image_is_installed_by_hash_and_does_not_run_as_root(compose: dict[str, Any]) -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in text
    assert re.search(r"^USER outreach$", text, re.MULTILINE)
    assert all(":latest" not in line for line in text.splitlines() if line.startswith("FROM"))
    storage = compose["x-outreach"]["environment"]["OUTREACH_STORAGE_URL"].removeprefix("file://")
    assert f"VOLUME {storage}" in text
    assert compose["x-outreach"]["volumes"] == [f"storage:{storage}"]
