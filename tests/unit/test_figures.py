"""lifbook.page.figures: SVG that is the same in each run, belongs to the page and speaks for itself."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from lifbook import data, palette, signalling, statistics
from lifbook import structure as st
from lifbook.chapters import clinical_significance as in_clinical
from lifbook.chapters import function as in_function
from lifbook.chapters import interactions as in_interactions
from lifbook.chapters import structure as in_structure
from lifbook.errors import LifbookError
from lifbook.page import figures

SVG = "{http://www.w3.org/2000/svg}"
TITLE = "A finding & a <sign>"
DESCRIPTION = "What is to be seen in this drawing, in words, for those who do not see it."


def odds() -> pd.DataFrame:
    """Odds ratios of the published samples, and one with two finite limits."""
    variants = data.read_table("variants")
    columns = ["cases_carriers", "cases_n", "controls_carriers", "controls_n"]
    found = statistics.compare(variants, columns=columns)
    found["corrected"] = [
        statistics.corrected_odds_ratio(*row).estimate
        for row in variants[columns].itertuples(index=False)
    ]
    return found.assign(label=found["id"])


def make_all() -> dict[str, figures.Figure]:
    """Every figure function of the module, on the real structure."""
    entry = data.read_structure("2Q7N")
    lif, lifr = st.get_chain(entry, "B"), st.get_chain(entry, "A")
    helices = st.helices(lif).assign(name=list("ABCD"))
    other = st.get_chain(data.read_structure("1PVH"), "B")
    points = st.interface_points(lif, lifr, 4.5)
    run = signalling.simulate_experiment("il6_80_actd")
    measured = signalling.measurements().query("experiment == 'il6_80_actd'")
    actd = measured[measured["observable"] == "pSTAT3"]
    lost = st.buried_surface(lif, lifr, points=20).query("chain == 'B' and buried > 1")
    family = {
        "LIF": lif,
        "mouse LIF": st.get_chain(data.read_structure("1LKI"), "A"),
        "viral IL-6": st.get_chain(data.read_structure("1I1R"), "B"),
    }
    return {
        "torsion_plot": in_structure.torsion_plot(st.torsions(lif), helices),
        "deviation_plot": in_structure.deviation_plot(
            {"1PVH": st.superimpose(other, lif).table}, helices, TITLE, DESCRIPTION
        ),
        "b_factor_plot": in_structure.b_factor_plot(
            st.residue_table(lifr),
            st.residue_table(lif),
            data.read_table("domains"),
            TITLE,
            DESCRIPTION,
        ),
        "buried_plot": in_structure.buried_plot(
            lost.sort_values("buried", ascending=False), TITLE, DESCRIPTION, palette.COLOURS["LIF"]
        ),
        "shape_plot": in_structure.shape_plot(st.fit_quadric(points), points, TITLE, DESCRIPTION),
        "odds_plot": in_clinical.odds_plot(odds(), TITLE, DESCRIPTION),
        "trials_plot": in_clinical.trials_plot(data.read_table("trials"), TITLE, DESCRIPTION),
        "course_plot": in_function.course_plot(
            [signalling.fit_observable(actd, run)],
            [run],
            [palette.COLOURS["STAT"]],
            TITLE,
            DESCRIPTION,
        ),
        "superposition_plot": in_interactions.superposition_plot(
            st.deviations(other, lif), st.superimpose(other, lif).table, helices, TITLE, DESCRIPTION
        ),
        "fold_matrix_plot": in_interactions.fold_matrix_plot(
            st.compare_folds(family), TITLE, DESCRIPTION
        ),
        "tails_plot": in_interactions.tails_plot(
            data.read_table("receptor_tails"), data.read_table("receptor_spans"), TITLE, DESCRIPTION
        ),
    }


def digest(figure: figures.Figure) -> str:
    return hashlib.sha256(figure.svg.encode()).hexdigest()


@pytest.fixture(scope="module")
def drawn() -> dict[str, figures.Figure]:
    return make_all()


NAMES = [
    "torsion_plot",
    "deviation_plot",
    "b_factor_plot",
    "buried_plot",
    "shape_plot",
    "course_plot",
    "odds_plot",
    "trials_plot",
    "superposition_plot",
    "fold_matrix_plot",
    "tails_plot",
]
every = pytest.mark.parametrize("name", NAMES)


def test_every_figure_function_is_tested(drawn):
    """A new figure has to be added to `make_all`."""
    rooms = (in_structure, in_function, in_interactions, in_clinical, figures)
    functions = {name for room in rooms for name in vars(room) if name.endswith("_plot")}
    assert functions == set(drawn) == set(NAMES)


@every
def test_it_is_well_formed_and_has_a_text_alternative(drawn, name):
    figure = drawn[name]
    root = ElementTree.fromstring(figure.svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    named = [root.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    assert root.get("aria-labelledby").split() == [element.get("id") for element in named]
    assert [element.text for element in named] == [figure.title, figure.description]
    assert list(root)[:2] == named  # the first children, as SVG asks
    assert len(figure.title) >= 15 and len(figure.description) >= 60
    assert root.get("viewBox") and root.get("width") is None and root.get("height") is None


@every
def test_its_html_is_a_figure_with_the_finding_as_caption(drawn, name):
    html = drawn[name]._repr_html_()
    root = ElementTree.fromstring(html)
    assert root.tag == "figure"
    assert root.find("figcaption").text == drawn[name].title
    assert repr(drawn[name]) == f"Figure: {drawn[name].title}"


@every
def test_texts_take_the_pages_colour(drawn, name):
    root = ElementTree.fromstring(drawn[name].svg)
    texts = list(root.iter(f"{SVG}text"))
    assert len(texts) > 5
    for text in texts:
        style = dict(part.split(": ") for part in text.get("style", "").split("; ") if part)
        # Said at the text itself; without it SVG writes in black, also on a dark page.
        assert style.get("fill", text.get("fill")) == "currentColor", text.text
    assert "currentColor" in drawn[name].svg
    assert figures.INK not in drawn[name].svg and figures.PAGE not in drawn[name].svg


@every
def test_colours_are_the_books(drawn, name):
    books = {
        *palette.COLOURS.values(),
        *palette.HELIX_COLOURS.values(),
        *palette.DOMAIN_COLOURS.values(),
        palette.PICK,
        palette.GLYCAN,
        palette.MUTED,
    }
    used = set(
        re.findall(
            r"(?<![\w(])#[0-9a-fA-F]{3,8}\b",
            re.sub(r'url\([^)]*\)|href="[^"]*"', "", drawn[name].svg),
        )
    )
    assert used and used <= books, used - books


@every
def test_nothing_in_it_reaches_the_rest_of_the_page(drawn, name):
    svg = drawn[name].svg
    for part in ("<style", "<script", "<!DOCTYPE", "<?xml", "<metadata", "<image", "http-equiv"):
        assert part not in svg
    assert not re.search(r'href="(?!#)', svg)
    # The only addresses are names of namespaces.
    assert set(re.findall(r'(\S+)="http', svg)) <= {"xmlns", "xmlns:xlink"}


@every
def test_numbers_have_at_most_two_places(drawn, name):
    tags = "".join(re.findall(r"<[^>]*>", drawn[name].svg))
    assert not re.search(r"\d\.\d{3,}", tags)
    assert not re.search(r"\d[eE][+-]?\d", re.sub(r'#[\w-]+|id="[^"]*"', "", tags))


def test_numbers_in_words_stay_as_they_are():
    """The rounding is for coordinates, not for what is written."""

    def paint(axes):
        axes.set_title("0.0314 per Å")
        axes.set_xticks([0.125, 0.875], ["0.125", "0.875"])

    texts = [
        t.text
        for t in ElementTree.fromstring(figures.draw("words", TITLE, DESCRIPTION, paint).svg).iter(
            f"{SVG}text"
        )
    ]
    assert {"0.0314 per Å", "0.125", "0.875"} <= set(texts)


def test_ids_are_unique_in_a_page_with_all_figures(drawn):
    page = "".join(figure.svg for figure in drawn.values())
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) > 100
    assert len(set(ids)) == len(ids)


@every
def test_references_point_into_the_same_figure(drawn, name):
    svg = drawn[name].svg
    ids = set(re.findall(r'\bid="([^"]+)"', svg))
    targets = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))
    assert targets <= ids, targets - ids


AGAIN = """
import sys
sys.path.insert(0, {here!r})
import test_figures
for name, figure in test_figures.make_all().items():
    print(name, test_figures.digest(figure))
