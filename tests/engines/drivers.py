"""Firefox and WebKitGTK on a screen in memory, driven by the same few commands.

WebKitGTK is driven by Debian's WebKitWebDriver. Debian has no geckodriver, so Firefox is spoken to
directly, in WebDriver BiDi. Selenium is the client of both.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import browser as browser_tools
from PIL import Image
from selenium import webdriver
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.websocket_connection import WebSocketConnection
from selenium.webdriver.webkitgtk.service import Service

#: A small window: the views are small in it, and quickly drawn without a graphics card.
WIDTH, HEIGHT = 1000, 640
#: Seconds that one command may take; waits in the page give up before that.
PATIENCE = 120
#: Keys by their names, as WebDriver writes them.
KEYS = {"Home": "\ue011", "End": "\ue010"}


class Trouble(AssertionError):
    """Something in the page is not as it should be."""


class Engine(ABC):
    """A running browser with one page."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Go to a page, and wait until it has loaded."""

    @abstractmethod
    def evaluate(self, expression: str) -> str:
        """Text that a promise of the page comes to."""

    @abstractmethod
    def act(self, actions: list[dict[str, Any]]) -> None:
        """Use mouse and keys, in the words of WebDriver's actions."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """What the window shows, a PNG."""

    def ask(self, body: str, **values: Any) -> Any:
        """Run the body of an asynchronous function in the page; `values` are its parameters.

        Raises
        ------
        Trouble
            If the function throws.
        """
        call = f"(async ({', '.join(values)}) => {{ {body} }})({', '.join(map(json.dumps, values.values()))})"
        answer = json.loads(
            self.evaluate(
                f"{call}.then((value) => JSON.stringify({{ value }}),"
                " (error) => JSON.stringify({ error: error.message ?? String(error) }))"
            )
        )
        if "error" in answer:
            raise Trouble(answer["error"])
        return answer.get("value")

    def click(self, x: float, y: float) -> None:
        """Move the mouse to a place in the window, and click."""
        move = {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0}
        button = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self.act([{"type": "pointer", "id": "mouse", "actions": [move, *button]}])

    def press(self, key: str) -> None:
        """Press and release a key."""
        value = KEYS.get(key, key)
        keys = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        self.act([{"type": "key", "id": "keyboard", "actions": keys}])

    def picture(self, left: float, top: float, right: float, bottom: float) -> Image.Image:
        """What a part of the window shows."""
        whole = Image.open(io.BytesIO(self.screenshot())).convert("RGB")
        return whole.crop((round(left), round(top), round(right), round(bottom)))


class Firefox(Engine):
    """Firefox, in WebDriver BiDi.

    Parameters
    ----------
    address
        Where it listens, e.g. ``ws://127.0.0.1:4711``.
    """

    def __init__(self, address: str) -> None:
        self._line = WebSocketConnection(f"{address}/session", PATIENCE, 0.01)
        self._say("session.new", capabilities={})
        self._page = self._say("browsingContext.getTree")["contexts"][0]["context"]
        size = {"width": WIDTH, "height": HEIGHT}
        self._say("browsingContext.setViewport", context=self._page, viewport=size)

    def _say(self, method: str, **parameters: Any) -> dict[str, Any]:
        answer = self._line.send_cmd(method, parameters)
        if answer["type"] == "error":
            raise Trouble(f"{method}: {answer['error']}, {answer['message']}")
        return answer["result"]

    def open(self, address: str) -> None:
        self._say("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def evaluate(self, expression: str) -> str:
        target = {"context": self._page}
        answer = self._say(
            "script.evaluate", expression=expression, target=target, awaitPromise=True
        )
        if answer["type"] == "exception":
            raise Trouble(answer["exceptionDetails"]["text"])
        return answer["result"]["value"]

    def act(self, actions: list[dict[str, Any]]) -> None:
        self._say("input.performActions", context=self._page, actions=actions)

    def screenshot(self) -> bytes:
        answer = self._say("browsingContext.captureScreenshot", context=self._page)
        return base64.b64decode(answer["data"])


class WebKit(Engine):
    """WebKitGTK's MiniBrowser, in WebDriver."""

    def __init__(self, driver: webdriver.WebKitGTK) -> None:
        self._driver = driver
        driver.set_script_timeout(PATIENCE)
        driver.set_page_load_timeout(PATIENCE)
        driver.set_window_rect(0, 0, WIDTH, HEIGHT)

    def open(self, address: str) -> None:
        self._driver.get(address)

    def evaluate(self, expression: str) -> str:
        return self._driver.execute_async_script(f"({expression}).then(arguments[0])")

    def act(self, actions: list[dict[str, Any]]) -> None:
        self._driver.execute(Command.W3C_ACTIONS, {"actions": actions})

    def screenshot(self) -> bytes:
        return self._driver.get_screenshot_as_png()


