"""Page against Python: every word, line, cell and computed trait of every widget, in several of its states.

The built page is read (`reading.py`) and compared with what `lifbook` computes (`expected.py`). The widgets are
those whose state the notebooks hold: one that has no check here fails. Once more with the keys of every object
of the state in another order, since the order of keys means nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import expected
import pytest
from expected import Expected
from playwright.sync_api import Locator, Page, Route
from reading import TAP, TAPPED, VIEWS, Drawing, Reading, compare, set_traits, traits
from site_tools import SMALL, Reader, pages, states, until

from lifbook.page.widget import BUNDLES

#: Every widget of the book, as the notebooks' stored state names them.
WIDGETS = [(path, state["name"]) for path in pages() for state in states(path)]
#: The script of a widget, as the site names it.
SCRIPT = re.compile(
    "/_lif/(" + "|".join(path.stem for path in BUNDLES.glob("*.js")) + r")-\w+\.js$"
)
#: Of the 3D views one is enough for the order of keys: all are drawn by the same code from states of one kind.
CASES = [
    (keys, path, name)
    for keys in ("as built", "keys turned")
    for path, name in WIDGETS
    if keys == "as built" or name not in expected.VIEWERS[1:]
]


# --- pages with their keys as built, and in another order -----------------------------------------


def turned(value: Any) -> Any:
    """The same objects, the keys of each in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def opened(
    request: pytest.FixtureRequest, browser: Any, base: str
) -> Iterator[Callable[[str], Reader]]:
    """Pages whose models and views the test can reach; each is opened once for each order of keys."""
    readers: dict[str, Reader] = {}

    def state(route: Route) -> None:
        body = route.fetch().json()
        route.fulfill(
            body=json.dumps(turned(body) if request.param == "keys turned" else body),
            content_type="application/json",
        )

    def script(route: Route) -> None:
        code, found = TAPPED.subn(TAP, route.fetch().text())
        assert found == 1, route.request.url
        route.fulfill(body=code, content_type="text/javascript")

    def page(path: str) -> Reader:
        if path not in readers:
            reader = readers[path] = Reader(browser, base, viewport=SMALL)
            reader.page.add_init_script(VIEWS)
            reader.context.route("**/_lif/chapters-*.json", state)
            reader.context.route(SCRIPT, script)
            reader.open(path)
        return readers[path]

    yield page
    for reader in readers.values():
        reader.close()


# --- comparing --------------------------------------------------------------------------------------


class Widget:
    """A widget of an open page."""

    def __init__(self, reader: Reader, name: str) -> None:
        self.reader, self.name = reader, name
        self.page: Page = reader.page
        self.slot: Locator = reader.wake(name)

    def traits(self, *names: str) -> list[Any]:
        """Traits of its model."""
        return traits(self.page, self.name, *names)

    def set(self, **values: Any) -> None:
        """Set traits, as Python or a linked widget does."""
        set_traits(self.page, self.name, **values)

    def slide(self, name: str, place: float) -> None:
        """Move a slider to a place."""
        self.slot.get_by_role("slider", name=name, exact=True).evaluate(
            "(node, value) => { node.value = value; node.dispatchEvent(new Event('input', { bubbles: true })); }",
            place,
        )

    def press(self, name: str) -> None:
        """Press a button by its name."""
        self.slot.get_by_role("button", name=name, exact=True).click()

    def shows(self, wanted: Expected, what: object = "", *, plots: bool = True) -> Reading:
        """It shows exactly this."""
        reading = Reading.of(self.slot)
        here = (self.name, what)
        for place in (
            "says",
            "notes",
            "legends",
            "lists",
            "loose",
            "tables",
            "fields",
            "buttons",
            "links",
        ):
            assert getattr(reading, place) == getattr(wanted, place), (*here, place)
        assert [one["name"] for one in reading.sliders] == [one.name for one in wanted.sliders], (
            here
        )
        for found, slider in zip(reading.sliders, wanted.sliders, strict=True):
            assert (found["shown"], found["spoken"], found["open"]) == (
                slider.shown,
                slider.spoken or slider.shown,
                slider.open,
            ), (*here, slider)
            assert abs(found["at"] - slider.at) <= slider.step / 2 + 1e-9, (*here, slider, found)
            assert (found["low"], found["high"]) == pytest.approx((slider.low, slider.high)), (
                *here,
                slider,
            )
        if plots:
            assert len(reading.charts) == len(wanted.plots), here
            for drawing, plot in zip(reading.charts, wanted.plots, strict=True):
                compare(drawing, plot, str(here))
        return reading


