"""The Function chapter: prediction, binding sliders, model curves and the pathway map in the page."""

from __future__ import annotations

import re

import numpy as np
import pytest
from conftest import calm
from site_tools import Reader

from lifbook import data, signalling
from lifbook.page.widgets import BindingExplorer

FUNCTION = "chapters/function.html"


@pytest.fixture
def function(kept):
    """The Function page, as earlier tests of the file left it."""
    yield from calm(kept(FUNCTION))


def nM(text: str) -> float:
    """ "52.8 pM" or "1 nM" as a number in nM."""
    number, unit = re.fullmatch(r"([\d.,]+) (pM|nM)", text).groups()
    return float(number.replace(",", "")) / (1000 if unit == "pM" else 1)


def test_sliders_open_only_after_a_prediction(function: Reader):
    binding = function.wake("binding")
    prediction = function.wake("predict-gp130")
    sliders = binding.locator("input[type=range]")
    assert all(slider.is_disabled() for slider in sliders.all())
    assert "Closed until you have made your prediction" in binding.inner_text()
    button = prediction.get_by_role("button", name="This is my prediction")
    assert button.is_disabled()
    prediction.get_by_label("about threefold").check()
    button.click()
    assert "You predicted: about threefold." in prediction.inner_text()
    assert all(slider.is_enabled() for slider in sliders.all())


def test_the_page_binds_as_python_does(function: Reader):
    binding = function.wake("binding")
    start = BindingExplorer()
    values = {name: getattr(start, name) for name in BindingExplorer.RANGES}
    rng = np.random.default_rng(151)
    traits = list(BindingExplorer.RANGES)
    for _ in range(25):
        at = int(rng.integers(len(traits)))
        _label, low, high, _colour = BindingExplorer.RANGES[traits[at]]
        exponent = round(float(rng.uniform(np.log10(low), np.log10(high))) / 0.05) * 0.05
        slider = binding.locator("input[type=range]").nth(at)
        slider.evaluate(
            "(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); }",
            exponent,
        )
        values[traits[at]] = float(f"{10 ** float(slider.input_value()):.3g}")
        said = binding.locator(".lif-says").inner_text()
        found = re.search(
            r"at ([\d.,]+ [pn]M) LIF with gp130, at ([\d.,]+ [pn]M) without\. "
            r"At [\d.,]+ [pn]M, of 20 LIFR (\d+) signal and (\d+) only hold",
            said,
        )
        assert found, said
        receptor = {key: values[key] for key in ("lifr", "gp130", "kd_lifr", "kd_gp130")}
        expected = signalling.half_saturation(**receptor)
        alone = signalling.half_saturation(**(receptor | {"gp130": 0.0}), of="occupied")
        assert nM(found[1]) == pytest.approx(float(expected), rel=6e-3), values
        assert nM(found[2]) == pytest.approx(float(alone), rel=6e-3), values
        state = signalling.bind(values["ligand"], **receptor)
        signals = round(20 * float(state.ternary) / values["lifr"])
        assert abs(int(found[3]) - signals) <= 1


def test_model_curves_change_with_each_choice(function: Reader):
    signal = function.wake("signal")
    says = signal.locator(".lif-says")
    paths = signal.locator("svg path.line:not(.ghost)")
    seen = {says.inner_text()}
    assert "pSTAT3 peaks at 16 min" in says.inner_text()
    for name in ("no SOCS3", "actinomycin D", "JAK inhibitor", "5 min"):
        before = [path.get_attribute("d") for path in paths.all()]
        signal.get_by_role("button", name=name, exact=True).click()
        assert [path.get_attribute("d") for path in paths.all()] != before
        assert says.inner_text() not in seen
        seen.add(says.inner_text())
    signal.get_by_role("button", name="none", exact=True).click()
    signal.locator("input[type=range]").press("Home")
    run = signalling.simulate(0.3, times=range(0, 121, 2), duration=5)
    peak = signalling.peaks(run, ["pSTAT3_nM"]).iloc[0]
    assert f"pSTAT3 peaks at {peak['time_min']:.0f} min" in says.inner_text()
    assert "Model, not data" in signal.inner_text()


def test_knocking_out_follows_the_arrows(function: Reader):
    pathways = function.wake("pathways")
    nodes = data.read_table("pathway_nodes").set_index("id")
    edges = data.read_table("pathway_edges")
    pathways.get_by_role("button", name="Start again").click()
    pathways.locator("[data-id=y759]").click()
    evidence = pathways.locator(".lif-evidence li")
    touching = edges[(edges["source"] == "y759") | (edges["target"] == "y759")]
    assert evidence.count() == len(touching)
    assert "Fukada 1996" in pathways.locator(".lif-evidence").inner_text()
    pathways.get_by_role("button", name="Knock out Tyr759").click()
    said = pathways.locator(".lif-says").inner_text()

    active = edges[edges["sign"] == "activates"]
    reached = {"lif"}
    for _ in range(len(nodes)):
        reached |= set(
            active.loc[active["source"].isin(reached) & (active["target"] != "y759"), "target"]
        )
    lost = [nodes.loc[key, "label"] for key in nodes.index if key not in reached | {"y759"}]
    assert lost and re.search(r"No longer reached: (.*?)\.", said)[1] == ", ".join(lost)
    assert "Brakes that no longer work: SOCS3 on JAK1" in said
    assert pathways.locator("[data-state=lost]").count() == len(lost)
    pathways.get_by_role("button", name="Bring Tyr759 back").click()
    assert pathways.locator("[data-state=lost]").count() == 0


def test_the_map_works_by_keyboard(function: Reader):
    pathways = function.wake("pathways")
    pathways.get_by_role("button", name="Start again").click()
    first = pathways.locator("[data-id]").first
    first.focus()
    function.page.keyboard.press("ArrowRight")
    function.page.keyboard.press("Enter")
    assert pathways.locator("[data-id][aria-pressed=true]").count() == 1
    assert pathways.locator(".lif-evidence li").count() >= 1


def test_nodes_do_not_overlap_on_a_phone(read):
    reader = read(FUNCTION, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    pathways = reader.wake("pathways")
    boxes = [box.bounding_box() for box in pathways.locator("[data-id]").all()]
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = (
                one["x"] + one["width"] <= other["x"] + 1
                or other["x"] + other["width"] <= one["x"] + 1
                or one["y"] + one["height"] <= other["y"] + 1
                or other["y"] + other["height"] <= one["y"] + 1
            )
            assert apart, (one, other)
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
