"""What a page of the built site transfers, before the first scroll and when it is used."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

#: The window of a reader at a desk.
DESKTOP = {"width": 1280, "height": 900}


class Meter:
    """Bytes that a page transfers, headers included, with an empty cache."""

    def __init__(self, page: Page) -> None:
        self.files: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.responseReceived", self._named)
        session.on("Network.loadingFinished", self._finished)

    def _named(self, event: dict[str, Any]) -> None:
        self._names[event["requestId"]] = event["response"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        parts = urlsplit(self._names.get(event["requestId"], ""))
        if parts.scheme in {"http", "https"}:
            self.files[parts.path.lstrip("/")] += round(event["encodedDataLength"])

    @property
    def total(self) -> int:
        """All bytes so far."""
        return self.files.total()

    def table(self, count: int = 15) -> str:
        """The largest files, one a line."""
        return "\n".join(f"{size:>9,}  {name}" for name, size in self.files.most_common(count))


def live(slot: Locator) -> Locator:
    """Scroll to a slot and wait until its widget is there and, if a viewer, has drawn."""
    slot.scroll_into_view_if_needed()
    slot.and_(slot.page.locator("[data-state=live]")).wait_for()
    if slot.get_attribute("data-kind") == "StructureViewer":
        slot.and_(slot.page.locator("[data-drawn]")).wait_for()
    return slot


def answer(question: Locator) -> None:
    """Give some answer to a question of a quiz."""
    field = question.locator("input").first
    if field.get_attribute("type") == "text":
        field.fill("1")
        field.press("Enter")
    else:
        question.locator("label").first.click()


def use_everything(page: Page) -> None:
    """Scroll through a page, wake and use every widget, answer every quiz, open what is folded."""
    for slot in page.locator(".lif-slot").all():
        live(slot)
        for button in slot.locator("button[data-scene]").all():
            button.click()
        for slider in slot.locator("input[type=range]:enabled").all():
            for key in ("End", "Home"):
                slider.press(key)
    for question in page.locator(".lif-quiz .lif-quiz__card").all():
        answer(question)
    for fold in page.locator("button.toggle-button").all():
        if fold.get_attribute("aria-expanded") == "false":
            fold.click()
    page.mouse.wheel(0, 1_000_000)
    page.wait_for_load_state("networkidle")


def transferred(page: Page, address: str, *, used: bool) -> Meter:
    """Bytes of a page before the first scroll, or when everything on it has been used."""
    meter = Meter(page)
    page.goto(address, wait_until="networkidle")
    if used:
        use_everything(page)
    return meter