CHECKS: dict[str, Callable[[Widget], None]] = {}


def check(*names: str) -> Callable[[Callable[[Widget], None]], Callable[[Widget], None]]:
    """Marks what checks widgets of these names."""

    def keep(function: Callable[[Widget], None]) -> Callable[[Widget], None]:
        CHECKS.update(dict.fromkeys(names, function))
        return function

    return keep


# --- Structure ---------------------------------------------------------------------------------------


@check("sequence")
def sequence(widget: Widget) -> None:
    letters = expected.letters()
    assert "".join(widget.slot.locator(".lif-seq__letter").all_inner_texts()) == "".join(
        one["letter"] for one in letters
    )
    widget.shows(expected.sequence())
    for mature in (1, 156, 180):
        [one] = [one for one in letters if one["id"] == f"2Q7N:B:{mature}"]
        widget.press(one["words"])
        widget.shows(expected.sequence(one["id"]), mature)
        assert widget.traits("picked") == [one["id"]]
    widget.set(picked="")
    widget.press(letters[0]["words"])
    widget.shows(expected.sequence(clicked=letters[0]["words"]), "signal peptide")
    for mark in ("signal peptide", "helix B"):
        widget.slot.locator(f"button[data-kind='{mark}']").click()
    reading = widget.shows(
        expected.sequence(clicked=letters[0]["words"], off=("signal peptide", "helix B")), "marks"
    )
    assert reading.buttons[0]["name"] == "signal peptide (22)"
    marked = widget.slot.locator(".lif-seq__letter[data-marked]").count()
    assert marked == sum(bool(set(one["marks"]) - {"signal peptide", "helix B"}) for one in letters)
    for mark in ("signal peptide", "helix B"):
        widget.slot.locator(f"button[data-kind='{mark}']").click()
    # what is picked elsewhere and is not a letter of LIF
    widget.set(picked="2Q7N:A:300")
    widget.shows(expected.sequence("2Q7N:A:300"), "LIFR")
    widget.set(picked="")


@check("contacts")
def contacts(widget: Widget) -> None:
    def here(cutoff: float, picked: str = "") -> None:
        widget.shows(expected.contacts(cutoff, picked), cutoff)
        assert widget.traits("cutoff", "highlight") == [cutoff, expected.highlighted(cutoff)]
        assert sorted(traits(widget.page, "site", "highlight")[0]) == sorted(
            expected.highlighted(cutoff)
        )

    widget.reader.wake("site")  # which is linked to it
    here(4.0)
    for cutoff in (3.0, 4.5, 6.0):
        widget.slide("Cut-off", cutoff)
        here(cutoff)
    widget.set(picked="2Q7N:B:156")
    here(6.0, "2Q7N:B:156")
    widget.set(cutoff=3.3, picked="")
    here(3.3)
    widget.slide("Cut-off", 4.0)


@check("buried")
def buried(widget: Widget) -> None:
    rows = expected.buried_rows()
    widget.shows(expected.buried())
    reading = Reading.of(widget.slot)
    widget.press("Buried (Å²)")
    widget.shows(expected.buried(), "the most first")
    widget.press("Buried (Å²)")
    # sort() keeps the order of equal numbers, here that of the rows
    values = rows["buried"].round(3).tolist()
    widget.shows(
        expected.buried(sorted(range(len(rows)), key=lambda at: values[at])), "the least first"
    )
    widget.press("Residue (mature)")
    numbers = rows["number"].tolist()
    widget.shows(
        expected.buried(sorted(range(len(rows)), key=lambda at: numbers[at])), "by residue"
    )
    for number in (156, 51):
        widget.set(picked=f"2Q7N:B:{number}")
        widget.shows(
            expected.buried(
                sorted(range(len(rows)), key=lambda at: numbers[at]), f"2Q7N:B:{number}"
            ),
            number,
        )
    widget.set(picked="")
    assert len(reading.tables[0]["rows"]) == len(rows) > 20