def end(process: subprocess.Popen) -> None:
    """End a process and all that it has started, for certain."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def screen(program: str) -> Iterator[dict[str, str]]:
    """A screen in memory; the environment of programs that are to be on it.

    Parameters
    ----------
    program
        Path of Xvfb.
    """
    read, write = os.pipe()
    process = subprocess.Popen(
        [
            program,
            "-displayfd",
            str(write),
            "-screen",
            "0",
            f"{WIDTH + 40}x{HEIGHT + 120}x24",
            "-nolisten",
            "tcp",
        ],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(write)
    try:
        with open(read, encoding="utf-8") as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Trouble(f"{program} does not start")
        # graphics are drawn by the processor, whatever card there is
        yield os.environ | {"DISPLAY": f":{number}", "LIBGL_ALWAYS_SOFTWARE": "1"}
    finally:
        end(process)


def heard(log: Path, process: subprocess.Popen) -> str:
    """Address at which a Firefox that is starting says that it listens."""
    end_of_patience = time.monotonic() + PATIENCE
    said = ""
    while time.monotonic() < end_of_patience:
        ended = process.poll() is not None
        said = log.read_text("utf-8", "replace")
        if ended:
            break
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)\s", said):
            return found[1]
        time.sleep(0.05)
    raise Trouble(f"Firefox does not start. Its last words: {said[-500:]}")


@contextmanager
def firefox(paths: dict[str, str], home: Path, environment: dict[str, str]) -> Iterator[Firefox]:
    """A running Firefox, with a new profile in the folder `home`."""
    (home / "user.js").write_text('user_pref("ui.prefersReducedMotion", 1);\n', "utf-8")
    command = [
        paths["browser"],
        "--profile",
        str(home),
        "--no-remote",
        "--remote-debugging-port",
        "0",
    ]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield Firefox(heard(home / "log", process))
    finally:
        end(process)


@contextmanager
def webkit(paths: dict[str, str], home: Path, environment: dict[str, str]) -> Iterator[WebKit]:
    """A running WebKitGTK, with its settings in the folder `home`."""
    (home / "gtk-3.0").mkdir()
    (home / "gtk-3.0" / "settings.ini").write_text("[Settings]\ngtk-enable-animations=0\n", "utf-8")
    places = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(home))
    service = Service(
        paths["driver"], env=environment | places, popen_kw={"start_new_session": True}
    )
    try:
        with warnings.catch_warnings(
            action="ignore", category=DeprecationWarning
        ):  # of Selenium by itself
            driver = webdriver.WebKitGTK(service=service)
        yield WebKit(driver)
        driver.quit()
    finally:
        if hasattr(service, "process"):  # else it never started
            end(service.process)


STARTS = {"firefox": firefox, "webkit": webkit}


@contextmanager
def running(name: str) -> Iterator[Engine]:
    """A browser by its name in LIF_ENGINES; when this is left, nothing of it runs on."""
    paths = browser_tools.ENGINES[name].found()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        screen(paths["screen"]) as environment,
        STARTS[name](paths, Path(home), environment) as engine,
    ):
        yield engine
