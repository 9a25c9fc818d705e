"""The quizzes of the published pages: every answer by mouse and keyboard, and open to everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import nbformat
import pytest
import refresh
from playwright.sync_api import Browser, ElementHandle, Locator, Page
from quiz_answers import hit
from site_tools import Reader, violations

from lifbook import questions

CHAPTERS = {path.stem: path for path in refresh.chapters()}
#: What the theme says to the console at each page.
THEIRS = ("[PST]", "[togglebutton]", "preload")
#: In place of the widgets' code: none ever comes.
ASLEEP = "export const restore = () => new Promise(() => {});"


def shown(chapter: str) -> dict[str, dict[str, Any]]:
    """The questions as the chapter's notebook stores them, by id."""
    notebook = nbformat.read(CHAPTERS[chapter], as_version=4)
    models = notebook.metadata["widgets"][refresh.WIDGETS]["state"].values()
    return {item["id"]: item for model in models for item in model["state"].get("questions", [])}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_chapter_shows_all_its_questions(chapter: str) -> None:
    assert list(shown(chapter)) == [item["id"] for item in questions.items(chapter)] != []


class Quizzes:
    """The quizzes of one chapter's page, and what the page said to the console."""

    def __init__(self, browser: Browser, base: str, chapter: str) -> None:
        self.items = shown(chapter)
        self.path = f"chapters/{chapter}.html"
        self.reader = Reader(browser, base)
        self.page: Page = self.reader.page
        self.messages: list[str] = []
        self.page.on("console", lambda message: self.messages.append(message.text))
        # The quizzes need nothing of the widgets, which would draw while the page is scrolled.
        self.page.route(
            "**/_lif/widgets-*.js",
            lambda route: route.fulfill(content_type="text/javascript", body=ASLEEP),
        )

    def open(self) -> Page:
        """Load the page anew, nothing answered; its last quiz is there."""
        self.reader.open(self.path)
        self.page.wait_for_selector(f'[data-question="{list(self.items)[-1]}"]')
        return self.page

    def box(self, key: str) -> Locator:
        """One question with its answers."""
        return self.page.locator(f'[data-question="{key}"]')


@pytest.fixture(scope="module")
def opened(browser: Browser, base: str) -> Iterator[Callable[[str], Quizzes]]:
    """Pages of chapters, each loaded once in this file."""
    pages: dict[str, Quizzes] = {}

    def get(chapter: str) -> Quizzes:
        if chapter not in pages:
            pages[chapter] = Quizzes(browser, base, chapter)
            pages[chapter].open()
        return pages[chapter]

    yield get
    for one in pages.values():
        one.reader.close()


@pytest.fixture
def quizzes(opened: Callable[[str], Quizzes]) -> Iterator[Callable[[str], Quizzes]]:
    """Pages of chapters; none may ask another host, or say anything, by the end of the test."""
    used: list[Quizzes] = []

    def get(chapter: str) -> Quizzes:
        used.append(opened(chapter))
        return used[-1]

    yield get
    for one in used:
        assert not one.reader.log.troubles
        assert [text for text in one.messages if not any(word in text for word in THEIRS)] == []


@pytest.fixture
def structure(quizzes: Callable[[str], Quizzes]) -> Quizzes:
    """The quizzes of Structure, none answered."""
    found = quizzes("structure")
    found.open()
    return found


def plain(text: str) -> str:
    """Text with single blanks."""
    return " ".join(text.split())


def expected(answer: dict[str, Any]) -> str:
    """What must be said when this answer is given."""
    return ("Right. " if answer.get("correct") else "Not quite. ") + answer["feedback"]


def typed(item: dict[str, Any], answer: dict[str, Any]) -> str:
    """Something to type that must lead to this answer."""
    if answer.get("type") == "default":
        return "999999" if item["type"] == "numeric" else "the whole receptor"
    if item["type"] == "string":
        return answer["answer"].lower()
    if "value" in answer:
        return str(answer["value"])
    low, high = answer["range"]
    tries = [round(low + (high - low) * part / 20, 3) for part in range(1, 20)]
    return str(next(number for number in tries if hit(item, number) is answer))


#: One look at a question: the sentence under it, which answers are chosen, which has the focus.
LOOK = """box => ({
  said: box.querySelector(".lif-quiz__said").innerText,
  chosen: [...box.querySelectorAll("input")].map(input => input.checked),
  focus: [...box.querySelectorAll("input")].indexOf(document.activeElement),
})"""
#: Where to click on an answer's words, which nothing may cover.
WORDS = """(box, number) => {
  const label = box.querySelectorAll("label")[number];
  const words = label.querySelector("span") ?? label;
  words.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, height } = words.getBoundingClientRect();
  const [x, y] = [left + 3, top + height / 2];
  return [x, y, label.contains(document.elementFromPoint(x, y)), label.innerText];
}"""