@check(*expected.VIEWERS)
def viewer(widget: Widget) -> None:
    made = expected.viewers()[widget.name]
    assert widget.traits("scene") == [made.scene]
    stage = widget.slot.locator(".lif-viewer__stage")
    for scene in made.scenes:
        widget.slot.locator(f"button[data-scene='{scene['name']}']").click()
        widget.shows(expected.viewer(widget.name, scene["name"]), scene["name"])
        assert widget.traits("scene") == [scene["name"]]
        name = stage.get_attribute("aria-label")
        assert name.startswith(f"{made.label}, {scene['label']}. "), name
        wanted = expected.labels(widget.name, scene["name"])
        until(
            widget.page,
            lambda: drawn_labels(widget) == [text for text, _place in wanted],  # noqa: B023
            f"{widget.name}, {scene['name']}: {drawn_labels(widget)}, not {wanted}",
        )
        for (text, place), found in zip(wanted, label_places(widget), strict=True):
            assert found == pytest.approx(place, abs=0.02), (widget.name, scene["name"], text)
    if widget.name != "site":  # it is moved by the slider
        assert sorted(widget.traits("highlight")[0]) == sorted(made.highlight)
    widget.slot.locator(f"button[data-scene='{made.scene}']").click()


def drawn_labels(widget: Widget) -> list[str]:
    """Words in the picture, without the name of what is picked."""
    return widget.page.evaluate(
        "name => views[name].labels.map((label) => label.text)", widget.name
    )


def label_places(widget: Widget) -> list[list[float]]:
    """Where they stand, in Å."""
    return widget.page.evaluate(
        "name => views[name].labels.map(({ stylespec: { position: { x, y, z } } }) => [x, y, z])",
        widget.name,
    )


# --- Function ----------------------------------------------------------------------------------------


def predicted(widget: Widget, question: str, options: list[str], after: str) -> None:
    """A prediction: nothing chosen, each option chosen, made."""

    def here(**how: Any) -> None:
        widget.shows(expected.prediction(question, options, after, **how), how)

    if widget.traits("locked") == [expected.CLOSED]:
        here()
        for at, text in enumerate(options):
            widget.slot.get_by_label(text, exact=True).check()
            here(chosen=at)
            assert widget.traits("chosen", "locked") == [at, expected.CLOSED]
        widget.press("This is my prediction")
    assert widget.traits("locked") == [""]
    here(chosen=len(options) - 1, made=True)


@check("predict-gp130")
def predict_gp130(widget: Widget) -> None:
    predicted(
        widget,
        "You raise gp130 tenfold, from 1 to 10 nM. By how much falls the LIF that gives half of the signal?",
        ["not at all", "about threefold", "about tenfold", "about a hundredfold"],
        "Now move the slider of gp130 and read the sentence under the chart.",
    )


def opens(
    widget: Widget,
    wanted: Callable[[str], Expected],
    prediction: str,
    look: Callable[[Reading], None],
) -> None:
    """The published state: closed as long as no prediction is made, then open."""
    widget.reader.wake(prediction)
    set_traits(widget.page, prediction, locked=expected.CLOSED)
    look(widget.shows(wanted(expected.CLOSED), "closed", plots=False))
    set_traits(widget.page, prediction, locked="")
    look(widget.shows(wanted(""), "open", plots=False))


