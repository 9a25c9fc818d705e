"""Runs that are killed, repeated, marked by hand, or kept in PostgreSQL."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import grade as command
import psutil
import pytest
from conftest import COMMAND, RIGHT, ROOT, Run, environment, run, write
from nbformat.notebooknode import NotebookNode

from grading.errors import GradingError
from grading.judge import sandbox


@pytest.fixture(scope="module")
def folder(fill: Callable[..., NotebookNode], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four submissions of differing worth, and one that cannot be graded."""
    made = tmp_path_factory.mktemp("handed in")
    for number in range(4):
        answers = RIGHT | ({"length-answer": f"length = {number}"} if number % 2 else {})
        write(fill(answers), made / f"student{number}.ipynb")
    (made / "student4.ipynb").write_text("{", "utf-8")
    return made


@pytest.fixture(scope="module")
def whole(safe: None, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing disturbed."""
    done = run(SUBMISSIONS=folder, COURSE=tmp_path_factory.mktemp("whole"))
    assert done.code == 0, done.out + done.errors
    return done


def test_a_killed_run_goes_on_to_the_same_marks(whole: Run, folder: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        COMMAND,
        env=environment(SUBMISSIONS=folder, COURSE=tmp_path / "c"),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if line.startswith("  [2/"):
            break
    below = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(below, timeout=120)  # seconds on an idle machine
    assert not alive
    again = run(SUBMISSIONS=folder, COURSE=tmp_path / "c")
    assert again.code == 0, again.out + again.errors
    assert "graded before" in again.out
    for name in ("marks.csv", "canvas.csv"):
        one, other = (
            sorted((done.results / name).read_text("utf-8").splitlines()) for done in (whole, again)
        )
        assert one == other


def test_a_second_run_grades_nothing_anew(whole: Run, folder: Path) -> None:
    again = run(SUBMISSIONS=folder, COURSE=whole.course)
    assert "0 to grade, 5 graded before" in again.out


def test_marks_by_hand_survive_regrading(whole: Run, folder: Path, tmp_path: Path) -> None:
    course = tmp_path / "c"
    shutil.copytree(whole.course, course)
    path = course / "results" / "small" / "by_hand.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert {row["cell"] for row in rows} == {"why-answer"} and len(rows) == 4
    for row in rows:
        if row["student"] == "student0":
            row["mark"], row["comment"] = "1.5", "Say which peptide."
    _write_rows(path, rows)
    marked = run(SUBMISSIONS=folder, COURSE=course)
    assert marked.code == 0, marked.errors
    assert marked.points()["student0"] == 7.5
    page = course / "feedback" / "student0" / "small" / "small.html"
    assert "Say which peptide." in page.read_text("utf-8")
    (tmp_path / "term.json").write_text('{"FIRST": 150}', "utf-8")
    again = run(SUBMISSIONS=folder, COURSE=course, PARAMETERS=tmp_path / "term.json")
    assert "5 to grade" in again.out
    assert again.points()["student0"] == 7.5
    assert again.points()["student1"] == 5.0
    row["mark"] = "3"
    _write_rows(path, rows)
    wrong = run(SUBMISSIONS=folder, COURSE=course)
    assert wrong.code == 1 and "'3' is not a mark" in wrong.errors and "from 0 to 2" in wrong.errors


def test_a_new_attempt_is_graded_and_the_old_one_kept(
    whole: Run, folder: Path, fill: Callable[..., NotebookNode], tmp_path: Path
) -> None:
    course, later = tmp_path / "c", tmp_path / "later"
    shutil.copytree(whole.course, course)
    shutil.copytree(folder, later)
    write(fill(), later / "student1-1.ipynb")
    again = run(SUBMISSIONS=later, COURSE=course)
    assert "1 to grade" in again.out and again.points()["student1"] == 6.0
    old = list((course / "earlier" / "student1").rglob("*.ipynb"))
    assert [one.read_bytes() for one in old] == [(folder / "student1.ipynb").read_bytes()]


def _write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)


# --- PostgreSQL -----------------------------------------------------------------------------
def _programs() -> Path:
    """Folder with PostgreSQL's programs, installed if need be."""

    def found() -> list[Path]:
        return sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))

    if not found() and not shutil.which("initdb"):
        command.install("initdb", "postgresql")
    if found():
        return found()[-1].parent
    beside = shutil.which("initdb")
    assert beside, "PostgreSQL is missing: apt-get install postgresql"
    return Path(beside).parent


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Address of a PostgreSQL server of the test's own."""
    programs, place = _programs(), Path("/tmp") / f"lif-pg-{os.getpid()}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    place.mkdir()
    (place / "password").write_text("topsecret\n", "utf-8")
    as_user: dict[str, object] = {}
    if os.geteuid() == 0:  # the server refuses root
        import pwd

        user = pwd.getpwnam("postgres")
        for path in (place, place / "password"):
            os.chown(path, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = place / "data"
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": place, **as_user}
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "lif",
            "-A",
            "scram-sha-256",
            f"--pwfile={place / 'password'}",
            "--no-sync",
        ],
        **quiet,
    )
    subprocess.run(
        [
            programs / "pg_ctl",
            "-D",
            data,
            "-w",
            "-l",
            place / "log",
            "-o",
            f"-p {port} -c listen_addresses=127.0.0.1 -k {place}",
            "start",
        ],
        **quiet,
    )
    yield f"postgresql://lif:topsecret@127.0.0.1:{port}/postgres"
    subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
    shutil.rmtree(place)