def choose_by_mouse(page: Page, box: ElementHandle, item: dict[str, Any], number: int) -> None:
    """Click on an answer's words."""
    x, y, free, words = box.evaluate(WORDS, number)
    assert free and plain(words) == plain(item["answers"][number]["answer"])
    page.mouse.click(x, y)


def choose_by_keyboard(page: Page, box: ElementHandle, item: dict[str, Any], number: int) -> None:
    """Go to an answer from the first, and choose it; to go there chooses nothing."""
    box.evaluate("box => box.querySelector('input').focus()")
    before = box.evaluate(LOOK)
    for _ in range(number):
        page.keyboard.press("ArrowDown")
    there = box.evaluate(LOOK)
    assert there["focus"] == number
    assert (there["said"], there["chosen"]) == (before["said"], before["chosen"])
    page.keyboard.press("Space" if number % 2 else "Enter")
    assert box.evaluate(LOOK)["said"] != before["said"]


WAYS = {"mouse": choose_by_mouse, "keyboard": choose_by_keyboard}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_answer_shows_its_own_feedback(
    quizzes: Callable[[str], Quizzes], chapter: str, way: str
) -> None:
    found = quizzes(chapter)
    page, seen = found.page, 0
    for key, item in found.items.items():
        box = found.box(key)
        assert plain(box.locator(".lif-quiz__question").inner_text()) == plain(item["question"])
        if not item["type"].endswith("_choice"):
            feedback, field = box.locator(".lif-quiz__said"), box.locator("input")
            for answer in item["answers"]:
                field.fill(typed(item, answer))
                if way == "mouse":
                    box.get_by_role("button", name="Check").click()
                else:
                    field.press("Enter")
                    assert field.evaluate("it => it === document.activeElement")
                assert plain(feedback.inner_text()) == expected(answer), key
                right = bool(answer.get("correct"))
                assert field.get_attribute("aria-invalid") == str(not right).lower()
                seen += 1
            continue
        handle = box.element_handle()
        assert len(handle.evaluate(LOOK)["chosen"]) == len(item["answers"])
        for number, answer in enumerate(item["answers"]):
            WAYS[way](page, handle, item, number)
            now = handle.evaluate(LOOK)
            said = plain(now["said"])
            assert said.startswith(expected(answer)), (key, number)
            assert now["chosen"][number], (key, number)
            rest = said.removeprefix(expected(answer))
            many = item["type"] == "many_choice"
            assert re.fullmatch(r" \d of \d found\." if many else "", rest), (key, rest)
            seen += 1
    assert seen == sum(len(item["answers"]) for item in questions.items(chapter))


def test_what_a_reader_may_type(structure: Quizzes) -> None:
    box = structure.box("structure-interface-3")
    field, feedback = box.get_by_label("Your answer, in Å²"), box.locator(".lif-quiz__said")
    for text, start in {
        "": "Type a number",
        "many": "Type a number",
        "958,7": "Right.",
        " 959 ": "Right.",
        "1,917": "Not quite. That is the sum",
        "1917.4": "Not quite. That is the sum",
        "−3": "Not quite. Take the surface",
    }.items():
        field.fill(text)
        field.press("Enter")
        assert feedback.inner_text().startswith(start), text
    field.fill("12")
    box.get_by_role("button").focus()
    field.focus()
    assert field.input_value() == "12"  # nothing is lost on the way


def test_a_click_is_told_once(structure: Quizzes) -> None:
    """A click on the words of a label comes twice; a screen reader must not read it twice."""
    box = structure.box("structure-bundle-1")
    box.locator(".lif-quiz__live").evaluate(
        """live => {
            window.told = 0;
            const tell = changes => changes.forEach(change => change.addedNodes.forEach(
                node => { if (node.nodeName === 'STRONG') window.told += 1; }));
            new MutationObserver(tell).observe(live, {childList: true, subtree: true});
        }"""
    )
    box.get_by_text("up-up-down-down", exact=True).click()
    box.get_by_text("up-up-up-up", exact=True).click()
    assert structure.page.evaluate("window.told") == 2