@check("binding")
def binding(widget: Widget) -> None:
    values = dict(expected.BINDING)

    def curves(reading: Reading) -> None:
        [chart, receptors] = reading.charts
        compare(chart, expected.binding(values).plots[0], f"binding {values}")
        twenty(receptors, values)
        with_, without = expected.halves(values)
        assert widget.traits("half_with", "half_without") == [
            pytest.approx(with_, rel=1e-6),
            pytest.approx(without, rel=1e-6),
        ], values

    opens(widget, lambda locked: expected.binding(values, locked), "predict-gp130", curves)
    words = {trait: name for trait, name, _low, _high in expected.BINDING_SLIDERS}
    # the slider's place -> what it sets, with three digits; Home and End are the ends
    for moves in (
        {"gp130": 1.0},
        {"ligand": -4.0},
        {"ligand": 2.0, "kd_gp130": 2.0},
        {"gp130": -4.0, "kd_lifr": -2.0},
        {"lifr": 0.0, "gp130": 2.0, "kd_gp130": -3.0, "ligand": -0.3},
        {"lifr": -4.0, "kd_lifr": 2.0, "ligand": 0.55},
    ):
        for trait, place in moves.items():
            widget.slide(words[trait], place)
            values[trait] = float(f"{10**place:.3g}")
        assert widget.traits(*values) == list(values.values())
        curves(widget.shows(expected.binding(values), values, plots=False))
    values |= {"ligand": 0.0123, "lifr": 0.5, "gp130": 0.25, "kd_lifr": 3.0, "kd_gp130": 0.02}
    widget.set(**values)  # as Python sets them
    curves(widget.shows(expected.binding(values), values, plots=False))
    slider = widget.slot.get_by_role("slider", name="LIF", exact=True)
    for key, value in (("Home", 1e-4), ("End", 100.0)):
        slider.press(key)
        values["ligand"] = value
        curves(widget.shows(expected.binding(values), key, plots=False))


def twenty(drawing: Drawing, values: Mapping[str, float]) -> None:
    """The picture of twenty receptors: how many have gp130, and how many LIF."""
    assert drawing.title == expected.receptors_title(values), values
    signals, holds = expected.counted(values)
    parts = [part for part in drawing.parts if part["tag"] != "line"]
    assert len(parts) == 60
    seen = [sum(part.get("visibility") != "hidden" for part in parts[at::3]) for at in range(3)]
    assert seen == [20, signals, signals + holds], values  # LIFR, gp130, LIF


def choose(widget: Widget, courses: expected.Courses, **places: int) -> dict[str, str]:
    """Choose options by their places; what is chosen now."""
    widget.set(**places)
    return {
        axis: list(options)[at]
        for (axis, options), at in zip(
            courses.axes.items(), widget.traits("choice_1", "choice_2", "choice_3"), strict=True
        )
    }


@check("signal")
def signal(widget: Widget) -> None:
    courses = expected.signal_courses()
    assert choose(widget, courses) == courses.start
    widget.shows(expected.signal(courses.start))
    chosen = dict(courses.start)
    for name in ("no SOCS3", "actinomycin D", "5 min", "JAK inhibitor"):
        widget.press(name)
        chosen["for" if "min" in name else "change"] = name
        assert choose(widget, courses) == chosen
        widget.shows(expected.signal(chosen), chosen)
    for key, name in (("Home", "0.3 ng/ml"), ("End", "100 ng/ml")):
        widget.slot.get_by_role("slider", name="IL-6").press(key)
        chosen["IL-6"] = name
        widget.shows(expected.signal(chosen), chosen)
    for places in ((0, 3, 0), (0, 0, 0), (2, 2, 1), (1, 1, 2)):
        chosen = choose(
            widget, courses, **{f"choice_{at}": place for at, place in enumerate(places, start=1)}
        )
        widget.shows(expected.signal(chosen), chosen)
    choose(widget, courses, choice_1=4, choice_2=3, choice_3=0)
    widget.shows(expected.signal(courses.start), "the start again")


@check("pathways")
def pathways(widget: Widget) -> None:
    nodes, _edges = expected.nodes_and_edges()

    def here(picked: str = "", out: tuple[str, ...] = ()) -> None:
        wanted, classes = expected.pathways(picked, out)
        [drawing] = widget.shows(wanted, (picked, out), plots=False).charts
        assert [set(part["class"].split()) for part in drawing.parts] == [
            set(one.split()) for one in classes
        ], (picked, out)

    here()
    for picked in ("y759", "lif", "stat3"):
        widget.slot.locator(f"[data-id={picked}]").click()
        here(picked)
    widget.press("Knock out STAT3")
    here("stat3", ("stat3",))
    widget.press("Bring STAT3 back")
    here("stat3")
    for key in nodes["id"]:
        widget.set(picked="", knocked_out=[key])
        here("", (key,))
    widget.set(picked="jak1", knocked_out=["y759", "socs3"])
    here("jak1", ("y759", "socs3"))
    widget.press("Start again")
    here()


