"""Find a Chromium for tests and pictures, or get one.

In this order: one named in LIF_CHROMIUM, one on the machine, Debian's package when this is
root, playwright's own. Where none can be had, one line says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: WebGL without a graphics card, and none of Chromium's own traffic.
ARGUMENTS = (
    "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)
HELP = (
    "make: no Chromium found and none could be installed. Install one (Debian: apt-get install "
    "chromium) or name one: LIF_CHROMIUM=/path/to/chrome"
)


def on_this_machine() -> str | None:
    """Path of a Chromium that is there already."""
    named = os.environ.get("LIF_CHROMIUM")
    if named:
        if not Path(named).is_file():
            sys.exit(f"make: LIF_CHROMIUM names '{named}', which is not there. Correct it or unset it")
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def ensure() -> str:
    """Path of a Chromium, installed if need be; ends the program where that fails."""
    found = on_this_machine()
    if found:
        return found
    quiet = {"stdout": subprocess.DEVNULL, "check": False}
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("== Chromium, by apt-get", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
            subprocess.run(command, env=environment, stderr=subprocess.DEVNULL, **quiet)
    if not on_this_machine():
        print("== Chromium, by playwright", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], **quiet)
    found = on_this_machine()
    if not found:
        sys.exit(HELP)
    return found


def options(*, webgl: bool = True) -> dict[str, object]:
    """What to launch a Chromium with, headless; `webgl=False` switches 3D off in it."""
    arguments = list(ARGUMENTS) if webgl else [*ARGUMENTS[3:], "--disable-3d-apis"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {"executable_path": ensure(), "args": arguments}


@contextmanager
def chromium(*, webgl: bool = True) -> Iterator[Browser]:
    """A running Chromium."""
    settings = options(webgl=webgl)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(**settings)
        except Error as error:
            sys.exit(f"make: Chromium does not start ({error.message.splitlines()[0]}). {HELP}")
        yield browser
        browser.close()


if __name__ == "__main__":
    print(f"== Chromium: {ensure()}")