def test_many_choice_counts_what_has_been_found(structure: Quizzes) -> None:
    item = structure.items["structure-resolution-2"]
    right = [answer["answer"] for answer in item["answers"] if answer["correct"]]
    wrong = next(answer["answer"] for answer in item["answers"] if not answer["correct"])
    assert len(right) > 1
    box = structure.box(item["id"])
    found = box.locator(".lif-quiz__found")
    for number, text in enumerate(right, start=1):
        box.get_by_text(text, exact=True).click()
        box.get_by_text(text, exact=True).click()  # a second click changes nothing
        assert found.inner_text() == f"{number} of {len(right)} found."
        assert box.locator("input:checked").count() == number
    box.get_by_text(wrong, exact=True).click()
    assert found.inner_text() == f"0 of {len(right)} found."
    assert box.locator("input:checked").count() == 1


#: Gives an answer to every question, half of them wrong ones.
ANSWER_ALL = """() => document.querySelectorAll(".lif-quiz .lif-quiz__card").forEach((box) => {
  const labels = box.querySelectorAll(".lif-quiz__choice");
  if (labels.length) return labels[box.dataset.question.length % 3].click();
  box.querySelector("input").value = "4.7";
  box.querySelector("button").click();
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_quizzes_can_be_used_by_everybody(
    quizzes: Callable[[str], Quizzes], chapter: str, scheme: str, width: int
) -> None:
    found = quizzes(chapter)
    page = found.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
    page.evaluate(ANSWER_ALL)
    assert [
        (fault["id"], node["target"], node["failureSummary"])
        for fault in violations(page, ".lif-quiz")
        for node in fault["nodes"]
    ] == []
    # told to screen readers: every feedback lies in a live region, every group has a name
    live = page.locator('.lif-quiz__live[role="status"][aria-live="polite"]')
    told = live.locator(".lif-quiz__said:not(:empty)")
    assert told.count() == len(found.items)
    for name in questions.sections(chapter).values():
        assert page.get_by_role("group", name=f"Quiz: {name}", exact=True).count() == 1
    for key, item in found.items.items():
        if item["type"] == "multiple_choice":
            group = found.box(key).get_by_role("radiogroup", name=plain(item["question"]))
            assert group.count() == 1, key
    # one column, nothing wider than the window, nothing too small to hit or to read
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    lefts = page.locator(".lif-quiz .lif-quiz__choice").evaluate_all(
        "all => all.map(it => it.getBoundingClientRect()).map(r => [r.left, r.height])"
    )
    assert len({round(left) for left, _ in lefts}) == 1
    assert min(height for _, height in lefts) >= 40
    sizes = page.locator(".lif-quiz p, .lif-quiz label, .lif-quiz .lif-quiz__said").evaluate_all(
        "all => all.map(it => parseFloat(getComputedStyle(it).fontSize))"
    )
    assert min(sizes) >= 13
    # pydata's dark theme would paint a light box behind
    behind = page.locator(".lif-quiz").first.evaluate(
        "it => getComputedStyle(it.parentNode).backgroundColor"
    )
    assert behind == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_page_without_javascript_says_so(browser: Browser, base: str, chapter: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}chapters/{chapter}.html")
    said = page.locator(".lif-quiz").all_inner_texts()
    cards = [plain(text) for text in page.locator(".lif-quiz__card").all_inner_texts()]
    context.close()
    assert len(said) == len(questions.sections(chapter)) > 0
    for section, text in zip(questions.sections(chapter), said, strict=True):
        count = len(questions.items(chapter, section))
        assert text.startswith(f"{count} question{'s' if count > 1 else ''}. ")
        assert "JavaScript" in text
    # the questions can be read, with the answers to choose from
    items = questions.items(chapter)
    for card, item in zip(cards, shown(chapter).values(), strict=True):
        assert plain(item["question"]) in card
        if item["type"].endswith("_choice"):
            assert all(plain(answer["answer"]) in card for answer in item["answers"])
        assert not any(plain(answer["feedback"]) in card for answer in item["answers"])
    assert len(cards) == len(items)


#: Heights of the questions of a page, in px.
HEIGHTS = """() => [...document.querySelectorAll(".lif-quiz__card")]
  .map((card) => Math.round(card.getBoundingClientRect().height))"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nothing_moves_when_the_text_becomes_a_quiz(
    browser: Browser, base: str, chapter: str, width: int
) -> None:
    heights = []
    for script in (False, True):
        reader = Reader(browser, base, viewport={"width": width, "height": 800})
        if not script:  # not java_script_enabled: the theme sets its fonts by script
            reader.page.route(
                "**/_lif/quizzes-*.js",
                lambda route: route.fulfill(content_type="text/javascript", body=""),
            )
        reader.open(f"chapters/{chapter}.html")
        assert reader.page.locator("[data-question]").count() == script * len(shown(chapter))
        heights.append(reader.page.evaluate(HEIGHTS))
        reader.close()
    still, live = heights
    assert len(still) == len(live)
    assert max(abs(a - b) for a, b in zip(still, live, strict=True)) <= 1