# --- Interactions ------------------------------------------------------------------------------------


@check("family")
def family(widget: Widget) -> None:
    def here(**state: Any) -> None:
        reading = widget.shows(expected.family_(**state), state, plots=False)
        asked = {key: state[key] for key in ("needs", "alpha") if key in state}
        assert widget.traits("shown") == [expected.shown_family(**asked)], state
        if state.get("view") == "network":
            [drawing] = reading.charts
            network(widget, drawing, **asked, picked=state.get("picked", "LIF"))
        else:
            assert not reading.charts

    here()
    for name in ("OSM", "gp130", "CNTF", "IL-6R"):
        widget.slot.locator(f"button[data-id='{name}']:visible").click()
        here(picked=name)
    widget.press("Network")
    here(picked="IL-6R", view="network")
    for chain in ("LIFR", "OSMR"):
        widget.slot.get_by_label(chain, exact=True).check()
    here(picked="IL-6R", view="network", needs=["LIFR", "OSMR"])
    widget.press("Matrix")
    here(picked="IL-6R", needs=["LIFR", "OSMR"])
    for words, alpha in (
        ("with another chain", "with"),
        ("without", "without"),
        ("either way", "any"),
    ):
        widget.press(words)
        here(picked="IL-6R", needs=["LIFR", "OSMR"], alpha=alpha)
    for needs, alpha in (
        (["gp130"], "any"),
        (["gp130", "LIFR"], "with"),
        ([], "without"),
        (["gp130", "LIFR", "OSMR"], "any"),
    ):
        widget.set(needs=needs, alpha=alpha, picked="")
        here(picked="", needs=needs, alpha=alpha)
    for name in [*expected.family.cytokines(), *expected.family.chains()]:
        widget.set(needs=[], alpha="any", picked=name, view="network")
        here(picked=name, view="network")
    widget.set(needs=[], alpha="any", picked="LIF", view="matrix")
    here()


def network(
    widget: Widget, drawing: Drawing, needs: Any = (), alpha: str = "any", picked: str = ""
) -> None:
    """Each line goes from its cytokine to its chain, double or broken as it must be."""
    wanted = expected.network_lines(needs, alpha, picked)
    pale = widget.slot.locator("svg line").evaluate_all(
        "list => list.map((line) => line.parentElement.classList.contains('off'))"
    )
    found = [
        (part.get("stroke-dasharray", ""), off)
        for part, off in zip(drawing.parts, pale, strict=True)
    ]
    assert found == wanted
    places = dict(
        widget.slot.locator(".lif-net button").evaluate_all(
            "list => list.map((node) => [node.dataset.id, parseFloat(node.style.top)])"
        )
    )
    ends = [(places[name], places[chain]) for name, chain in expected.network_ends()]
    assert [(float(part["y1"]), float(part["y2"])) for part in drawing.parts] == [
        pytest.approx(pair, abs=1e-3) for pair in ends
    ]


@check("predict-brakes")
def predict_brakes(widget: Widget) -> None:
    predicted(
        widget,
        "Which of the two will lower the first peak of pSTAT3 more: four times as much SOCS3, or a SOCS1-like "
        "inhibitor that leaves JAK a quarter?",
        ["SOCS3, because there is so much of it", "the SOCS1-like inhibitor", "both alike"],
        "Now try both, one at a time, and compare with the grey line.",
    )


