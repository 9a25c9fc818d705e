"""The Clinical Significance chapter: evidence, ranking, puzzle, power and bounds in the page."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from conftest import calm
from site_tools import Reader

from lifbook import data, evidence, statistics
from lifbook.chapters import clinical_significance as in_clinical
from lifbook.page import widgets

CLINICAL = "chapters/clinical_significance.html"


@pytest.fixture
def clinical(kept):
    """The page, as earlier tests of the file left it."""
    yield from calm(kept(CLINICAL))


def ratio(text: str) -> float:
    return math.inf if text == "∞" else float(text)


def slide(slider, value: float) -> None:
    slider.evaluate(
        "(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); }", value
    )


def test_the_table_can_be_searched_filtered_and_sorted(clinical: Reader):
    widget = clinical.wake("evidence")
    cancers = data.read_table("cancers")
    rows = widget.locator("tbody tr:visible")
    assert rows.count() == len(cancers)
    widget.get_by_role("searchbox").fill("hippo breast")
    wanted = [
        row.id
        for row in cancers.itertuples()
        if all(word in " ".join(map(str, row)).lower() for word in ("hippo", "breast"))
    ]
    assert sorted(row.get_attribute("data-id") for row in rows.all()) == sorted(wanted)
    widget.get_by_role("searchbox").fill("no such words")
    assert rows.count() == 0 and "No study fits" in widget.locator(".lif-says").inner_text()
    assert widget.locator(".lif-grid .lif-dot:visible").count() == 0
    widget.get_by_role("button", name="Show all").click()
    widget.locator(".lif-tools select").first.select_option("stomach")
    stomach = cancers[cancers["cancer"] == "stomach"]
    assert rows.count() == len(stomach) == widget.locator(".lif-grid .lif-dot:visible").count()
    heading = widget.locator("thead th", has_text="Molecule")
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    shown = [row.locator("td").first.inner_text() for row in rows.all()]
    assert shown == sorted(stomach["molecule"])
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    widget.get_by_role("button", name="Show all").click()
    assert rows.count() == len(cancers)


def test_a_dot_and_its_row_are_picked_together(clinical: Reader):
    widget = clinical.wake("evidence")
    cancers = data.read_table("cancers").set_index("id")
    key = "stomach-lif-xu2019"
    widget.locator(f".lif-dot[data-id={key}]").click()
    assert widget.locator(f"tr[data-id={key}][data-picked]").count() == 1
    assert cancers.loc[key, "finding"] in widget.locator(".lif-detail").inner_text()
    other = "pancreas-lif-jiang2021"
    widget.locator(f"tr[data-id={other}] .lif-table__pick").click()
    assert widget.locator(".lif-dot[aria-pressed=true]").get_attribute("data-id") == other
    widget.locator(f"tr[data-id={other}] .lif-table__pick").click()
    assert "Pick a dot or a row" in widget.locator(".lif-detail").inner_text()


def test_dots_work_by_keyboard(clinical: Reader):
    widget = clinical.wake("evidence")
    assert widget.locator(".lif-grid .lif-dot[tabindex='0']").count() == 1
    widget.locator(".lif-grid .lif-dot[tabindex='0']").focus()
    before = widget.locator(".lif-grid .lif-dot:focus").get_attribute("data-id")
    clinical.page.keyboard.press("ArrowRight")
    after = widget.locator(".lif-grid .lif-dot:focus").get_attribute("data-id")
    assert after and after != before
    clinical.page.keyboard.press("Enter")
    assert widget.locator(f"tr[data-id={after}][data-picked]").count() == 1
    clinical.page.keyboard.press("Enter")


def test_the_readers_order_comes_before_ours(clinical: Reader):
    widget = clinical.wake("rank")
    ranked = evidence.rank_studies(data.read_table("gastric"), data.read_table("cancers"))
    order = lambda: [item.get_attribute("data-id") for item in widget.locator("li").all()]  # noqa: E731
    start = order()
    assert "Ours" not in widget.inner_text()
    widget.locator("li").nth(2).get_by_role("button", name="up").click()
    assert order() == [start[0], start[2], start[1], *start[3:]]
    assert "is now in place 2" in widget.locator(".lif-says").inner_text()
    clinical.page.keyboard.press("ArrowDown")  # the focus stayed on the study's button
    assert order() == start
    for place, key in enumerate(ranked["id"]):
        widget.locator(f"li[data-id={key}] select").select_option(index=place)
    assert order() == list(ranked["id"])
    widget.get_by_role("button", name="This is my order").click()
    pairs = sum(
        one < other
        for at, one in enumerate(ranked["rank"])
        for other in ranked["rank"].iloc[at + 1 :]
    )
    assert f"agree on {pairs} of the {pairs} pairs" in widget.locator(".lif-says").inner_text()
    assert widget.get_by_text("Ours: place").count() == len(ranked)
    widget.get_by_role("button", name="Hide our order").click()
    assert "Ours" not in widget.inner_text()


def test_the_puzzle_asks_first_and_then_rules_out(clinical: Reader):
    widget = clinical.wake("knockout")
    show = widget.get_by_role("button", name="Show what was found")
    assert show.is_disabled() and not widget.locator("table").is_visible()
    for cell in widget.locator("fieldset").all():
        assert "Found" not in cell.inner_text()
        cell.get_by_label("implants", exact=True).check()
    show.click()
    said = widget.locator(".lif-says").inner_text()
    assert "You predicted 2 of the 3 results" in said and "2 of 4 explanations are left" in said
    puzzle = in_clinical.stewart_puzzle(data.read_table("knockout"))
    assert all(text in said for text in puzzle.left())
    assert "decide between them: 3. Embryo of a mother with LIF in a uterus without LIF" in said
    assert widget.get_by_text("still possible").count() == 2
    assert widget.get_by_text("ruled out by 2").count() == 2
    assert widget.locator("fieldset input:enabled").count() == 0
    widget.get_by_role("button", name="Start again").click()
    assert show.is_disabled() and widget.locator("fieldset input:checked").count() == 0


def test_the_page_computes_power_as_python_does(clinical: Reader):
    widget = clinical.wake("power")
    start = widget.locator("input[type=range]").all()
    values = dict(
        zip(widgets.PowerExplorer.RANGES, (float(s.input_value()) for s in start), strict=True)
    )
    rng = np.random.default_rng(399)
    for step in range(24):
        trait = list(values)[step % 4]
        _label, low, high, size = widgets.PowerExplorer.RANGES[trait]
        value = round(
            round(float(rng.uniform(low, high / (4 if trait == "control_frequency" else 1))) / size)
            * size,
            4,
        )
        slide(widget.locator("input[type=range]").nth(step % 4), value)
        values[trait] = value
        n, m = int(values["cases"]), int(values["controls"])
        p, q = values["case_frequency"], values["control_frequency"]
        said = [line.inner_text() for line in widget.locator(".lif-says").all()]
        expected = statistics.power(n, m, p, q)
        found = re.search(r"([\d.]+)% of such studies", said[0])
        assert float(found[1]) == pytest.approx(100 * expected, abs=0.5001), (values, said)
        a, b = math.floor(n * p + 0.5), math.floor(m * q + 0.5)
        if 0 < a + b < n + m:
            got = re.search(
                r"counts: (\d+) of \d+ and (\d+) of \d+\. Their odds ratio is (\S+) "
                r"\(exact 95% interval (\S+) to (\S+)\), P = (\S+)\.$",
                said[2],
            )
            assert got, said[2]
            counts = (int(got[1]), n, int(got[2]), m)
            wanted = statistics.odds_ratio(*counts)
            for text, number in zip(
                got.groups()[2:5], (wanted.estimate, wanted.low, wanted.high), strict=True
            ):
                assert ratio(text) == pytest.approx(number, rel=0.051), (counts, said[2])
            assert float(got[6]) == pytest.approx(statistics.fisher(*counts), rel=0.051)


def test_equal_frequencies_and_empty_margins_are_said_in_words(clinical: Reader):
    widget = clinical.wake("power")
    for at in (2, 3):
        slide(widget.locator("input[type=range]").nth(at), 0)
    assert "With an empty margin there is no odds ratio" in widget.inner_text()
    assert "false alarm in 0.0%" in widget.inner_text()
    preset = widget.get_by_role("button", name="2007")
    preset.click()
    assert preset.get_attribute("aria-pressed") == "true"
    assert [s.input_value() for s in widget.locator("input[type=range]").all()[:2]] == [
        "399",
        "202",
    ]


def test_the_bound_is_the_exact_one(clinical: Reader):
    widget = clinical.wake("bound")
    total, count = widget.locator("input[type=range]").all()
    assert (total.input_value(), count.input_value()) == ("41", "0")
    for n, k in ((41, 0), (41, 3), (38, 0), (100, 1), (1, 0), (7, 7), (200, 100)):
        slide(total, n)
        slide(count, k)
        said = widget.locator(".lif-says").first.inner_text()
        both = statistics.binomial_interval(k, n)
        numbers = [float(x) for x in re.findall(r"([\d.]+)%", said)]
        if k == n:
            assert numbers[0] == pytest.approx(100 * both.low, abs=0.0501)
            continue
        upper = statistics.binomial_interval(k, n, sides="upper").high
        shown = dict(zip(("share", "bound", "level", "low", "high"), numbers, strict=True))
        assert shown["bound"] == pytest.approx(100 * upper, abs=0.0501)
        assert (shown["low"], shown["high"]) == pytest.approx(
            (100 * both.low, 100 * both.high), abs=0.0501
        )
        assert ("Rule of three" in widget.inner_text()) == (k == 0)
    slide(total, 10)
    assert float(count.input_value()) <= 10


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_overflows_on_a_phone(read, width: int):
    reader = read(
        CLINICAL, viewport={"width": width, "height": 780}, is_mobile=True, has_touch=True
    )
    for name in ("evidence", "rank", "knockout", "power", "bound"):
        widget = reader.wake(name)
        for button in widget.locator("button:visible").all()[:40]:
            box = button.bounding_box()
            assert box["x"] >= -1 and box["x"] + box["width"] <= width + 1, (
                name,
                button.inner_text(),
            )
            assert min(box["width"], box["height"]) >= 24, (name, button.inner_text())
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first = reader.wake("evidence").locator("tbody tr").first
    assert first.locator("td").first.evaluate("node => getComputedStyle(node).display") == "block"