"""


def test_last_digits_change_no_id():
    """Another processor computes other last digits; matplotlib hashes them into its ids."""

    def drawing(noise: float) -> str:
        def paint(axes: np.ndarray) -> None:
            x = np.linspace(0, 10, 50)
            for at, panel in enumerate(axes):
                panel.plot(x, np.sin(x) * (1 + noise), color="#000000")
                panel.scatter(x, np.cos(x + at), s=16 * (1 + noise))
                # Not a part of a constrained layout: the box is where these numbers put it.
                panel.set_position([0.1 + 0.5 * at, 0.2 * (1 + noise), 0.3, 0.6 * (1 - noise)])

        return figures.draw("noise", TITLE, DESCRIPTION, paint, columns=2).svg

    plain = drawing(0.0)
    assert [drawing(noise) for noise in (1e-12, -1e-11, 1e-9)] == [plain] * 3
    assert not re.search(r"[0-9a-f]{10}", plain)
    clips = re.findall(r'<clipPath id="([^"]+)">', plain)
    assert len(clips) == 2
    assert {f"url(#{clip})" for clip in clips} == set(re.findall(r'clip-path="([^"]+)"', plain))
    assert drawing(0.01) != plain


def test_clips_that_are_the_same_once_rounded_are_one():
    svg = (
        '<svg><g clip-path="url(#p1111111111)"/><g clip-path="url(#p2222222222)"/><g clip-path="url(#p3333333333)"/>'
        '<defs>\n<clipPath id="p1111111111">\n<rect x="43.875000" y="1"/>\n</clipPath>\n'
        '<clipPath id="p2222222222">\n<rect x="43.874999999" y="1"/>\n</clipPath>\n'
        '<clipPath id="p3333333333">\n<rect x="50.5" y="1"/>\n</clipPath>\n</defs></svg>'
    )
    tidy = figures._tidy(svg, "f")
    assert re.findall(r"url\(#([^)]+)\)", tidy) == ["f-1", "f-1", "f-2"]
    assert re.findall(r'<clipPath id="([^"]+)">\s*<rect x="([^"]+)"', tidy) == [
        ("f-1", "43.88"),
        ("f-2", "50.5"),
    ]


def test_it_is_the_same_in_each_run(drawn):
    code = AGAIN.format(here=str(Path(__file__).parent))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    elsewhere = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert set(elsewhere) == set(drawn)
    for name, figure in drawn.items():
        assert elsewhere[name] == digest(figure)


def test_the_readers_own_settings_stay(drawn):
    """A figure follows the book's style and leaves matplotlib's settings alone."""
    before = dict(mpl.rcParams)
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "#00ff00"}):
        figure = in_structure.torsion_plot(
            pd.DataFrame({"number": [1, 2], "phi": [-57.0, 60.0], "psi": [-47.0, 30.0]}),
            pd.DataFrame({"name": ["A"], "start": [1], "end": [1]}),
        )
        assert mpl.rcParams["font.size"] == 20
    assert dict(mpl.rcParams) == before
    assert "#00ff00" not in figure.svg


# --- What a drawing shows ----------------------------------------------------------------


def test_the_torsion_plot_counts_its_residues(drawn):
    lif = st.get_chain(data.read_structure("2Q7N"), "B")
    torsions = st.torsions(lif).dropna(subset=["phi", "psi"])
    helices = st.helices(lif)
    inside = np.zeros(len(torsions), dtype=bool)
    for row in helices.itertuples():
        inside |= torsions["number"].between(row.start, row.end).to_numpy()
    figure = drawn["torsion_plot"]
    assert figure.title.startswith(f"{inside.mean():.0%} of LIF's residues")
    assert f"The {inside.sum()} residues of the four helices" in figure.description
    left = (torsions.loc[~inside, "phi"] < 0).sum()
    assert f"{left} over the left half, {(~inside).sum() - left} over the right" in (
        figure.description
    )
    # "inside the dashed square"
    assert (abs(torsions.loc[inside, "phi"] + 57) <= 55).all()
    assert (abs(torsions.loc[inside, "psi"] + 47) <= 55).all()
    # One mark for each residue (matplotlib draws those of a kind as uses of one shape).
    root = ElementTree.fromstring(figure.svg)
    assert len(list(root.iter(f"{SVG}use"))) >= len(torsions)


def test_the_buried_plot_has_a_bar_and_a_number_for_each_residue(drawn):
    entry = data.read_structure("2Q7N")
    lost = st.buried_surface(st.get_chain(entry, "B"), st.get_chain(entry, "A"), points=20)
    lost = lost.query("chain == 'B' and buried > 1")
    assert len(lost) > 10
    texts = [t.text for t in ElementTree.fromstring(drawn["buried_plot"].svg).iter(f"{SVG}text")]
    for row in lost.itertuples():
        assert row.label in texts
        assert f"{row.buried:.0f}" in texts


def test_the_shape_plot_prints_the_curvatures(drawn):
    entry = data.read_structure("2Q7N")
    points = st.interface_points(st.get_chain(entry, "B"), st.get_chain(entry, "A"), 4.5)
    fit = st.fit_quadric(points)
    text = "".join(ElementTree.fromstring(drawn["shape_plot"].svg).itertext())
    for curvature in fit.curvatures:
        assert f"{curvature:+.3f}" in text or f"{curvature:+.3f}".replace("-", "−") in text


def test_a_gap_in_the_numbers_is_a_gap_in_the_line():
    helices = pd.DataFrame({"name": ["A"], "start": [1], "end": [3]})
    whole = pd.DataFrame({"target": range(1, 11), "deviation": 1.0})

    def pieces(table: pd.DataFrame) -> int:
        svg = in_structure.deviation_plot({"x": table}, helices, TITLE, DESCRIPTION).svg
        root = ElementTree.fromstring(svg)
        lines = [
            path.get("d")
            for path in root.iter(f"{SVG}path")
            if palette.COLOURS["LIF"] in path.get("style", "")
            and "fill: none" in path.get("style", "")
        ]
        return max(line.count("M") for line in lines)

    assert pieces(whole) == 1
    assert pieces(whole[~whole["target"].between(4, 6)]) == 2


def test_limits_without_end_are_arrows(drawn):
    table = odds()
    texts = [t.text for t in ElementTree.fromstring(drawn["odds_plot"].svg).iter(f"{SVG}text")]
    assert set(table["label"]) <= set(texts)
    assert np.isinf(table["high"]).sum() == 7 and np.isfinite(table["high"]).sum() == 1

    def heads(frame: pd.DataFrame) -> int:
        root = ElementTree.fromstring(in_clinical.odds_plot(frame, TITLE, DESCRIPTION).svg)
        return sum(
            "stroke-linejoin" not in path.get("style", "")
            and "fill: #cc6a00" in path.get("style", "")
            and path.get("d", "").count("L") == 2
            for path in root.iter(f"{SVG}path")
        )

    assert heads(table) - heads(table[np.isfinite(table["high"])]) == 7


def test_the_timeline_names_design_and_size(drawn):
    texts = " ".join(
        t.text or "" for t in ElementTree.fromstring(drawn["trials_plot"].svg).iter(f"{SVG}text")
    )
    for row in data.read_table("trials").itertuples():
        assert row.agent in texts
    assert (
        "41 treated, no comparison group, 0 responses" in texts
        and "150 enrolled, with a comparison group" in texts
    )
    assert "115 planned, no comparison group, dates not seen" in texts


def texts(figure: figures.Figure) -> list[str]:
    return [t.text for t in ElementTree.fromstring(figure.svg).iter(f"{SVG}text")]


def test_the_superposition_plot_prints_both_rmsds(drawn):
    lif = st.get_chain(data.read_structure("2Q7N"), "B")
    other = st.get_chain(data.read_structure("1PVH"), "B")
    before, after = st.deviations(other, lif), st.superimpose(other, lif)
    written = texts(drawn["superposition_plot"])
    assert f"rmsd {st.rms(before['deviation']):.2f} Å" in written
    assert f"rmsd {after.rmsd:.2f} Å" in written
    assert {"A", "B", "C", "D"} <= set(written)  # the helices


def test_the_fold_matrix_has_every_pair_once_on_each_side(drawn):
    table = pd.DataFrame(
        {
            "first": ["LIF", "LIF", "OSM"],
            "second": ["OSM", "IL-6", "IL-6"],
            "pairs": [104, 99, 63],
            "rmsd": [1.87, 1.86, 1.72],
            "identity": [0.183, 0.101, 0.127],
        }
    )
    written = texts(in_interactions.fold_matrix_plot(table, TITLE, DESCRIPTION))
    for text in ("1.9 Å", "1.7 Å", "104 pairs", "99 pairs", "63 pairs", "18%", "10%", "13%"):
        assert text in written
    assert written.count("–") == 3  # the diagonal
    for name in ("LIF", "OSM", "IL-6"):
        assert written.count(name) == 2  # above and beside


def small_alignment() -> figures.AlignmentTable:
    stacked = pd.DataFrame(
        {
            "target": [155, 156, 157],
            "letter": list("VFQ"),
            "label": ["Val155", "Phe156", "Gln157"],
            "IL-6": list("QW-"),
            "IL-6 number": pd.array([158, 159, None], dtype="Int64"),
            "IL-6 label": ["Gln158", "Trp159", "-"],
            "OSM & co": list("VF-"),
        }
    )
    return figures.alignment_table(stacked, TITLE, [156])


def test_an_alignment_is_a_table_that_can_be_read_out():
    table = small_alignment()
    root = ElementTree.fromstring(table._repr_html_())
    assert root.get("tabindex") == "0"  # scrolled with the keyboard
    assert root.find(".//caption").text == TITLE
    assert [th.text for th in root.findall(".//thead//th")] == ["LIF number", "155", "156", "157"]
    assert all(th.get("scope") in ("col", "row") for th in root.iter("th"))
    rows = {row.find("th").text: row.findall("td") for row in root.findall(".//tbody/tr")}
    assert {name: "".join(td.text for td in cells) for name, cells in rows.items()} == {
        "LIF": "VFQ",
        "IL-6": "QW-",
        "OSM & co": "VF-",
    }
    # What is tinted is said in words, too; the first row is not compared with itself.
    for name, cells in rows.items():
        same = [i for i, td in enumerate(cells) if "font-weight:700" in td.get("style")]
        said = [i for i, td in enumerate(cells) if td.find("span") is not None]
        assert same == said == ([0, 1] if name == "OSM & co" else [])
        assert [i for i, td in enumerate(cells) if "border-bottom" in td.get("style")] == [1]
    assert repr(table).splitlines() == [
        f"{TITLE} (155 to 157)",
        "LIF       VFQ",
        "IL-6      QW-",
        "OSM & co  VF-",
    ]


def test_the_alignment_of_the_motif():
    lif = st.get_chain(data.read_structure("2Q7N"), "B")
    viral = st.align_structures(st.get_chain(data.read_structure("1I1R"), "B"), lif)
    stacked = st.stack_alignments({"viral IL-6": viral}, lif, 154, 162)
    table = figures.alignment_table(stacked, TITLE, [156, 159])
    assert table.rows["LIF"] == "DVFQKKKLG"
    assert table.rows["viral IL-6"][2] == "W"
    assert list(table.rows) == ["LIF", "viral IL-6"]


# --- Refusals ----------------------------------------------------------------------------


def test_missing_columns_are_refused():
    helices = pd.DataFrame({"name": ["A"], "start": [1], "end": [3]})
    torsions = pd.DataFrame({"number": [1], "phi": [0.0], "psi": [0.0]})
    numbers = pd.DataFrame({"number": [1], "b_factor": [1.0]})
    domains = pd.DataFrame({"domain": ["D1"], "start": [1], "end": [3]})
    wrong = [
        ("psi", lambda: in_structure.torsion_plot(torsions.drop(columns="psi"), helices)),
        ("end", lambda: in_structure.torsion_plot(torsions, helices.drop(columns="end"))),
        (
            "deviation",
            lambda: in_structure.deviation_plot(
                {"x": pd.DataFrame({"target": [1]})}, helices, TITLE, DESCRIPTION
            ),
        ),
        (
            "b_factor",
            lambda: in_structure.b_factor_plot(
                numbers.drop(columns="b_factor"), numbers, domains, TITLE, DESCRIPTION
            ),
        ),
        (
            "domain",
            lambda: in_structure.b_factor_plot(
                numbers, numbers, domains.drop(columns="domain"), TITLE, DESCRIPTION
            ),
        ),
        (
            "corrected",
            lambda: in_clinical.odds_plot(odds().drop(columns="corrected"), TITLE, DESCRIPTION),
        ),
        (
            "start",
            lambda: in_clinical.trials_plot(
                data.read_table("trials").drop(columns="start"), TITLE, DESCRIPTION
            ),
        ),
        (
            "deviation",
            lambda: in_interactions.superposition_plot(
                pd.DataFrame({"target": [1], "deviation": [1.0]}),
                pd.DataFrame({"target": [1]}),
                helices,
                TITLE,
                DESCRIPTION,
            ),
        ),
        (
            "identity",
            lambda: in_interactions.fold_matrix_plot(
                pd.DataFrame({"first": ["a"], "second": ["b"], "pairs": [3], "rmsd": [1.0]}),
                TITLE,
                DESCRIPTION,
            ),
        ),
        ("letter", lambda: figures.alignment_table(pd.DataFrame({"target": [1]}), TITLE)),
        (
            "label",
            lambda: in_structure.buried_plot(
                pd.DataFrame({"buried": [1.0]}), TITLE, DESCRIPTION, "#000000"
            ),
        ),
    ]
    for column, draw in wrong:
        with pytest.raises(LifbookError, match=f"no column '{column}'") as caught:
            draw()
        assert caught.value.column == column


def test_no_study_is_refused():
    with pytest.raises(LifbookError, match="no study to draw"):
        in_clinical.odds_plot(odds().head(0), TITLE, DESCRIPTION)


def test_alignments_of_nothing_are_refused():
    alone = pd.DataFrame({"target": [1], "letter": ["A"], "label": ["Ala1"]})
    with pytest.raises(LifbookError, match="nothing to align"):
        figures.alignment_table(alone, TITLE)
    with pytest.raises(LifbookError, match="residue 9 is not in the alignment") as caught:
        figures.alignment_table(alone.assign(OSM="A"), TITLE, [9])
    assert "from 1 to 1" in caught.value.remedy