@check("brakes")
def brakes(widget: Widget) -> None:
    courses = expected.brake_courses()
    assert choose(widget, courses) == courses.start
    widget.shows(expected.brakes(courses.start))
    for name, options in expected.BRAKE_PRESETS.items():
        widget.press(name)
        chosen = dict(zip(courses.axes, options, strict=True))
        assert choose(widget, courses) == chosen
        widget.shows(expected.brakes(chosen), name)
    for name, keys in (
        ("SOCS3 made from its mRNA", ("Home", "End")),
        ("SOCS1-like inhibitor of JAK", ("Home", "End")),
    ):
        for key in keys:
            widget.slot.get_by_role("slider", name=name, exact=True).press(key)
            chosen = choose(widget, courses)
            assert chosen[name] == list(courses.axes[name])[0 if key == "Home" else -1]
            widget.shows(expected.brakes(chosen), (name, key))
    for places in ((0, 1, 3), (5, 1, 0), (1, 0, 1)):
        chosen = choose(
            widget, courses, **{f"choice_{at}": place for at, place in enumerate(places, start=1)}
        )
        widget.shows(expected.brakes(chosen), chosen)
    widget.press("Wild type")


@check("predict-competition")
def predict_competition(widget: Widget) -> None:
    predicted(
        widget,
        "A cell has 1,000 LIFR, 1,000 IL-6 receptors and 500 gp130, and LIF is there. You add ten times as much "
        "IL-6. What happens to LIF's complexes?",
        ["nothing: the receptors are different", "they fall", "they rise: gp130 is already active"],
        "Now raise IL-6, then raise gp130 and see when it stops mattering.",
    )


@check("competition")
def competition(widget: Widget) -> None:
    values = dict(expected.COMPETITION)
    trait = {"LIF": "lif", "IL-6": "il6", "OSM": "osm", "gp130": "gp130"}

    def curves(reading: Reading) -> None:
        [chart, bar] = reading.charts
        [plot] = expected.pool(values).plots
        compare(chart, plot, f"competition {values}")
        found = expected.complexes(values)
        assert widget.traits("lif_complexes", "il6_complexes", "osm_complexes") == [
            pytest.approx(found[name], rel=1e-6, abs=1e-9) for name in expected.CYTOKINES
        ], values
        assert bar.title is None and len(bar.parts) == 4
        at = 0.0
        for part, name in zip(
            bar.parts, ("with LIF", "with IL-6", "with OSM", "free"), strict=True
        ):
            assert (float(part["x"]), float(part["width"])) == pytest.approx(
                (600 * at, 600 * found[name]), abs=1e-3
            ), (values, name)
            at += found[name]

    opens(widget, lambda locked: expected.pool(values, locked), "predict-competition", curves)
    for name, pool in (("gp130 scarce", 200.0), ("gp130 plentiful", 20000.0)):
        widget.press(name)
        values["gp130"] = pool
        curves(widget.shows(expected.pool(values), values, plots=False))
    none = -3.1  # the first step of a dose
    for moves in (
        {"IL-6": none},
        {"OSM": 0.5, "gp130": 2.5},
        {"IL-6": 2.0},
        {"LIF": none},
        {"IL-6": none, "OSM": none},
        {"LIF": -1.2, "IL-6": 0.35, "OSM": -3.0},
        {"gp130": 1.302},
    ):
        for name, place in moves.items():
            widget.slide(name, place)
            [values[name]] = widget.traits(trait[name])
            exact = 0.0 if place == none else 10**place
            assert values[name] == pytest.approx(exact, rel=0.06), (
                name,
                place,
            )  # steps of a twentieth of a decade
        curves(widget.shows(expected.pool(values), values, plots=False))
    for name in ("LIF", "IL-6", "OSM", "gp130"):
        for key in ("Home", "End"):
            widget.slot.get_by_role("slider", name=name, exact=True).press(key)
            values[name] = {
                "Home": 20.0 if name == "gp130" else 0.0,
                "End": 50000.0 if name == "gp130" else 100.0,
            }[key]
            assert widget.traits(trait[name]) == [values[name]]
            curves(widget.shows(expected.pool(values), (name, key), plots=False))
    values |= {"LIF": 0.7, "IL-6": 0.0, "OSM": 0.02, "gp130": 3000.0}
    widget.set(**{trait[name]: value for name, value in values.items()})
    curves(widget.shows(expected.pool(values), values, plots=False))


