"""Dockerfile, compose.yaml, systemd units and nginx.conf agree with the code they start."""

import re
import shlex
import subprocess
from functools import cache
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command, get_commands

from allting.common.audit import api as audit
from allting.kernel.actor import Actor, Purpose
from tests.test_docs import described

ROOT = Path(__file__).resolve().parent.parent
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
# Of the programs we run, not of ours.
FOREIGN = ("GRANIAN_", "PROMETHEUS_", "POSTGRES_", "PYTHON", "PIP_")


def assert_can_run(command):
    """``allting`` commands exist, and what granian is told to serve can be imported."""
    program = Path(command[0]).name
    if program == "granian":
        module, name = command[-1].split(":")
        assert hasattr(import_module(module), name), command
    elif program == "allting":
        assert command[1] in get_commands(), f"allting has no command {command[1]}"
    else:
        raise AssertionError(f"neither allting nor granian: {command}")


@cache
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def ours():
    return {name: one for name, one in compose()["services"].items() if one["image"] == "allting"}


def instructions():
    """The Dockerfile's instructions as (word, rest), continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def test_the_image_copies_what_exists_and_is_not_ignored():
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), f"Dockerfile copies {source}, which is not there"
                assert source in let_in, f".dockerignore keeps {source} out"


def test_the_image_runs_as_nobody_in_particular_and_answers_for_itself():
    words = instructions()
    assert [rest for word, rest in words if word == "USER"][-1:] == ["allting"]
    health = next(rest for word, rest in words if word == "HEALTHCHECK")
    assert "/healthz" in health
    assert_can_run(yaml.safe_load(next(rest for word, rest in words if word == "CMD")))


def test_compose_starts_what_exists_once_the_database_is_ready():
    assert {"web", "worker", "migrate"} <= set(ours())
    for name, service in ours().items():
        if "command" in service:
            assert_can_run(service["command"])
        assert service["depends_on"]["postgres"] == {"condition": "service_healthy"}, name
        if name != "migrate":
            assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}, name


def test_compose_holds_no_secrets_and_opens_no_port_to_the_world():
    text = (ROOT / "compose.yaml").read_text()
    assert all(value.startswith("${") for value in re.findall(r"(?:PASSWORD|SECRET\w*|TOKEN): (.*)", text))
    ports = [port for one in compose()["services"].values() for port in one.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_start_what_exists(path):
    lines = re.findall(r"^ExecStart=(.*)$", path.read_text(), re.MULTILINE)
    assert lines
    for line in lines:
        assert_can_run(shlex.split(line))


def test_units_name_units_that_exist():
    names = {path.name for path in (ROOT / "deploy" / "systemd").iterdir()}
    for path in (ROOT / "deploy" / "systemd").glob("allting*.*"):
        if path.is_file():
            named = set(re.findall(r"allting[\w-]*\.(?:service|target|timer)", path.read_text()))
            assert named <= names, f"{path.name} names {named - names}"


def names_used():
    """(file, name) of every environment variable the deployment files set."""
    for service in ours().values():
        yield from (("compose.yaml", name) for name in service["environment"])
    for line in (ROOT / "deploy" / "env.example").read_text().splitlines():
        if match := re.match(r"#?([A-Z][A-Z_]+)=", line):
            yield "deploy/env.example", match[1]
    for word, rest in instructions():
        if word == "ENV":
            yield from (("Dockerfile", pair.partition("=")[0]) for pair in rest.split())
    for path in (ROOT / "deploy" / "systemd").rglob("*.*"):
        if path.is_file():
            for line in re.findall(r"^Environment=(.*)$", path.read_text(), re.MULTILINE):
                yield from ((path.name, pair.partition("=")[0]) for pair in shlex.split(line))


def test_each_name_used_is_a_setting_described():
    found = list(names_used())
    assert len(found) > 10
    unknown = [(file, name) for file, name in found if name not in described() and not name.startswith(FOREIGN)]
    assert not unknown, f"not in docs/settings.md: {unknown}"


def test_nginx_takes_uploads_as_large_as_we_do_and_says_https_itself():
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    assert f"client_max_body_size {2 * settings.UPLOAD_MAX_MB + 1}m;" in text
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in text
    assert text.count("{") == text.count("}")


SCRIPTS = [ROOT / "deploy" / "install.sh", ROOT / "deploy" / "allting"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_readable_to_the_shell_and_name_files_that_exist(path):
    assert subprocess.run(["sh", "-n", path], check=False).returncode == 0
    for named in re.findall(r"(?<![\w/])deploy/[\w./-]*", path.read_text()):
        assert (ROOT / named).exists(), f"{path.name} names {named}"


@pytest.mark.django_db(transaction=True)
def test_a_move_to_another_database_keeps_the_seals(tmp_path):
    """As docs/howto/deploy.md says: by XML, because JSON cuts the microseconds that the seals cover."""
    audit.record(Actor.system(), Purpose("§ 1", "Test"), "population.person", uuid4())
    audit.seal_pending()
    call_command("dumpdata", "audit", format="xml", output=str(tmp_path / "all.xml"), verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", str(tmp_path / "all.xml"), verbosity=0)
    report = audit.verify()
    assert (report.entries, report.whole) == (1, True)
