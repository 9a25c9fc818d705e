"""Find the browsers that tests and pictures need, or get them.

Chromium, in this order: one named in LIF_CHROMIUM, one on the machine, Debian's package when
this is root, playwright's own. Where none can be had, one line says what to install.

Firefox and WebKitGTK, for a part of the tests: those on the machine, else Debian's packages when
this is root. Where one cannot be had, its tests are skipped. LIF_ENGINES=none does without them,
LIF_ENGINES=firefox,webkit (or one of them) insists on them.

Usage: python tools/browser.py [chromium] [firefox] [webkit]    (all, if none is named)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

#: Debian's package; what it recommends (fonts) is wanted too.
CHROMIUM = ("chromium",)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: WebGL without a graphics card, and none of Chromium's own traffic.
ARGUMENTS = (
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
HELP = (
    "make: no Chromium found and none could be installed. Install one (Debian: apt-get install "
    "chromium) or name one: LIF_CHROMIUM=/path/to/chrome"
)
#: What a reader of a skipped test misses.
UNTRIED = "so the site is not tried in it: every page, every widget once, the 3D views"


@dataclass(frozen=True)
class Engine:
    """A browser besides Chromium: its name, what it needs (program -> names it goes by), Debian's packages."""

    title: str
    programs: dict[str, tuple[str, ...]]
    packages: tuple[str, ...]

    def found(self) -> dict[str, str]:
        """Program -> its path, for those that are on this machine."""
        paths = {
            program: next((path for name in names if (path := shutil.which(name))), None)
            for program, names in self.programs.items()
        }
        return {program: path for program, path in paths.items() if path}

    def lacks(self) -> str:
        """What is missing and how to get it, e.g. ``Xvfb is missing (Debian: ...)``; empty if all is there."""
        missing = [
            names[0] for program, names in self.programs.items() if program not in self.found()
        ]
        if not missing:
            return ""
        verb = "are" if missing[1:] else "is"
        return f"{' and '.join(missing)} {verb} missing (Debian: apt-get install {' '.join(self.packages)})"


#: Both need a screen, if only one in memory: Firefox without a window has no WebGL, WebKitGTK does not start.
SCREEN = {"screen": ("Xvfb",)}
ENGINES = {
    "firefox": Engine(
        "Firefox", {"browser": ("firefox-esr", "firefox")} | SCREEN, ("firefox-esr", "xvfb")
    ),
    "webkit": Engine(
        "WebKitGTK", {"driver": ("WebKitWebDriver",)} | SCREEN, ("webkit2gtk-driver", "xvfb")
    ),
}


def engines_named() -> list[str] | None:
    """Names in LIF_ENGINES; None if it is not set."""
    named = os.environ.get("LIF_ENGINES", "").replace(",", " ").split()
    if unknown := set(named) - {"none", *ENGINES}:
        sys.exit(
            f"make: LIF_ENGINES names '{min(unknown)}'. It may name {', '.join(ENGINES)}, or be none"
        )
    return [name for name in named if name != "none"] if named else None


def why_not(name: str) -> str:
    """Why an engine is not to be tested; empty if it is. Ends the program if LIF_ENGINES insists on it."""
    engine, named = ENGINES[name], engines_named()
    if named is not None and name not in named:
        return f"LIF_ENGINES leaves {engine.title} out, {UNTRIED}"
    lacks = engine.lacks()
    if lacks and named:
        sys.exit(f"make: LIF_ENGINES names {name}, but {lacks}")
    return f"{engine.title} cannot run here, {UNTRIED}. {lacks}" if lacks else ""


def by_apt(*wishes: tuple[str, ...]) -> None:
    """Install Debian's packages if this is root.

    Parameters
    ----------
    wishes
        Packages that belong together, and options. One wish that cannot be met stops no other.
    """
    if not (wishes and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    packages = dict.fromkeys(word for wish in wishes for word in wish if not word.startswith("-"))
    print(f"== By apt-get: {', '.join(packages)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], *(["install", "-y", *wish] for wish in wishes)):
        subprocess.run(
            ["apt-get", *command],
            env=environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def get(names: list[str]) -> None:
    """Install what is missing of these browsers, all in one go, and say what there is."""
    named = engines_named()
    wishes = [
        ("--no-install-recommends", *engine.packages)
        for name, engine in ENGINES.items()
        if name in names and (named is None or name in named) and engine.lacks()
    ]
    if "chromium" in names and not on_this_machine():
        wishes.insert(0, CHROMIUM)
    by_apt(*wishes)
    if "chromium" in names:
        print(f"== Chromium: {ensure()}")
    for name in (name for name in ENGINES if name in names):
        print(
            f"== {ENGINES[name].title}: {why_not(name) or next(iter(ENGINES[name].found().values()))}"
        )


def on_this_machine() -> str | None:
    """Path of a Chromium that is there already."""
    named = os.environ.get("LIF_CHROMIUM")
    if named:
        if not Path(named).is_file():
            sys.exit(
                f"make: LIF_CHROMIUM names '{named}', which is not there. Correct it or unset it"
            )
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
    by_apt(CHROMIUM)
    if not on_this_machine():
        print("== Chromium, by playwright", flush=True)
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    found = on_this_machine()
    if not found:
        sys.exit(HELP)
    return found


def options(*, webgl: bool = True) -> dict[str, object]:
    """What to launch a Chromium with, headless; `webgl=False` switches 3D off in it."""
    # --disable-3d-apis alone leaves WebGL to canvases that are not in the page, and 3Dmol draws on those
    arguments = (
        list(ARGUMENTS) if webgl else [*ARGUMENTS[3:], "--disable-3d-apis", "--use-gl=disabled"]
    )
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
    wanted = sys.argv[1:] or ["chromium", *ENGINES]
    if set(wanted) - {"chromium", *ENGINES}:
        sys.exit(__doc__.splitlines()[-1])
    get(wanted)