# --- Clinical Significance ---------------------------------------------------------------------------


@check("evidence")
def studies(widget: Widget) -> None:
    every = expected.studies()
    widget.shows(expected.studies_shown())
    search = widget.slot.get_by_role("searchbox")
    for query in ("hippo breast", "no such words", "p53", "LIFR"):
        search.fill(query)
        widget.shows(expected.studies_shown(query), query)
    widget.press("Show all")
    selects = widget.slot.locator(".lif-tools select")
    chosen: dict[str, str] = {}
    for at, (key, value) in enumerate(
        (("cancer", "stomach"), ("molecule", "LIF"), ("effect", "promotes"))
    ):
        selects.nth(at).select_option(value)
        chosen[key] = value
        widget.shows(expected.studies_shown(chosen=chosen), chosen)
    widget.set(picked="stomach-lif-xu2019")
    widget.shows(expected.studies_shown(chosen=chosen, picked="stomach-lif-xu2019"), "picked")
    widget.press("Show all")
    widget.set(picked="")
    for heading, key in (("Molecule", "molecule"), ("Source", "source"), ("Cancer", "cancer")):
        for way, sign in (("ascending", 1), ("descending", -1)):
            widget.slot.locator("thead").get_by_role("button", name=heading, exact=True).click()
            order = widget.slot.locator("tbody tr").evaluate_all(
                "rows => rows.map((row) => row.dataset.id)"
            )
            values = every.set_axis(every["id"].to_list())[key][order].str.lower().tolist()
            assert values == sorted(values, reverse=sign < 0), (heading, way)
            widget.shows(expected.studies_shown(order=order), (heading, way))
            assert (
                widget.slot.locator("thead th", has_text=heading).get_attribute("aria-sort") == way
            )
    widget.press("Show all")
    for key in every["id"]:
        widget.set(picked=key)
        assert Reading.of(widget.slot).says[1] == expected.studies_shown(picked=key).says[1]
    widget.set(picked="")
    widget.shows(expected.studies_shown(), "as published again")


@check("rank")
def rank(widget: Widget) -> None:
    start = expected.first_order()
    widget.shows(expected.rank(start))
    title = {key: f"{row['study']} {row['year']}" for key, row in expected.ranked().iterrows()}
    order = [start[0], start[2], start[1], *start[3:]]
    widget.press(f"{title[start[2]]}: up")
    widget.shows(
        expected.rank(order, last=f"{title[start[2]]} is now in place 2 of {len(start)}."), "moved"
    )
    widget.slot.get_by_label(f"{title[start[0]]}: place").select_option(index=len(start) - 1)
    order = [*order[1:], start[0]]
    widget.shows(
        expected.rank(
            order, last=f"{title[start[0]]} is now in place {len(start)} of {len(start)}."
        ),
        "the last",
    )
    widget.press("This is my order: show yours")
    widget.shows(expected.rank(order, revealed=True), "shown")
    for other in (list(expected.ranked().index), list(expected.ranked().index)[::-1], start):
        widget.set(order=other)
        widget.shows(expected.rank(other, revealed=True), other)
    widget.press("Hide our order")


@check("knockout")
def knockout(widget: Widget) -> None:
    def results() -> list[str]:
        return [
            " ".join(one.split())
            for one in widget.slot.locator(".lif-puzzle__result").all_inner_texts()
        ]

    widget.shows(expected.knockout([-1] * 4))
    for guesses in ([1, 1, 1, 1], [0, 0, 0, 0], [1, 0, 1, 0], [1, 1, 0, 0]):
        for at, guess in enumerate(guesses):
            widget.slot.locator("fieldset").nth(at).locator("input").nth(1 - guess).check()
            so_far = [*guesses[: at + 1], *[-1] * (3 - at)]
            widget.shows(expected.knockout(so_far), so_far)
            assert widget.traits("guesses") == [so_far]
        assert results() == [""] * 4
        widget.press("Show what was found")
        wanted = expected.knockout(guesses, revealed=True)
        wanted.loose = [
            text
            for text in Reading.of(widget.slot).loose
            if any(text in result for result in expected.puzzle_results())
        ]
        widget.shows(wanted, guesses)
        assert results() == expected.puzzle_results()
        widget.press("Start again")
        widget.shows(expected.knockout([-1] * 4), "again")


