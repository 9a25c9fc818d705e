"""Which engines are tried: LIF_ENGINES, what is on the machine, what can be had by apt-get."""

from __future__ import annotations

import os
import shutil
import subprocess

import browser as browser_tools
import pytest


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Programs of a machine that has none yet; what is installed lands there. LIF_ENGINES is not set."""
    programs: set[str] = set()
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in programs else None)
    monkeypatch.delenv("LIF_ENGINES", raising=False)
    return programs


@pytest.fixture
def commands(machine: set[str], monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands that were run as root, on a Debian that has no Firefox."""
    said: list[list[str]] = []

    def run(command: list[str], **_: object) -> None:
        said.append(command)
        if {"webkit2gtk-driver", "xvfb"} <= set(command):
            machine.update({"WebKitWebDriver", "Xvfb"})

    machine.add("apt-get")
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    return said


def test_what_is_missing_is_skipped_with_what_to_do(machine: set[str]):
    machine.add("firefox-esr")
    reason = browser_tools.why_not("firefox")
    assert "Xvfb is missing (Debian: apt-get install firefox-esr xvfb)" in reason
    assert "every widget once" in reason
    machine.add("Xvfb")
    assert browser_tools.why_not("firefox") == ""
    assert "WebKitWebDriver is missing" in browser_tools.why_not("webkit")


@pytest.mark.parametrize("value", ["none", "webkit"])
def test_an_engine_can_be_left_out(machine: set[str], monkeypatch: pytest.MonkeyPatch, value: str):
    machine.update({"firefox-esr", "WebKitWebDriver", "Xvfb"})
    monkeypatch.setenv("LIF_ENGINES", value)
    assert "LIF_ENGINES leaves Firefox out" in browser_tools.why_not("firefox")
    assert bool(browser_tools.why_not("webkit")) == (value == "none")


def test_an_engine_that_is_named_must_be_there(machine: set[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIF_ENGINES", "firefox, webkit")
    with pytest.raises(
        SystemExit,
        match=r"names webkit, but WebKitWebDriver and Xvfb are missing .*webkit2gtk-driver",
    ):
        browser_tools.why_not("webkit")


def test_an_unknown_engine_is_refused(machine: set[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIF_ENGINES", "firefox,opera")
    with pytest.raises(
        SystemExit, match=r"names 'opera'\. It may name firefox, webkit, or be none"
    ):
        browser_tools.why_not("firefox")


def test_one_update_for_all_and_one_failure_stops_no_other(
    commands: list[list[str]], capsys: pytest.CaptureFixture[str]
):
    browser_tools.get(["firefox", "webkit"])
    assert [command[1] for command in commands] == ["update", "install", "install"]
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "== By apt-get: firefox-esr, xvfb, webkit2gtk-driver"
    assert said[1].startswith("== Firefox: Firefox cannot run here")
    assert said[2] == "== WebKitGTK: /bin/WebKitWebDriver"
    commands.clear()
    browser_tools.get(["webkit"])
    assert commands == [], "all is there already"


def test_nothing_is_fetched_for_an_engine_that_is_left_out(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LIF_ENGINES", "none")
    browser_tools.get(["firefox", "webkit"])
    assert commands == []


def test_who_is_not_root_fetches_nothing(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    browser_tools.get(["firefox", "webkit"])
    assert commands == []
