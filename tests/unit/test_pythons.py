"""tools/pythons.py: which Pythons are found, and how environments are made. Programs are played."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import pythons
from pythons import NotMade, Python

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the players are scripts of a shell")


def played(path: Path, script: str) -> Path:
    """A program that is a script of the shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A machine whose only Pythons are played ones."""
    own = played(tmp_path / "own" / "python3.11", "echo 3 11 2 final")
    monkeypatch.setattr(sys, "_base_executable", str(own), raising=False)
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "home")}


def test_one_is_found_for_each_minor_version_the_newest(
    machine: dict[str, str], tmp_path: Path
) -> None:
    played(tmp_path / "bin" / "python3.12", "echo 3 12 1 final")
    newest = played(
        tmp_path / "home" / ".pyenv" / "versions" / "3.12.9" / "bin" / "python3",
        "echo 3 12 9 final",
    )
    uvs = played(
        tmp_path
        / "home"
        / ".local"
        / "share"
        / "uv"
        / "python"
        / "cpython-3.13"
        / "bin"
        / "python3.13",
        "echo 3 13 0 final",
    )
    found = pythons.found(machine)
    assert [python.version for python in found] == [(3, 11, 2), (3, 12, 9), (3, 13, 0)]
    assert [python.minor for python in found] == ["3.11", "3.12", "3.13"]
    assert [python.path for python in found[1:]] == [newest, uvs]


@pytest.mark.parametrize(
    "script",
    [
        "echo 'pyenv: python3.12: command not found' >&2; exit 127",  # a shim of pyenv
        "echo 3 10 4 final",
        "echo 3 15 0 beta",
        "echo 2.7",
        "exit 1",  # not CPython, or without venv
    ],
)
def test_what_fails_or_is_of_no_use_is_passed_over(
    machine: dict[str, str], tmp_path: Path, script: str
) -> None:
    played(tmp_path / "bin" / "python3", script)
    assert [python.minor for python in pythons.found(machine)] == ["3.11"]


def test_one_that_is_too_old_by_its_name_is_not_even_run(
    machine: dict[str, str], tmp_path: Path
) -> None:
    mark = tmp_path / "was-run"
    played(tmp_path / "bin" / "python3.9", f"touch {mark}")
    old = played(tmp_path / "old" / "python3.8", f"touch {mark}")
    (tmp_path / "bin" / "python3").symlink_to(old)
    pythons.found(machine)
    assert not mark.exists()


def test_the_pythons_of_this_machine_say_their_versions() -> None:
    found = pythons.found()
    own = next(python for python in found if python.version[:2] == sys.version_info[:2])
    assert own.version >= sys.version_info[:3]
    assert len({python.minor for python in found}) == len(found)
    assert all(python.version >= (3, 11) for python in found)


# --- Environments ------------------------------------------------------------------------

#: Plays a Python: makes an environment that plays one too, and writes down what it was asked.
PLAYER = """
echo "$0 $@" >> {log}
case "$2" in
  venv) mkdir -p "$3/bin" "$3/site" && cp {player} "$3/bin/python" ;;
esac
case "$1" in
  -c) echo {site} ;;
