"""Tests of what is installed: the wheel's contents, the installed commands, the locks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.repository import ROOT, files, packages, project

QUESTION = "海外の顧客からサンプルを求められた"
PIN = re.compile(r"([A-Za-z0-9._-]+)==[A-Za-z0-9.]+")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the repository so that no earlier build is in it."""
    source, output = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in files():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(output), str(source)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(output.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a new environment: the wheel in it, its dependencies lent by this one."""
    environment = tmp_path_factory.mktemp("env")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], timeout=120, check=True)
    commands = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(environment), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], timeout=300, check=True)
    folder = subprocess.run(
        [commands / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.strip()
    (Path(folder) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return commands


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_every_package(wheel: Path) -> None:
    """This test ensures that no module, text, table, weight or question set is left out, and nothing else gets in."""
    inside = tuple(f"{name}/" for name in packages())
    wanted = {name for name in files() if name.startswith(inside) or name == "app.py"}
    # Kept runs are there to be read beside the documents, not to be installed.
    wanted = {name for name in wanted if not name.startswith("eval/results/")}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert sorted(wanted - held) == []
    assert sorted(held - wanted) == []
    assert {Path(name).suffix for name in wanted} >= {".py", ".md", ".toml", ".jsonl", ".safetensors", ".json"}


@pytest.mark.slow
def test_installed_it_answers_from_any_folder(installed: Path, tmp_path: Path) -> None:
    """This test ensures that `pip install` alone gives a `mamori` that builds, verifies and answers elsewhere."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["MAMORI_DATA_DIR"] = str(tmp_path / "data")

    def output(command: str, *arguments: str) -> str:
        done = subprocess.run(
            [installed / command, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    assert Path(output("python", "-c", "import cli; print(cli.__file__)")).is_relative_to(installed.parent)
    assert output("mamori", "--version").strip() == f"mamori {project()['project']['version']}"
    assert "read" in output("mamori", "index", "build")
    answer = json.loads(output("mamori", "ask", "--json", QUESTION))
    assert answer["status"] == "answered"
    assert answer["citations"]
    page = output("python", "-c", "from cli.chat import _command; print(_command(8501)[4])").strip()
    assert Path(page).is_relative_to(installed.parent)
    assert Path(page).is_file()


def pins(lock: str) -> dict[str, str]:
    """The pins of a lock by normalised name; every other line must be a comment or the other lock."""
    found = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or line == "-r requirements.lock":
            continue
        match = PIN.fullmatch(line)
        assert match, f"{lock}: {line!r} is no plain pin"
        found[normal(match[1])] = line
    return found


def normal(name: str) -> str:
    """A package name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(requirements: list[str]) -> set[str]:
    """The names in a list of requirements."""
    return {normal(re.split(r"[\s<>=!~\[;]", requirement, maxsplit=1)[0]) for requirement in requirements}


def test_the_locks_pin_all_that_is_asked_for() -> None:
    """This test ensures that each dependency has its pin, by plain version, without a host, a hash or an option."""
    assert required(project()["project"]["dependencies"]) <= pins("requirements.lock").keys()
    # The development extra names the others, so that what they ask for is tested too.
    extras = project()["project"]["optional-dependencies"]
    asked = set().union(*map(required, extras.values())) - {"mamori"}
    assert asked <= pins("requirements.lock").keys() | pins("requirements-dev.lock").keys()
    assert not pins("requirements.lock").keys() & pins("requirements-dev.lock").keys()
    assert "-r requirements.lock" in (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()


def test_the_lock_holds_what_the_installation_itself_needs() -> None:
    """This test ensures that installing without build isolation finds setuptools, and that torch is the one pin."""
    lock = pins("requirements.lock")
    assert "setuptools" in lock
    assert lock["torch"] == "torch==2.13.0"
    assert "torch==2.13.0" in project()["project"]["dependencies"]