def test_postgresql_by_one_setting(whole: Run, folder: Path, server: str, tmp_path: Path) -> None:
    import psycopg

    done = run(SUBMISSIONS=folder, COURSE=tmp_path / "c", DB=server)
    assert done.code == 0, done.out + done.errors
    assert done.points() == whole.points()
    assert not (tmp_path / "c" / "gradebook.db").exists()
    with psycopg.connect(server) as connection, connection.cursor() as cursor:
        cursor.execute("select sum(auto_score), count(*) from grade")
        assert cursor.fetchone() == (22.0, 20)
    again = run(SUBMISSIONS=folder, COURSE=tmp_path / "c", DB=server)
    assert "0 to grade" in again.out
    for path in (tmp_path / "c").rglob("*"):
        assert not path.is_file() or b"topsecret" not in path.read_bytes()


def test_a_server_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    done = run(
        SUBMISSIONS=folder,
        COURSE=tmp_path / "c",
        UNSAFE=1,
        DB="postgresql://lif:topsecret@127.0.0.1:9/none",
    )
    assert done.code == 1 and "does not open" in done.errors
    assert "topsecret" not in done.errors and "Traceback" not in done.errors


def test_two_runs_at_once_are_refused(whole: Run, folder: Path, tmp_path: Path) -> None:
    import fcntl

    with open(whole.course / ".lock", "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = run(SUBMISSIONS=folder, COURSE=whole.course)
    assert done.code == 1 and "another 'make grade'" in done.errors


# --- without a sandbox ------------------------------------------------------------------------
def test_refused_without_a_sandbox_unless_told(
    fill: Callable[..., NotebookNode], tmp_path: Path
) -> None:
    write(fill(), tmp_path / "in" / "anna.ipynb")
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "bwrap"  # as where the kernel forbids namespaces
    says = "bwrap: No permissions to create new namespace"
    fake.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    done = run(SUBMISSIONS=tmp_path / "in", COURSE=tmp_path / "c", PATH=path)
    assert done.code == 1
    assert "No permissions to create new namespace" in done.errors and "UNSAFE=1" in done.errors
    assert not (tmp_path / "c" / "results").exists()
    told = run(SUBMISSIONS=tmp_path / "in", COURSE=tmp_path / "c", PATH=path, UNSAFE=1)
    assert told.code == 0, told.errors
    assert told.points() == {"anna": 6.0} and "can read and write all that you can" in told.out


def test_make_hands_the_settings_on(
    safe: None, fill: Callable[..., NotebookNode], tmp_path: Path
) -> None:
    """The command as the README has it, with a name that has blanks."""
    write(fill(), tmp_path / "my class" / "anna.ipynb")
    done = subprocess.run(
        [
            "make",
            "--no-print-directory",
            "grade",
            f"SUBMISSIONS={tmp_path / 'my class'}",
            "ASSIGNMENT=small",
            f"COURSE={tmp_path / 'my course'}",
        ],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )
    assert done.returncode == 0, done.stderr
    assert "1 graded, 0 as before, 0 could not be graded" in done.stdout
    assert (tmp_path / "my course" / "results" / "small" / "report.html").is_file()


# --- users ------------------------------------------------------------------------------------
@pytest.fixture
def users(monkeypatch: pytest.MonkeyPatch) -> range:
    """Users that nothing else on this machine asks for: other tests grade at the same time."""
    first = 10**6 + 4 * os.getpid()
    monkeypatch.setattr(sandbox, "USERS", range(first, first + 3))
    return sandbox.USERS


def test_no_two_sandboxes_have_the_same_user(users: range) -> None:
    """The limit of processes counts those of a user: of another run of the command too."""
    claim = (
        f"from grading.judge import sandbox\nsandbox.USERS = {users!r}\n"
        "with sandbox.own_user() as user: print(user, flush=True); input()"
    )
    with (
        sandbox.own_user() as mine,
        sandbox.own_user() as second,
        subprocess.Popen(
            [sys.executable, "-c", claim],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as other,
    ):
        theirs = other.stdout.readline().strip()
        other.communicate("\n")
    if os.geteuid() == 0:
        assert [mine, second, int(theirs)] == list(users)
        with sandbox.own_user() as again:
            assert again == mine, "it was not given back"
    else:
        assert (mine, second, theirs) == (None, None, "None")


def test_all_users_taken(users: range, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.os, "geteuid", lambda: 0)
    monkeypatch.setattr(sandbox, "USERS", users[:1])
    said = f"{users[0]} to {users[0]} run submissions"
    with sandbox.own_user(), pytest.raises(GradingError, match=said), sandbox.own_user():
        pass