esac
"""


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Python, Path]:
    """A played Python, and the file in which it writes what it was asked."""
    monkeypatch.setattr(pythons, "ROOT", tmp_path)
    monkeypatch.setattr(pythons, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(pythons, "uv", lambda: None)
    (tmp_path / "site").mkdir()
    (tmp_path / "pins.txt").write_text("numpy==1.0\n", "utf-8")
    log, path = tmp_path / "log", tmp_path / "python"
    played(path, PLAYER.format(log=log, player=path, site=tmp_path / "site"))
    return Python((3, 12, 1), path), log


def test_an_environment_is_made_once_and_again_with_other_pins(
    player: tuple[Python, Path], tmp_path: Path
) -> None:
    python, log = player
    said: list[str] = []
    installs = [["--requirement", "pins.txt"]]
    first = pythons.made("some", python, installs, say=said.append)
    assert (first.how, first.folder.parent) == ("pip", tmp_path / "kept")
    assert len(said) == 1 and "some, Python 3.12.1" in said[0]
    assert "-m pip install --quiet" in log.read_text("utf-8")
    assert (tmp_path / "site" / "lifbook.pth").read_text("utf-8") == f"{tmp_path}\n"
    again = pythons.made("some", python, installs, say=said.append)
    assert (again.folder, again.how) == (first.folder, "kept")
    assert len(said) == 1
    (tmp_path / "pins.txt").write_text("numpy==2.0\n", "utf-8")
    other = pythons.made("some", python, installs, say=said.append)
    assert other.folder != first.folder
    assert not first.folder.exists(), "what other pins made is taken away"


def test_pip_makes_it_where_uv_cannot(
    player: tuple[Python, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python, log = player
    uv = played(tmp_path / "uv", f'echo "uv $@" >> {log}\nexit 2')
    monkeypatch.setattr(pythons, "uv", lambda: str(uv))
    made = pythons.made("some", python, [["numpy"]], also=[["-m", "more"]], say=lambda _text: None)
    assert made.how == "pip"
    calls = log.read_text("utf-8").splitlines()
    assert calls[0].startswith("uv venv ")
    assert any(
        call.endswith("-m pip install --quiet --disable-pip-version-check numpy") for call in calls
    )
    assert calls[-2].endswith("-m more")


def test_an_environment_that_cannot_be_made_says_why(
    player: tuple[Python, Path], tmp_path: Path
) -> None:
    python, _log = player
    played(python.path, "echo 'no matching distribution' >&2; exit 1")
    with pytest.raises(NotMade, match=r"(?s)'some' for Python 3\.12\.1.*registry.*no matching"):
        pythons.made("some", python, [["numpy"]], say=lambda _text: None)
    assert not list((tmp_path / "kept").glob("*/.ready"))


def test_a_process_in_an_environment_inherits_nothing_of_this_one(
    player: tuple[Python, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    python, _log = player
    for name in ("PYTHONPATH", "JUPYTER_PATH", "IPYTHONDIR", "MPLBACKEND", "PYTEST_ADDOPTS"):
        monkeypatch.setenv(name, "here")
    environment = pythons.made("some", python, [], say=lambda _text: None)
    clean = environment.clean(JUPYTER_DATA_DIR="there")
    assert "here" not in clean.values()
    assert clean["JUPYTER_DATA_DIR"] == "there"
    assert clean["PATH"].split(os.pathsep)[0] == str(environment.folder / "bin")


def test_the_outcome_counts_tests_and_tells_failures(
    player: tuple[Python, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    python, _log = player
    monkeypatch.setattr(pythons, "LOGS", tmp_path)
    environment = pythons.Environment(tmp_path, python)
    good = ["sh", "-c", "echo '5 passed, 1 skipped in 2.00s'"]
    assert pythons.outcome("unit tests", environment, [good, good])[0] is True
    assert pythons.outcome("unit tests", environment, [good, good])[1].startswith(
        "10 passed, 2 skipped, "
    )
    bad = ["sh", "-c", "echo '1 failed, 4 passed in 2.00s'; exit 1"]
    passed, words = pythons.outcome("unit tests", environment, [good, bad])
    assert not passed and words.startswith("FAILED (9 passed, 1 failed, 1 skipped), ")
    assert "1 failed, 4 passed" in capsys.readouterr().out
    assert (tmp_path / "3.12-unit-tests.log").exists()


# --- Processes of the tests --------------------------------------------------------------


def test_pytest_and_xdist_keep_groups_together(request: pytest.FixtureRequest) -> None:
    # `--dist loadgroup` writes the group into this attribute, and says nothing where it is not read.
    node = request.node
    before = node._nodeid
    node._nodeid = f"{before}@group"
    grouped = node.nodeid
    node._nodeid = before
    assert grouped == f"{before}@group", "take another version of pytest or of pytest-xdist"