@check("power")
def power(widget: Widget) -> None:
    values = dict(expected.POWER)

    def here(what: object, *, curve: bool) -> None:
        found = expected.statistics.power(*(values[trait] for trait in values))
        if curve:
            # The curve of the state before stands until the new one is drawn.
            widget.slot.locator("svg[aria-busy=false]").wait_for()
        wanted = expected.power(values, curve=curve)
        reading = widget.shows(wanted, what, plots=curve)
        assert reading.charts[0].title == wanted.plots[0].title
        assert widget.traits("power") == [pytest.approx(found, rel=1e-9, abs=1e-12)], values

    here("published", curve=True)
    words = {trait: name for trait, name, *_range in expected.POWER_SLIDERS}
    for sizes, moves, curve in (
        ("", {"control_frequency": 0.034}, True),
        ("", {"case_frequency": 0.0, "control_frequency": 0.0}, False),
        ("Giess et al. 1999", {"case_frequency": 0.2, "control_frequency": 0.001}, True),
        ("", {"cases": 10, "controls": 10, "control_frequency": 0.2}, True),
        ("", {"case_frequency": 0.2}, False),
        ("", {"cases": 1000, "controls": 10, "control_frequency": 0.0}, False),
        ("Steck et al. 2004", {"case_frequency": 0.011, "control_frequency": 0.003}, False),
    ):
        if sizes:
            widget.press(sizes)
            values |= dict(zip(("cases", "controls"), expected.samples()[sizes], strict=True))
        for trait, value in moves.items():
            widget.slide(words[trait], value)
            values[trait] = value
        assert widget.traits(*values) == list(values.values())
        here((sizes, values), curve=curve)
    values |= {"cases": 95, "controls": 40, "case_frequency": 0.2, "control_frequency": 0.05}
    widget.set(**values)
    here(values, curve=False)


@check("bound")
def bound(widget: Widget) -> None:
    total, count = "patients whose tumour was assessed", "responses seen"

    def here(k: int, n: int) -> None:
        widget.shows(expected.bound(k, n), (k, n))
        assert widget.traits("count", "total") == [k, n]
        assert widget.traits("bound") == [pytest.approx(expected.upper(k, n), rel=1e-9)]

    trials = expected.data.read_table("trials").set_index("id").loc["msc1"]
    here(int(trials["responders"]), int(trials["n"]))
    for n, k in (
        (41, 3),
        (38, 0),
        (100, 1),
        (1, 0),
        (1, 1),
        (7, 7),
        (200, 100),
        (200, 200),
        (200, 0),
        (10, 9),
        (2, 1),
    ):
        widget.slide(total, n)
        widget.slide(count, k)
        here(k, n)
    widget.slide(total, 1)  # fewer patients than responses
    here(1, 1)
    widget.set(count=5, total=60)
    here(5, 60)
    for name, key, state in (
        (total, "End", (5, 200)),
        (count, "Home", (0, 200)),
        (count, "End", (200, 200)),
        (total, "Home", (1, 1)),
    ):
        widget.slot.get_by_role("slider", name=name, exact=True).press(key)
        here(*state)


# --- all of them -------------------------------------------------------------------------------------


def test_every_widget_has_a_check():
    names = [name for _path, name in WIDGETS]
    assert len(names) == len(set(names)) >= 20
    assert sorted(names) == sorted(CHECKS), "a widget without a check, or a check without a widget"


@pytest.mark.parametrize(
    ("opened", "path", "name"),
    CASES,
    indirect=["opened"],
    ids=[f"{keys}-{name}" for keys, _, name in CASES],
)
def test_the_page_says_and_draws_what_python_computes(
    opened: Callable[[str], Reader], path: str, name: str
):
    reader = opened(path)
    reader.log.troubles.clear()
    CHECKS[name](Widget(reader, name))
    assert not reader.log.troubles, reader.log.troubles
