"""Each page on a wide screen, all widgets awake: light and dark, screen readers, nothing jumps."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from site_tools import CONTROLS, STILL, STRUCTURE, Reader, jumps, pages, spoken, states, violations
from support.measuring import answer


def serious(reader: Reader) -> list[str]:
    """What axe-core finds that keeps a reader out."""
    page = reader.page
    page.evaluate(STILL)
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:160]}\n  {node['failureSummary'][:200]}"
        for violation in violations(page)
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def in_use(reader: Reader) -> None:
    """Answers the first quiz, opens a solution, picks something, shows another scene."""
    page = reader.page
    for question in page.locator(".lif-quiz").first.locator(".lif-quiz__card").all():
        answer(question)
    for fold in page.locator("button.toggle-button[aria-expanded=false]").all()[:1]:
        fold.click()
    for button in page.locator("[data-id='2Q7N:B:51'].lif-seq__letter, .lif-table__pick").all()[:2]:
        button.click()
    for view in page.locator(".lif-viewer").all():
        view.locator("button[data-scene]").nth(1).click()


def test_nothing_jumps_when_widgets_come_alive(desk: Reader):
    assert not jumps(desk, "wide")


def test_every_control_has_a_role_and_a_name(desk: Reader):
    tree = spoken(desk.page)
    # What has a tabindex of -1 and no role is for scripts only: no reader can come to it.
    usable = [
        node
        for node in tree
        if node.role in CONTROLS
        or (
            node.focusable
            and not (node.role == "generic" and node.attributes.get("tabindex") == "-1")
        )
    ]
    assert len(usable) > 10
    wrong = [
        node
        for node in usable
        if node.role in {"", "generic", "none"} or not re.search(r"\w", node.name)
    ]
    assert not wrong, "\n".join(map(str, wrong[:8]))


#: Numbers with the unit in which the sliders of a kind count.
SPOKEN_VALUES = {
    "BindingExplorer": r"[\d,.]+ [np]M",
    "ContactExplorer": r"\d\.\d ångström",
    "CompetitionExplorer": r"none|[\d,.]+ [np]M( = [\d,.]+ ng/ml)?|[\d,]+ per cell",
    "PowerExplorer": r"\d+ (cases|controls)|\d+\.\d%",
    "BoundExplorer": r"\d+ (patient|response)s?",
}


def slider_names(state: dict[str, Any]) -> list[str]:
    """Names that the sliders of a widget must have."""
    match state["_anywidget_id"].rpartition(".")[2]:
        case "ContactExplorer":
            return ["Cut-off"]
        case "BoundExplorer":
            return ["patients whose tumour was assessed", "responses seen"]
        case "SignalExplorer":
            return [axis["label"] for axis in state["axes"] if axis["slider"]]
    return [slider["label"] for slider in state.get("sliders", [])]


def test_each_slider_is_called_by_its_words_and_says_its_value_with_the_unit(desk: Reader):
    widgets = [
        (state, slider_names(state)) for state in states(urlsplit(desk.page.url).path.strip("/"))
    ]
    sliders = [node for node in spoken(desk.page) if node.role == "slider"]
    assert sorted(node.name for node in sliders) == sorted(
        name for _, names in widgets for name in names
    )
    assert len(sliders) == desk.page.locator("input[type=range]").count()
    for state, names in widgets:
        kind = state["_anywidget_id"].rpartition(".")[2]
        texts = "|".join(
            re.escape(text) for axis in state.get("axes", []) for text in axis["options"]
        )
        for name in names:
            slider = desk.slot(state["name"]).get_by_role("slider", name=name, exact=True)
            value = slider.get_attribute("aria-valuetext")
            assert re.fullmatch(SPOKEN_VALUES.get(kind, texts), value), (state["name"], name, value)
            assert (name, value) in [
                (node.name, node.attributes["aria-valuetext"]) for node in sliders
            ]
            words = desk.slot(state["name"]).locator("label").get_by_text(name, exact=True)
            assert slider.evaluate(
                "(slider, label) => label.control === slider", words.element_handle()
            )
            if slider.is_enabled():
                words.click()
                assert slider.evaluate("slider => document.activeElement === slider")


def test_nothing_serious_in_the_light(desk: Reader):
    in_use(desk)
    assert desk.page.locator("html").get_attribute("data-theme") == "light"
    found = serious(desk)
    assert not found, "\n".join(found[:8])


def test_nothing_serious_in_the_dark(desk: Reader):
    desk.page.emulate_media(color_scheme="dark")
    desk.page.locator("html[data-theme=dark]").wait_for(state="attached")
    found = serious(desk)
    desk.page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found[:8])


@pytest.mark.parametrize("path", [path for path in pages() if path.startswith("chapters/")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_take_the_colours_of_the_page(read, path: str, scheme: str):
    """From the first paint on, without the theme's script: text stands out from what is behind."""
    reader = read("", color_scheme=scheme)
    reader.page.route("**/pydata-sphinx-theme.js*", lambda route: route.fulfill(body=""))
    page = reader.open(path)
    ink, paper = page.evaluate(
        """() => [".lif-figure svg text", "body"].map((name) => {
          const node = document.querySelector(name) ?? document.querySelector("article p");
          const style = getComputedStyle(node);
          const colour = name === "body" ? style.backgroundColor
            : node.tagName === "text" ? style.fill : style.color;
          return colour.match(/[\\d.]+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part / 3, 0);
        })"""
    )
    assert (paper > 200) if scheme == "light" else (paper < 60)
    assert abs(ink - paper) > 120


def test_the_reader_s_choice_of_colours_is_kept(read):
    page = read(STRUCTURE, color_scheme="light").page
    for _ in range(3):
        if page.locator("html").get_attribute("data-theme") == "dark":
            break
        page.locator(".theme-switch-button").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
