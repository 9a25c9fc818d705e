"""What each widget of the book must show, computed by Python from `lifbook` and the tables in data/.

Nothing here is taken from a page. The formatters write numbers as JavaScript does; the rest are the functions
of `lifbook` on which the chapters rest, and sentences.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property, wraps
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from Bio.Data.IUPACData import protein_letters_1to3
from reading import Across, Curve, Dot, Plot, Shown, Upright, Words

from lifbook import competition, data, evidence, family, signalling, statistics, structure
from lifbook.chapters import clinical_significance as in_clinical
from lifbook.chapters import interactions as in_interactions
from lifbook.chapters import structure as in_structure
from lifbook.page.viewer import StructureViewer
from lifbook.page.widgets.family import untangled
from lifbook.palette import COLOURS, HELIX_COLOURS

T = TypeVar("T")

# --- numbers as JavaScript writes them --------------------------------------------------------------


def fixed(value: float, places: int) -> str:
    """`toFixed`: of the number as it is stored, halves away from zero."""
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def digits(value: float, count: int = 3) -> str:
    """At most this number of significant digits, thousands set apart: `Intl.NumberFormat`."""
    if not value:
        return "0"
    plain = Decimal(repr(float(value)))
    kept = plain.quantize(Decimal(1).scaleb(plain.adjusted() - count + 1), ROUND_HALF_UP)
    text = f"{kept:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def nearest(value: float) -> int:
    """`Math.round`."""
    return math.floor(value + 0.5)


def concentration(value: float) -> str:
    """A concentration in nM, or in pM below a tenth."""
    return f"{digits(value)} nM" if value >= 0.1 else f"{digits(value * 1000)} pM"


def percent(share: float, places: int = 1) -> str:
    """A share as per cent, without a space."""
    return f"{fixed(100 * share, places)}%"


def listed(names: Sequence[str]) -> str:
    """a, b and c."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def once(function: Callable[..., T]) -> Callable[..., T]:
    """Computes each state once, though pages with other orders of keys ask for it again; takes dicts too."""
    known: dict[str, T] = {}

    @wraps(function)
    def remembered(*given: Any, **named: Any) -> T:
        key = json.dumps([given, named], default=str)
        if key not in known:
            known[key] = function(*given, **named)
        return known[key]

    return remembered


# --- what a reading must be -------------------------------------------------------------------------


@dataclass(frozen=True)
class Slider:
    """A slider: its name, the value as it is shown and spoken, where it stands."""

    name: str
    shown: str
    at: float
    low: float
    high: float
    step: float
    spoken: str = ""
    open: bool = True


@dataclass
class Expected(Shown):
    """All that a widget must show; what is left out must not be there."""

    sliders: list[Slider] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)


def buttons(
    names: Iterable[str], pressed: Iterable[str] = (), closed: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Buttons by name; those that are pressed, and those that cannot be used."""
    on, off = set(pressed), set(closed)
    return [{"name": name, "pressed": name in on, "open": name not in off} for name in names]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> dict[str, Any]:
    """A table as it is read."""
    return {"caption": caption, "head": list(head), "rows": [list(row) for row in rows]}


# --- Structure --------------------------------------------------------------------------------------


@cache
def chains() -> dict[str, Any]:
    """The chains that the chapters work with, by entry and chain."""
    found = {}
    for entry, letters in {
        "2Q7N": "AB",
        "1PVH": "AB",
        "1LKI": "A",
        "1EVS": "A",
        "1ALU": "A",
        "1I1R": "B",
    }.items():
        whole = data.read_structure(entry)
        for letter in letters:
            found[f"{entry}:{letter}"] = structure.get_chain(whole, letter)
    return found


@cache
def lif_helices() -> pd.DataFrame:
    """The four helices of LIF in 2Q7N, A to D."""
    return structure.helices(chains()["2Q7N:B"]).assign(name=list("ABCD"))


@cache
def letters() -> list[dict[str, Any]]:
    """Each residue of the precursor: letter, id in the structure, words."""
    offset = data.numbering("2Q7N", "B").offset
    precursor = data.read_sequence("P15018")
    bonds = structure.disulfides(chains()["2Q7N:B"])
    bonded = {*bonds["first"], *bonds["second"]}
    sequons = set(structure.sequons(precursor))
    found = []
    for uniprot, letter in enumerate(precursor, start=1):
        mature = uniprot - offset
        marks = ["signal peptide"] if mature <= 0 else []
        marks += [
            f"helix {row.name}"
            for row in lif_helices().itertuples(index=False, name="Helix")
            if row.start <= mature <= row.end
        ]
        marks += ["cysteine in a disulfide"] if mature in bonded else []
        marks += ["asparagine of a sequon"] if uniprot in sequons else []
        name = f"{protein_letters_1to3[letter]}{mature if mature > 0 else ''} (UniProt {uniprot})"
        found.append(
            {
                "letter": letter,
                "id": f"2Q7N:B:{mature}" if mature > 0 else "",
                "marks": marks,
                "words": f"{name}, {', '.join(marks) or 'no mark'}",
            }
        )
    return found


MARKS = (
    "signal peptide",
    *(f"helix {name}" for name in HELIX_COLOURS),
    "cysteine in a disulfide",
    "asparagine of a sequon",
)


@once
def sequence(picked: str = "", clicked: str = "", off: Iterable[str] = ()) -> Expected:
    """The strip: `picked` is an id; `clicked` the words of a letter that is not in the structure."""
    chosen = [one["words"] for one in letters() if picked and one["id"] == picked]
    kinds = [f"{mark} ({sum(mark in one['marks'] for one in letters())})" for mark in MARKS]
    on = {kind for kind, mark in zip(kinds, MARKS, strict=True) if mark not in set(off)}
    return Expected(
        says=[
            f"{clicked}: cut off, so not in the structure"
            if clicked
            else chosen[0]
            if chosen
            else "Pick a letter, or click an atom in the 3D view."
        ],
        buttons=buttons([*kinds, *(one["words"] for one in letters())], pressed=on | set(chosen)),
        loose=[str(start) for start in range(1, len(letters()) + 1, 10)],
    )


CUTOFFS = [round(3 + step / 10, 1) for step in range(31)]
#: Residues of LIF and LIFR in contact that the paper of 2Q7N reports.
REPORTED = (22, 25)


@cache
def interface(cutoff: float) -> tuple[list[int], list[int], int]:
    """Numbers of LIF's and LIFR's residues within a cut-off, and how many pairs they make."""
    found = structure.contacts(chains()["2Q7N:B"], chains()["2Q7N:A"], cutoff)
    return sorted(found["a"].unique().tolist()), sorted(found["b"].unique().tolist()), len(found)


@once
def contacts(cutoff: float = 4.0, picked: str = "") -> Expected:
    """The explorer of contacts."""
    pair = [chains()["2Q7N:B"], chains()["2Q7N:A"]]
    counted = structure.contact_counts(*pair, CUTOFFS).set_index("cutoff")
    a, b, pairs = (int(counted.loc[cutoff, column]) for column in ("a", "b", "pairs"))
    names, chosen = [], []
    for chain, letter, molecule, numbers in zip(
        pair, "BA", ("LIF", "LIFR"), interface(cutoff)[:2], strict=True
    ):
        offset = data.numbering("2Q7N", letter).offset
        for at in numbers:
            words = f"{structure.label(structure.get_residue(chain, at))} (UniProt {at + offset}) of {molecule}"
            names.append(words)
            if picked == f"2Q7N:{letter}:{at}":
                chosen.append(words)
    sides = [
        f"LIF ({a})" if a else f"LIF: no residue within {cutoff:.1f} Å",
        f"LIFR ({b})" if b else f"LIFR: no residue within {cutoff:.1f} Å",
    ]
    drawn: list[Any] = []
    for column, molecule, reported, above in (
        ("a", "LIF", REPORTED[0], -8),
        ("b", "LIFR", REPORTED[1], 2),
    ):
        drawn += [
            Curve([(at, counted.loc[at, column]) for at in CUTOFFS], COLOURS[molecule]),
            Words(molecule, counted.loc[CUTOFFS[-1], column], above),
            Across(reported, COLOURS[molecule]),
        ]
    drawn += [Upright(cutoff), Dot(cutoff, a, COLOURS["LIF"]), Dot(cutoff, b, COLOURS["LIFR"])]
    return Expected(
        says=[f"{a} LIF and {b} LIFR residues, in {pairs} pairs"],
        notes=[
            f"Dashed: the {REPORTED[0]} and {REPORTED[1]} residues that the paper reports.",
            *sides,
        ],
        sliders=[Slider("Cut-off", f"{cutoff:.1f} Å", cutoff, 3, 6, 0.1, f"{cutoff:.1f} ångström")],
        buttons=buttons(names, pressed=chosen),
        plots=[
            Plot(
                f"Residues in contact against the cut-off: at {cutoff:.1f} Å {a} LIF and {b} LIFR residues.",
                drawn,
            )
        ],
    )


def highlighted(cutoff: float) -> list[str]:
    """Ids of the residues in contact, LIF first."""
    lif, lifr, _pairs = interface(cutoff)
    return [*(f"2Q7N:B:{at}" for at in lif), *(f"2Q7N:A:{at}" for at in lifr)]


@cache
def buried_rows() -> pd.DataFrame:
    """Residues of LIF that lose surface to LIFR, the most first."""
    found = structure.buried_surface(chains()["2Q7N:B"], chains()["2Q7N:A"])
    return found.query("chain == 'B' and buried >= 1").sort_values("buried", ascending=False)


def buried(order: Sequence[int] | None = None, picked: str = "") -> Expected:
    """The table of the buried surface; `order` is of row numbers, where it was sorted."""
    offset = data.numbering("2Q7N", "B").offset
    rows = [
        (
            row.label,
            str(row.number + offset),
            fixed(round(row.free, 3), 0),
            fixed(round(row.buried, 3), 0),
        )
        for row in buried_rows().itertuples()
    ]
    rows = [rows[at] for at in order] if order is not None else rows
    head = ["Residue (mature)", "UniProt", "Alone (Å²)", "Buried (Å²)"]
    chosen = [row.label for row in buried_rows().itertuples() if picked == f"2Q7N:B:{row.number}"]
    return Expected(
        tables=[
            table(
                head, rows, "Surface of LIF that LIFR buries. Pick a row to see the residue in 3D."
            )
        ],
        buttons=buttons([*head, *(row[0] for row in rows)], pressed=chosen),
    )


#: The 3D views of the book.
VIEWERS = ("first-look", "lif", "laid", "complex", "site", "ternary", "folds", "v64m")


@cache
def viewers() -> dict[str, StructureViewer]:
    """All 3D views of the book, made anew as the chapters make them."""
    some = chains()
    complex_, other = data.read_structure("2Q7N"), data.read_structure("1PVH")
    lif, lif_1pvh, mouse = some["2Q7N:B"], some["1PVH:B"], some["1LKI:A"]
    domains, helices = data.read_table("domains"), lif_helices()
    onto = structure.superimpose(lif_1pvh, lif)
    moves = {
        "1PVH (human, with gp130)": onto,
        "1LKI (mouse, alone)": structure.superimpose(mouse, lif),
    }
    folds = {"OSM": ("1EVS", "A"), "IL-6": ("1ALU", "A"), "viral IL-6": ("1I1R", "B")}
    found = {
        name: structure.align_structures(some[":".join(place)], lif, spans=helices)
        for name, place in folds.items()
    }
    sites = {
        "gp130": structure.contacts(lif_1pvh, some["1PVH:A"], 4.0)["a"].unique(),
        "LIFR": structure.contacts(lif, some["2Q7N:A"], 4.0)["a"].unique(),
    }
    made = [
        in_structure.complex_viewer(
            complex_, domains, scenes=["complex", "domains", "interface"], name="first-look"
        ),
        in_structure.lif_viewer(complex_, helices),
        in_structure.superposed_viewer(lif, helices, moves, entries=[("1PVH", "B"), ("1LKI", "A")]),
        in_structure.complex_viewer(
            complex_,
            domains,
            scenes=["complex", "domains", "glycans", "b-factors", "d1", "d2", "d3", "d4", "d5"],
        ),
        in_structure.interface_viewer(complex_, domains, [51, 153, 156, 159]),
        in_interactions.ternary_viewer(complex_, other, onto, [156, 159]),
        in_interactions.fold_viewer(lif, helices, found, folds, motif=[156, 159]),
        in_clinical.variant_viewer(lif, lif_1pvh, onto, sites),
    ]
    return {viewer.name: viewer for viewer in made}


@cache
def atoms(name: str) -> pd.DataFrame:
    """What a view shows: model, chain, number, atom, and places in Å, moved as the view moves them."""
    rows = []
    for model, entry in enumerate(viewers()[name]._entries):
        for line in entry.pdb_text().splitlines():
            if line.startswith(("ATOM", "HETATM")):
                rows.append(
                    (
                        model,
                        line[21],
                        int(line[22:26]),
                        line[12:16].strip(),
                        *(float(line[at : at + 8]) for at in (30, 38, 46)),
                    )
                )
    return pd.DataFrame(rows, columns=["model", "chain", "resi", "atom", "x", "y", "z"])


def labels(name: str, scene: str) -> list[tuple[str, list[float] | None]]:
    """Words in the picture, and the middle of the atoms at which they stand (Å)."""
    found = []
    [state] = [one for one in viewers()[name].scenes if one["name"] == scene]
    for method, *arguments in state["calls"]:
        if method != "addLabel":
            continue
        text, options, *selection = arguments
        if not selection:
            place = options["position"]
            found.append((text, [float(place[axis]) for axis in "xyz"]))
            continue
        chosen = atoms(name)
        for key, value in selection[0].items():
            values = value if isinstance(value, list) else [value]
            chosen = chosen[chosen[key].isin(values)]
        found.append((text, chosen[["x", "y", "z"]].mean().tolist()))
    return found


def viewer(name: str, scene: str, picked: str = "") -> Expected:
    """A view: its caption, the buttons of its scenes and tools."""
    made = viewers()[name]
    [state] = [one for one in made.scenes if one["name"] == scene]
    groups = dict.fromkeys(one["group"] for one in made.scenes)
    names = [one["label"] for group in groups for one in made.scenes if one["group"] == group]
    return Expected(
        says=[state["caption"]],
        loose=[picked] if picked else [],
        buttons=buttons(
            [*names, "Reset", "Spin", "Full screen", "Save picture"], pressed=[state["label"]]
        ),
    )


# --- Function ---------------------------------------------------------------------------------------

BINDING = {"ligand": 0.1, "lifr": 0.01, "gp130": 1.0, "kd_lifr": 1.0, "kd_gp130": 0.05}
#: (trait, words, least, most, molecule), nM
BINDING_SLIDERS = (
    ("ligand", "LIF", 1e-4, 100),
    ("lifr", "LIFR", 1e-4, 1),
    ("gp130", "gp130", 1e-4, 100),
    ("kd_lifr", "Kd of LIF and LIFR", 0.01, 100),
    ("kd_gp130", "Kd of gp130 and LIF on LIFR", 0.001, 100),
)


def halves(values: Mapping[str, float]) -> tuple[float, float]:
    """LIF at half of what can be reached, with gp130 and without (nM)."""
    receptor = {key: values[key] for key in ("lifr", "gp130", "kd_lifr", "kd_gp130")}
    return (
        float(signalling.half_saturation(**receptor)),
        float(signalling.half_saturation(**(receptor | {"gp130": 0.0}), of="occupied")),
    )


def counted(values: Mapping[str, float]) -> tuple[int, int]:
    """Of twenty LIFR those that signal, and those that only hold LIF."""
    state = signalling.bind(**values)
    signals = nearest(20 * float(state.ternary) / values["lifr"])
    return signals, nearest(20 * float(state.binary + state.ternary) / values["lifr"]) - signals


@once
def binding(values: Mapping[str, float], locked: str = "") -> Expected:
    """Two-step binding; the receptors drawn below are compared by the test."""
    with_, without = halves(values)
    signals, holds = counted(values)
    says = (
        f"Half of what can be reached: at {concentration(with_)} LIF with gp130, at {concentration(without)} without. "
        f"At {concentration(values['ligand'])}, of 20 LIFR {signals} signal and {holds} only hold LIF."
    )
    doses = 1e-4 * 1e6 ** (np.arange(81) / 80)
    shares = {
        "alone": signalling.bind(**(values | {"ligand": doses, "gp130": 0.0})).binary
        / values["lifr"],
        "together": signalling.bind(**(values | {"ligand": doses})).ternary / values["lifr"],
    }
    here = float(signalling.bind(**values).ternary) / values["lifr"]
    return Expected(
        says=[says],
        notes=[
            *([locked] if locked else []),
            "LIF, LIFR and gp130 together (signals) LIF on LIFR if there were no gp130. "
            "A model at equilibrium, with values chosen for illustration: not a measured curve.",
        ],
        sliders=[
            Slider(
                words,
                concentration(values[trait]),
                math.log10(values[trait]),
                math.log10(low),
                math.log10(high),
                0.05,
                open=not locked,
            )
            for trait, words, low, high in BINDING_SLIDERS
        ],
        plots=[
            Plot(
                f"Share of LIFR in complexes against LIF. {says}",
                [
                    Curve(
                        list(zip(doses, shares["alone"], strict=True)),
                        COLOURS["LIFR"],
                        look="line dashed",
                    ),
                    Curve(
                        list(zip(doses, shares["together"], strict=True)),
                        COLOURS["gp130"],
                        look="line",
                    ),
                    Upright(values["ligand"]),
                    Dot(values["ligand"], here, COLOURS["gp130"]),
                ],
                log=True,
            )
        ],
    )


def receptors_title(values: Mapping[str, float]) -> str:
    """Title of the twenty receptors."""
    signals, holds = counted(values)
    return (
        f"Twenty receptors: {signals} in the complex with LIF and gp130, {holds} with LIF only, "
        f"{20 - signals - holds} free."
    )


@dataclass(frozen=True)
class Courses:
    """A widget of time courses: its choices, what is drawn, how each choice changes a run."""

    axes: Mapping[str, Mapping[str, Mapping[str, Any]]]
    sliders: tuple[str, ...]
    series: Mapping[str, tuple[str, str, str]]
    times: tuple[int, ...]
    start: Mapping[str, str]
    reference: str

    def changes(self, chosen: Mapping[str, str]) -> dict[str, Any]:
        """Arguments of `signalling.simulate` for a choice."""
        settings: dict[str, Any] = {}
        for axis, option in chosen.items():
            for key, value in self.axes[axis][option].items():
                settings[key] = settings.get(key, {}) | value if key == "changes" else value
        return settings

    def run(self, chosen: Mapping[str, str]) -> pd.DataFrame:
        """The model every half minute, and its peaks by quantity."""
        fine = np.union1d(self.times, np.arange(0, self.times[-1] + 0.25, 0.5))
        return signalling.simulate(times=fine, **self.changes(chosen))

    def top(self, run: pd.DataFrame) -> pd.DataFrame:
        """When and how high each quantity peaks."""
        values = run.assign(
            **{name: signalling.observe(run, name) for name in self.series if name not in run}
        )
        values.attrs = run.attrs
        return signalling.peaks(values, list(self.series)).set_index("quantity")

    def curve(self, run: pd.DataFrame, name: str) -> np.ndarray:
        """Values of a quantity at the reported times."""
        values = run[name] if name in run else signalling.observe(run, name)
        return values[run["time_min"].isin(self.times)].to_numpy()

    @cached_property
    def error(self) -> dict[str, float]:
        """The largest difference that packing into eight bits can make, by quantity."""
        packed = signalling.time_courses(self.axes, list(self.series), times=self.times)
        return dict(zip(packed.columns, packed.error, strict=True))

    def sentences(self, chosen: Mapping[str, str]) -> list[str]:
        """What is said of each quantity."""
        start, now = self.top(self.run(self.start)), self.top(self.run(chosen))
        said = []
        for name, (label, _colour, _dash) in self.series.items():
            share = now.loc[name, "value"] / start.loc[name, "value"]
            whose = (
                "the start's" if self.reference == "the start" else f"that of the {self.reference}"
            )
            times = f"{fixed(share, 2)} times {whose}"
            minute = now.loc[name, "time_min"]
            said.append(
                f"{label} stays near zero"
                if share < 0.01
                else f"{label} rises to a plateau, {times}"
                if math.isnan(minute)
                else f"{label} falls from the beginning, {times}"
                if nearest(minute) == 0
                else f"{label} peaks at {nearest(minute)} min, {times}"
            )
        return said

    def curves(self, chosen: Mapping[str, str], name: str, **look: Any) -> Curve:
        """One curve, its start's peak being 1."""
        top = self.top(self.run(self.start)).loc[name, "value"]
        _label, colour, dash = self.series[name]
        values = self.curve(self.run(chosen), name) / top
        return Curve(
            list(zip(self.times, values, strict=True)),
            **({"colour": colour, "dash": dash} | look),
            slack=self.error[name] / top + 1e-4,
        )

    def controls(self, chosen: Mapping[str, str]) -> tuple[list[Slider], list[dict[str, Any]]]:
        """Sliders and buttons."""
        sliders = [
            Slider(axis, chosen[axis], list(options).index(chosen[axis]), 0, len(options) - 1, 1)
            for axis, options in self.axes.items()
            if axis in self.sliders
        ]
        choices = [
            one
            for axis, options in self.axes.items()
            if axis not in self.sliders
            for one in buttons(options, pressed=[chosen[axis]])
        ]
        return sliders, choices


@cache
def signal_courses() -> Courses:
    """The widget `signal`."""
    return Courses(
        axes={
            "IL-6": {f"{dose:g} ng/ml": {"dose": dose} for dose in (0.3, 1, 3, 10, 40, 100)},
            "for": {
                "5 min": {"duration": 5},
                "15 min": {"duration": 15},
                "30 min": {"duration": 30},
                "left in": {},
            },
            "change": {
                "none": {},
                "no SOCS3": {"changes": signalling.VARIANTS["SOCS3 removed"]},
                "actinomycin D": {"actinomycin_d": -10},
                "JAK inhibitor": {"inhibitor_nM": 500},
            },
        },
        sliders=("IL-6",),
        series={
            "receptor_active_nM": ("active receptor", COLOURS["gp130"], ""),
            "pSTAT3_nM": ("pSTAT3", COLOURS["STAT"], ""),
            "SOCS3_mRNA_au": ("SOCS3 mRNA", COLOURS["SOCS"], "3 4"),
            "SOCS3_nM": ("SOCS3", COLOURS["SOCS"], ""),
        },
        times=tuple(range(0, 121, 2)),
        reference="the start",
        start={"IL-6": "40 ng/ml", "for": "left in", "change": "none"},
    )


@once
def signal(chosen: Mapping[str, str]) -> Expected:
    """Time courses after IL-6, in one chart."""
    courses = signal_courses()
    said = courses.sentences(chosen)
    sliders, choices = courses.controls(chosen)
    same = chosen == courses.start
    drawn = (
        []
        if same
        else [courses.curves(courses.start, name, look="line ghost") for name in courses.series]
    )
    drawn += [courses.curves(chosen, name, look="line") for name in courses.series]
    return Expected(
        says=[f"{'; '.join(said)}.{'' if same else ' Thin lines: the start.'}"],
        notes=[
            " ".join(label for label, _colour, _dash in courses.series.values()),
            "Model, not data (Sobotta et al. 2017): fitted to IL-6 in primary mouse hepatocytes.",
        ],
        sliders=sliders,
        buttons=choices,
        plots=[Plot(f"Model curves. {' '.join(said)}", drawn)],
    )


@cache
def nodes_and_edges() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The map of the pathways, with papers."""
    edges = data.read_table("pathway_edges")
    return data.read_table("pathway_nodes"), edges.join(data.citations(edges["citations"]))


def reached(out: Iterable[str] = ()) -> set[str]:
    """Nodes to which activating arrows lead from the ligands, without those that are taken away."""
    nodes, edges = nodes_and_edges()
    gone = set(out)
    found = set(nodes.loc[nodes["kind"] == "ligand", "id"]) - gone
    arrows = edges[edges["sign"] == "activates"]
    while True:
        more = (
            set(arrows.loc[arrows["source"].isin(found) & ~arrows["target"].isin(gone), "target"])
            - found
        )
        if not more:
            return found
        found |= more


def pathways(picked: str = "", out: Sequence[str] = ()) -> tuple[Expected, list[str]]:
    """The map, and how each of its arrows is drawn."""
    nodes, edges = nodes_and_edges()
    names = dict(zip(nodes["id"], nodes["label"], strict=True))
    alive, whole = reached(out), reached()
    lost = [key for key in names if key in whole and key not in alive and key not in out]

    def works(edge: Any) -> bool:
        return (
            edge.source in alive
            and edge.target not in out
            and (not edge.needs or (edge.needs in alive and edge.needs not in out))
        )

    idle = [
        edge
        for edge in edges.itertuples()
        if edge.sign == "inhibits"
        and not works(edge)
        and edge.source not in out
        and edge.target not in out
    ]
    if out:
        says = f"Knocked out: {', '.join(names[key] for key in out)}. "
        says += (
            f"No longer reached: {', '.join(names[key] for key in lost)}."
            if lost
            else "Everything else is still reached."
        )
        if idle:
            says += (
                " Brakes that no longer work: "
                + ", ".join(f"{names[one.source]} on {names[one.target]}" for one in idle)
                + "."
            )
    else:
        says = (
            f"The evidence for {names[picked]}:"
            if picked
            else "Pick a node to read the evidence for its arrows."
        )
    touching = [
        edge for edge in edges.itertuples() if picked and picked in (edge.source, edge.target)
    ]
    spoken = {
        key: label
        + (", knocked out" if key in out else ", no longer reached" if key in lost else "")
        for key, label in names.items()
    }
    knock = (
        "Knock out: pick a node first"
        if not picked
        else f"Bring {names[picked]} back"
        if picked in out
        else f"Knock out {names[picked]}"
    )
    classes = [
        "edge"
        + ("" if works(edge) else " off")
        + (" on" if picked and picked in (edge.source, edge.target) else "")
        for edge in edges.itertuples()
    ]
    return Expected(
        says=[says],
        lists=[
            f"{names[edge.source]} {edge.sign} {names[edge.target]}: {edge.shown} ({edge.system}"
            f"{f'; {edge.stimulus}' if edge.stimulus else ''}). {edge.citation}"
            for edge in touching
        ],
        links=[[edge.citation, edge.url] for edge in touching if edge.url],
        buttons=buttons(
            [*spoken.values(), knock, "Start again"],
            pressed=[spoken[picked]] if picked else [],
            closed=[] if picked else [knock],
        ),
    ), classes


# --- Interactions -----------------------------------------------------------------------------------


def papers(cell: str) -> list[tuple[str, str]]:
    """Name and address of each paper of a cell of citation keys."""
    keys = [key for key in cell.split(";") if key]
    return list(data.citations(keys).itertuples(index=False, name=None)) if keys else []


def cited(some: Sequence[tuple[str, str]]) -> str:
    """Papers in brackets."""
    return f" ({'; '.join(name for name, _url in some)})" if some else ""


SHARED = ("gp130", "LIFR", "OSMR")


def family_(
    picked: str = "LIF", needs: Sequence[str] = (), alpha: str = "any", view: str = "matrix"
) -> Expected:
    """Cytokines and receptor chains."""
    members = data.read_table("family").set_index("cytokine")
    known = data.read_table("family_chains").set_index("chain")
    uses = data.read_table("family_receptors")
    names, order = family.cytokines(), family.chains()
    shown = shown_family(needs, alpha)
    asked = ("both " if len(needs) == 2 else "") + (listed(list(needs)) if needs else "")
    if alpha != "any":
        asked += (", " if needs else "") + (
            "an alpha chain" if alpha == "with" else "no alpha chain"
        )
    split = [
        name
        for name in names
        if len(needs) > 1
        and all(any(chain in item.copies for item in family.complexes(name)) for chain in needs)
    ]
    if not asked:
        count = f"{len(names)} cytokines and {len(order)} chains."
    elif shown:
        count = (
            f"{len(shown)} of {len(names)} cytokines {'uses' if len(shown) == 1 else 'use'} {asked} in one complex: "
            f"{', '.join(shown)}."
        )
    else:
        count = f"No cytokine in the table uses {asked} in one complex."
        count += f" {listed(split)} uses each of them, but in different complexes." if split else ""

    def entry(row: Any) -> str:
        parts = [
            f"gene {row['gene']}" if row["gene"] and row["gene"] != row.name else "",
            f"UniProt {row['uniprot']}" if row["uniprot"] else "",
            row.get("species", ""),
        ]
        return f"{row.name} ({', '.join(part for part in parts if part)})"

    says, note, lists, links = (
        "Pick a cytokine to see its chains, or a chain to see who uses it.",
        [],
        [],
        [],
    )
    if picked in members.index:
        row = members.loc[picked]
        says = f"{picked} consists of {row['composition'].removesuffix('.')}. {family.shared_sentence(picked)}"
        note = [f"{entry(row)}. {row['partner_note']}{cited(papers(row['citations']))}"]
        links = papers(row["citations"])
        several = len(family.complexes(picked)) > 1
        for use in uses[uses["cytokine"] == picked].itertuples():
            whose = f"{use.chain}, {use.complex}" if several else use.chain
            lists.append(
                f"{whose}: {use.finding.removesuffix('.')} [{use.evidence}]{cited(papers(use.citations))}"
            )
            links += papers(use.citations)
    elif picked in known.index:
        row = known.loc[picked]
        users = family.users(picked)
        says = f"{picked} is used by {listed(users)}: {len(users)} of {len(names)}."
        note = [f"{entry(row)}. {row['description']}{cited(papers(row['citations']))}"]
        links = papers(row["citations"])
    matrix = family.family_matrix()
    edges = sorted({(item.cytokine, chain) for item in family.complexes() for chain in item.copies})
    left, right = untangled(names, order, edges)
    about = {
        "matrix": "1 or 2: so many copies in each complex; +: used, not counted. "
        "I, II: only in the complex of this type; some: not in all of its complexes.",
        "network": "A double line stands for two copies. Broken lines: not in all complexes; OSM has type I "
        "(long dashes) and type II (dots).",
    }[view]
    words = {"any": "either way", "with": "with another chain", "without": "without"}
    pressed = [view.capitalize(), words[alpha]]
    choices = buttons(["Matrix", "Network", *words.values()], pressed=pressed)
    if view == "matrix":
        choices += buttons([*order, *shown], pressed=[picked])
    else:
        choices += buttons([*left, *right], pressed=[picked], closed=set(names) - set(shown))
    return Expected(
        says=[count, says],
        notes=[about, *note],
        legends=["Must use"],
        lists=lists,
        links=[[name, url] for name, url in links if url],
        fields=[{"name": chain, "value": chain in needs, "open": True} for chain in SHARED],
        tables=[table(["Cytokine", *order], [[name, *matrix.loc[name]] for name in shown])]
        if view == "matrix"
        else [],
        buttons=choices,
    )


def shown_family(needs: Sequence[str] = (), alpha: str = "any") -> list[str]:
    """Cytokines with a complex that holds all of these chains, with or without another one."""

    def fits(item: family.Complex) -> bool:
        other = any(chain not in SHARED for chain in item.copies)
        return set(needs) <= set(item.copies) and (alpha == "any" or other == (alpha == "with"))

    return [name for name in family.cytokines() if any(map(fits, family.complexes(name)))]


def network_ends() -> list[tuple[str, str]]:
    """Cytokine and chain of each line of the network; two copies of a chain are two lines."""
    found = []
    for cytokine in family.cytokines():
        own = family.complexes(cytokine)
        for chain in family.chains():
            here = [item for item in own if chain in item.copies]
            found += [(cytokine, chain)] * (
                len(here[:1]) + ((here[0].copies[chain] or 0) > 1 if here else 0)
            )
    return found


def network_lines(
    needs: Sequence[str] = (), alpha: str = "any", picked: str = ""
) -> list[tuple[str, bool]]:
    """Lines of the network: dashes, and whether it is pale; in the order of `network_ends`."""
    shown, found, before = shown_family(needs, alpha), [], None
    for cytokine, chain in network_ends():
        own = family.complexes(cytokine)
        here = [item for item in own if chain in item.copies]
        dash = (
            ""
            if len(here) == len(own) or before == (cytokine, chain)
            else "9 4"
            if here[0] == own[0]
            else "3 4"
        )
        found.append((dash, cytokine not in shown or (picked not in ("", cytokine, chain))))
        before = (cytokine, chain)
    return found


@cache
def brake_courses() -> Courses:
    """The widget `brakes`."""

    def change(**values: float) -> dict[str, Any]:
        return {"changes": signalling.brakes(**values)}

    socs3 = {
        "none": 0.0,
        "1/4 of normal": 0.25,
        "half of normal": 0.5,
        "normal": 1.0,
        "twice normal": 2.0,
        "4 times normal": 4.0,
    }
    return Courses(
        axes={
            "SOCS3 made from its mRNA": {
                words: {"dose": 40.0} | change(socs3=value) for words, value in socs3.items()
            },
            "SOCS3 on gp130": {
                "can dock": change(docking=1.0),
                "cannot dock: no Tyr759 (mouse 757)": change(docking=0.0),
            },
            "SOCS1-like inhibitor of JAK": {
                words: change(socs1=value)
                for words, value in {
                    "none": 0.0,
                    "JAK at half": 1.0,
                    "JAK at a quarter": 3.0,
                    "JAK at an eighth": 7.0,
                }.items()
            },
        },
        sliders=("SOCS3 made from its mRNA", "SOCS1-like inhibitor of JAK"),
        series={
            "pJAK1": ("phosphorylated JAK1", COLOURS["JAK"], ""),
            "pgp130": ("phosphorylated gp130", COLOURS["gp130"], ""),
            "pSTAT3": ("pSTAT3", COLOURS["STAT"], ""),
            "SOCS3": ("SOCS3", COLOURS["SOCS"], ""),
        },
        times=(*range(0, 60, 2), *range(60, 241, 6)),
        reference="wild type",
        start={
            "SOCS3 made from its mRNA": "normal",
            "SOCS3 on gp130": "can dock",
            "SOCS1-like inhibitor of JAK": "none",
        },
    )


#: Buttons of the widget `brakes`: options of its three choices.
BRAKE_PRESETS = {
    "Wild type": ("normal", "can dock", "none"),
    "SOCS3 knock-out": ("none", "can dock", "none"),
    "SOCS3 blind to gp130": ("normal", "cannot dock: no Tyr759 (mouse 757)", "none"),
    "SOCS1-like inhibitor": ("normal", "can dock", "JAK at a quarter"),
}


@once
def measured(chosen: Mapping[str, str]) -> list[str]:
    """pSTAT3 of a choice in the words of the table."""
    changes = brake_courses().changes(chosen)
    [row] = signalling.response_table({"chosen": changes["changes"]}, changes["dose"]).itertuples()
    return [
        digits(row.peak).replace(",", ""),
        "none: a plateau" if math.isnan(row.time_of_peak) else str(nearest(row.time_of_peak)),
        "–"
        if math.isnan(row.half_duration)
        else "without end"
        if math.isinf(row.half_duration)
        else str(nearest(row.half_duration)),
        digits(row.steady).replace(",", ""),
    ]


@once
def brakes(chosen: Mapping[str, str]) -> Expected:
    """The brakes of the model, a chart for each quantity."""
    courses = brake_courses()
    said = courses.sentences(chosen)
    sliders, choices = courses.controls(chosen)
    same = chosen == courses.start
    rows = [["wild type", *measured(courses.start)]] + (
        [] if same else [["your choice", *measured(chosen)]]
    )
    plots = [
        Plot(
            f"{label}. {text}",
            [courses.curves(chosen, name, look="line")]
            + (
                []
                if same
                else [
                    courses.curves(
                        courses.start, name, look="line ghost", colour="currentColor", dash="3 3"
                    )
                ]
            ),
        )
        for (name, (label, _colour, _dash)), text in zip(courses.series.items(), said, strict=True)
    ]
    return Expected(
        says=[f"{'; '.join(said)}."],
        notes=[
            *(label for label, _colour, _dash in courses.series.values()),
            "your choice wild type, whose peak is 1",
            "Model, not data (Sobotta et al. 2017), at 40 ng/ml IL-6 that stays: fitted to IL-6 in primary mouse "
            f"hepatocytes; it is not a model of LIF. {signalling.SOCS1_ASSUMPTION}",
        ],
        tables=[
            table(
                [
                    "pSTAT3",
                    "Peak (nM)",
                    "Time of peak (min)",
                    "Above half of it (min)",
                    "Steady state (nM)",
                ],
                rows,
            )
        ],
        sliders=sliders,
        plots=plots,
        buttons=buttons(
            BRAKE_PRESETS,
            pressed=[
                name for name, options in BRAKE_PRESETS.items() if tuple(chosen.values()) == options
            ],
        )
        + choices,
    )


COMPETITION = {"LIF": 0.5, "IL-6": 1.0, "OSM": 0.0, "gp130": 500.0}
CYTOKINES = ("LIF", "IL-6", "OSM")


def some(value: float) -> str:
    """Complexes: one digit after the point below ten."""
    return fixed(value, 1) if 0 < value < 10 else f"{nearest(value):,}"


def share(value: float) -> str:
    """A share as per cent, with a space."""
    return "less than 1 %" if 0 < value < 0.01 else f"{nearest(100 * value)} %"


def dose(cytokine: str, value: float) -> str:
    """A dose in nM, and in ng/ml where the mass is known."""
    mass = competition.masses().get(cytokine)
    return (
        "none"
        if not value
        else concentration(value) + (f" = {digits(value * mass)} ng/ml" if mass else "")
    )


@once
def complexes(values: Mapping[str, float]) -> dict[str, float]:
    """Complexes a cell of each cytokine, together and alone, and shares of gp130."""
    doses = {name: values[name] for name in CYTOKINES}
    now = competition.competition(doses, values["gp130"]).iloc[0]
    found = {name: float(now[f"{name}_complexes"]) for name in CYTOKINES} | {
        "free": float(now["gp130_free"])
    }
    for name in CYTOKINES:
        found[f"{name} alone"] = float(
            competition.competition({name: doses[name]}, values["gp130"])[f"{name}_complexes"].iloc[
                0
            ]
        )
        found[f"with {name}"] = float(now[f"gp130_with_{name}"])
    return found


@once
def pool(values: Mapping[str, float], locked: str = "") -> Expected:
    """Cytokines on one pool of gp130."""
    found = complexes(values)
    present = [name for name in CYTOKINES if name == "IL-6" or values[name] > 0]
    rivals = [name for name in CYTOKINES if name != "LIF" and values[name] > 0]
    if not values["LIF"]:
        says = "Without LIF there are no complexes of LIF."
    elif not rivals:
        says = f"LIF is alone and makes {some(found['LIF'])} complexes a cell."
    else:
        says = (
            f"With {' and '.join(rivals)} LIF makes {some(found['LIF'])} complexes a cell, "
            f"{share(found['LIF'] / found['LIF alone'])} of the {some(found['LIF alone'])} that it makes alone. "
            f"{share(found['free'])} of gp130 is free."
        )
    colours = {name: COLOURS[name] for name in CYTOKINES}
    dashes = dict(zip(CYTOKINES, ("", "7 5", "2 4"), strict=True))
    doses = 0.001 * 1e5 ** (np.arange(61) / 60)
    curves = competition.competition(
        {**{name: values[name] for name in CYTOKINES}, "IL-6": doses}, values["gp130"]
    )
    drawn: list[Any] = []
    if values["LIF"]:
        drawn += [
            Across(found["LIF alone"], colours["LIF"]),
            Words("LIF, if alone", found["LIF alone"], 5),
        ]
    drawn += [
        Curve(
            list(zip(doses, curves[f"{name}_complexes"], strict=True)), colours[name], dashes[name]
        )
        for name in present
    ]
    here = max(0.001, values["IL-6"])
    drawn += [Upright(here), *(Dot(here, found[name], colours[name]) for name in present)]
    assumed = competition.assumptions()
    lists, links = [], []
    for row in assumed.itertuples():
        paper = f" ({data.citations([row.citations])['citation'].iloc[0]})" if row.citations else ""
        lists.append(f"{row.name}: {row.value:g} {row.unit}, {row.basis}{paper}")
    low = {name: math.log10(0.001) - 0.1 for name in CYTOKINES}
    return Expected(
        says=[says],
        notes=[
            *([locked] if locked else []),
            " ".join(
                name + (" (two gp130 in each complex)" if name == "IL-6" else "")
                for name in present
            ),
            "Where the cell's gp130 is",
            *(
                f"with {name} {share(found[f'with {name}'])}"
                for name in CYTOKINES
                if values[name] > 0
            ),
            f"free {share(found['free'])}",
            "A model at equilibrium: the numbers it assumes",
        ],
        lists=lists,
        links=links,
        tables=[
            table(
                ["Cytokine", "Complexes a cell", "Alone", "gp130 held"],
                [
                    [
                        f"{name}, {dose(name, values[name])}",
                        some(found[name]),
                        some(found[f"{name} alone"]),
                        share(found[f"with {name}"]),
                    ]
                    for name in CYTOKINES
                ],
            )
        ],
        sliders=[
            *(
                Slider(
                    name,
                    dose(name, values[name]),
                    math.log10(values[name]) if values[name] else low[name],
                    low[name],
                    2,
                    0.05,
                    open=not locked,
                )
                for name in CYTOKINES
            ),
            Slider(
                "gp130",
                f"{some(values['gp130'])} per cell",
                math.log10(values["gp130"]),
                math.log10(20),
                math.log10(50000),
                0.05,
                open=not locked,
            ),
        ],
        buttons=buttons(
            ["gp130 scarce", "gp130 plentiful"],
            closed=["gp130 scarce", "gp130 plentiful"] if locked else [],
        ),
        plots=[Plot(f"Complexes per cell against IL-6. {says}", drawn, log=True)],
    )


# --- Clinical Significance ---------------------------------------------------------------------------

#: Columns of the explorer of studies, and of its filters.
STUDY_COLUMNS = {
    "cancer": "Cancer",
    "molecule": "Molecule",
    "effect": "Effect",
    "level": "Level in tumours",
    "size_text": "Size",
    "species_material": "Species and material",
    "outcome": "Outcome",
    "mechanism": "Mechanism",
    "verdict": "Verdict",
    "source": "Source",
}
STUDY_FILTERS = ("cancer", "molecule", "effect", "verdict")
EFFECTS = {"suppresses": "held back", "not shown": "not shown", "promotes": "helped"}
RUNGS = (
    "cells in a dish",
    "animals",
    "patients' samples",
    "patients' outcome",
    "outcome, adjusted",
    "patients treated",
)


@cache
def studies() -> pd.DataFrame:
    """The studies on cancers, each cell as it is read, with rung, source and address."""
    found = data.read_table("cancers")
    kinds = (
        "cells",
        "animals",
        "patient_tissue",
        "patient_outcome",
        "adjusted_outcome",
        "intervention",
    )
    rung = [
        max(at for at, kind in enumerate(kinds, start=1) if row[kind])
        for row in found.to_dict("records")
    ]
    source = data.citations(found["citations"])
    texts = found.assign(source=source["citation"].to_numpy())[[*STUDY_COLUMNS]].astype(object)
    texts = texts.where(texts.notna(), "–").astype(str)
    return texts.assign(
        id=found["id"], finding=found["finding"], rung=rung, url=source["url"].to_numpy()
    )


def studies_shown(
    query: str = "",
    chosen: Mapping[str, str] | None = None,
    order: Sequence[str] | None = None,
    sort: str = "",
    picked: str = "",
) -> Expected:
    """The explorer of studies; `order` are the ids as sorted by the test."""
    every = studies()
    text = [
        " ".join(map(str, [*row[list(STUDY_COLUMNS)], row["finding"]])).lower()
        for _at, row in every.iterrows()
    ]
    fits = [
        all(word in one for word in query.lower().split())
        and all(row[key] == value for key, value in (chosen or {}).items())
        for one, (_at, row) in zip(text, every.iterrows(), strict=True)
    ]
    shown = every[fits]
    says = "No study fits. Take a filter away or search for another word."
    if len(shown):
        counts = shown["effect"].value_counts()
        says = (
            f"{len(shown)} of {len(every)} entries, from {shown['source'].nunique()} sources: "
            + ", ".join(f"{counts.get(effect, 0)} {words}" for effect, words in EFFECTS.items())
            + "."
        )
    names = {row.id: f"{row.cancer}, {row.molecule}, {row.source}" for row in every.itertuples()}
    detail = "Pick a dot or a row to read what was found."
    links: list[list[str]] = []
    if picked:
        row = every.set_index("id").loc[picked]
        detail = f"{names[picked]}. {row['finding']} {row['source'] if row['url'] else ''}".strip()
        links += [[row["source"], row["url"]]] if row["url"] else []
    rows = shown.set_axis(shown["id"].to_list())
    rows = rows.loc[[key for key in order if key in rows.index]] if order is not None else rows
    links += [[row.source, row.url] for row in rows.itertuples() if row.url]
    dots = [
        row.id
        for rung in range(len(RUNGS), 0, -1)
        for effect in EFFECTS
        for row in shown.itertuples()
        if row.rung == rung and row.effect == effect
    ]
    head = list(STUDY_COLUMNS.values())
    tools = buttons(["Show all"]) + [
        {"name": names[key], "pressed": key == picked, "open": True} for key in dots
    ]
    tools += buttons(head) + [
        {"name": row.cancer, "pressed": row.id == picked, "open": True} for row in rows.itertuples()
    ]
    chosen = chosen or {}
    return Expected(
        says=[says, detail],
        notes=["LIF LIFR"],
        links=links,
        buttons=tools,
        loose=[f"{at} {RUNGS[at - 1]}" for at in range(len(RUNGS), 0, -1)],
        tables=[
            table(
                head,
                rows[list(STUDY_COLUMNS)].to_numpy().tolist(),
                "LIF and LIFR in cancers: studies and what they found",
            )
        ],
        fields=[
            {"name": "Search the studies", "value": query, "open": True},
            *(
                {"name": STUDY_COLUMNS[key], "value": chosen.get(key, ""), "open": True}
                for key in STUDY_FILTERS
            ),
        ],
    )


ASKED = {
    "patients": "looks at samples of patients",
    "numbers": "says how many patients",
    "outcome": "follows how patients fare",
    "experiment": "changes LIF or LIFR in cells",
    "animals": "changes it in animals",
    "consistent": "does not contradict itself",
}


@cache
def ranked() -> pd.DataFrame:
    """Studies of gastric cancer in the book's order."""
    found = evidence.rank_studies(data.read_table("gastric"), data.read_table("cancers"))
    return found.assign(url=data.citations(found["citations"])["url"].to_numpy()).set_axis(
        found["id"].to_list()
    )


def first_order() -> list[str]:
    """Ids by year."""
    return ranked().sort_values(["year", "id"])["id"].to_list()


def rank(order: Sequence[str], revealed: bool = False, last: str = "") -> Expected:
    """Studies in the reader's order; `last` is the sentence about the last move."""
    places = ranked()["rank"].value_counts()
    lists, links, tools, fields = [], [], [], []
    # The numbers of the selects and the signs of the buttons stand in the list too.
    signs = "".join(str(at + 1) for at in range(len(order))) + "▲▼"
    for at, key in enumerate(order):
        row = ranked().loc[key]
        title = f"{row['study']} {row['year']}"
        text = f"{title}: {row['sentence']} Material: {row['material']}. Size: {row['n_text']}."
        if revealed:
            yes, no = (
                [words for name, words in ASKED.items() if bool(row[name]) is wanted]
                for wanted in (True, False)
            )
            lacks = f" Not: {', '.join(no)}." if no else ""
            text += (
                f"Ours: place {row['rank']}{', shared' if places[row['rank']] > 1 else ''}, "
                f"{row['points']} of 6 points. "
                f"It {', '.join(yes)}.{lacks} What it cannot tell: {row['cannot_tell']}."
            )
            if row["url"]:
                text += " Source"
                links.append(["Source", row["url"]])
        lists.append(signs + text)
        fields.append({"name": f"{title}: place", "value": str(at), "open": True})
        tools += buttons(
            [f"{title}: up", f"{title}: down"],
            closed=[f"{title}: up"] * (at == 0) + [f"{title}: down"] * (at == len(order) - 1),
        )
    pairs = [
        (ranked().loc[one, "rank"], ranked().loc[other, "rank"])
        for at, one in enumerate(order)
        for other in order[at + 1 :]
    ]
    same, all_ = sum(a < b for a, b in pairs), sum(a != b for a, b in pairs)
    says = last or "Strongest first. Move a study with its arrows or its number."
    if revealed:
        says = (
            f"You and we agree on {same} of the {all_} pairs that we put in an order. "
            "Where you differ: was it the direction of the result that moved you, or the design?"
        )
    return Expected(
        says=[says],
        lists=lists,
        links=links,
        fields=fields,
        buttons=tools + buttons(["Hide our order" if revealed else "This is my order: show yours"]),
    )


UTERI = ("a uterus with LIF", "a uterus without LIF")
EMBRYOS = ("Embryo of a mother with LIF", "Embryo of a mother without LIF")
#: What each explanation predicts, uterus by uterus (with LIF first), embryo by embryo.
IDEAS = {
    "The uterus needs LIF": (True, True, False, False),
    "The embryo's mother must have LIF, wherever the embryo is put": (True, False, True, False),
    "Both are needed": (True, False, False, False),
    "Either is enough": (True, True, True, False),
}


@cache
def mice() -> dict[int, Any]:
    """The combinations that were reported, by their place: uterus by uterus, embryo by embryo."""
    found = data.read_table("knockout").query("gene == 'Lif'")
    found = found.assign(
        works=found["implants"] == "yes",
        source=data.citations(found["citations"])["citation"].to_numpy(),
        url=data.citations(found["citations"])["url"].to_numpy(),
    )
    return {
        2 * (row.female_genotype != "+/+") + (row.embryo_genotype != "+/+"): row
        for row in found.itertuples()
    }


def knockout(guesses: Sequence[int], revealed: bool = False) -> Expected:
    """The experiment as a puzzle; guesses are 1 (implants), 0 and -1 (none yet)."""
    found = mice()
    missing = sum(guess < 0 for guess in guesses)
    names = [f"{at + 1}. {EMBRYOS[at % 2]} in {UTERI[at // 2]}" for at in range(4)]
    left = [
        idea
        for idea, predicts in IDEAS.items()
        if all(predicts[at] == row.works for at, row in found.items())
    ]
    says = (
        f"Predict all four combinations: {missing} to go." if missing else "Now see what was found."
    )
    tables, links = [], []
    if revealed:
        right = sum(guesses[at] == row.works for at, row in found.items())
        untried = [
            at for at in range(4) if at not in found and len({IDEAS[idea][at] for idea in left}) > 1
        ]
        says = (
            f"You predicted {right} of the {len(found)} results that were reported. {len(left)} of {len(IDEAS)} "
            f"explanations are left: {'; '.join(left)}."
        )
        says += f" What would decide between them: {names[untried[0]]}." if untried else ""
        rows = []
        for idea, predicts in IDEAS.items():
            wrong = [str(at + 1) for at, row in sorted(found.items()) if predicts[at] != row.works]
            rows.append(
                [
                    idea,
                    ", ".join(str(at + 1) for at in range(4) if predicts[at]),
                    f"ruled out by {' and '.join(wrong)}" if wrong else "still possible",
                ]
            )
        tables = [
            table(
                ["Explanation", "Predicted to implant", "Against what was found"],
                rows,
                "Explanations, and what each one predicts",
            )
        ]
        links = [[row.source, row.url] for _at, row in sorted(found.items()) if row.url]
    closed = ["Show what was found"] * (revealed or missing > 0) + ["Start again"] * (
        missing == 4 and not revealed
    )
    return Expected(
        says=[says],
        legends=names,
        tables=tables,
        links=links,
        fields=[
            {"name": words, "value": guesses[at] == value, "open": not revealed}
            for at in range(4)
            for words, value in (("implants", 1), ("does not implant", 0))
        ],
        buttons=buttons(["Show what was found", "Start again"], closed=closed),
    )


def puzzle_results() -> list[str]:
    """What stands under each combination once it is shown."""
    texts = ["Not reported."] * 4
    for place, row in mice().items():
        texts[place] = (
            f"Found: {'implants' if row.works else 'does not implant'}. "
            f"{row.finding} {row.source if row.url else ''}".strip()
        )
    return texts


POWER = {"cases": 176, "controls": 75, "case_frequency": 0.034, "control_frequency": 0.0}
POWER_SLIDERS = (
    ("cases", "cases", 10, 1000, 1),
    ("controls", "controls", 10, 1000, 1),
    ("case_frequency", "carriers among all such cases", 0, 0.2, 0.001),
    ("control_frequency", "carriers among all such controls", 0, 0.2, 0.001),
)


@cache
def samples() -> dict[str, tuple[int, int]]:
    """Sizes of the published samples."""
    variants = data.read_table("variants")
    return {
        f"{row.study} {row.year}": (int(row.cases_n), int(row.controls_n))
        for row in variants[variants["role"] == "main"].itertuples()
    }


def two_digits(value: float) -> str:
    """Two significant digits as JavaScript writes a number."""
    if math.isinf(value):
        return "∞"
    rounded = Decimal(value)
    if not rounded:
        return "0"
    kept = float(rounded.quantize(Decimal(1).scaleb(rounded.adjusted() - 1), ROUND_HALF_UP))
    if kept < 1e-6:
        mantissa, exponent = f"{kept:e}".split("e")
        return f"{float(mantissa):g}e{int(exponent)}"
    return f"{Decimal(repr(kept)):f}".removesuffix(".0")


@once
def power(values: Mapping[str, float], curve: bool = True) -> Expected:
    """Power of Fisher's exact test; the curve takes Python a while."""
    n, m, p, q = (values[trait] for trait in POWER)
    n, m = int(n), int(m)
    found = statistics.power(n, m, p, q)
    says = (
        f"The two frequencies are the same. The test gives a false alarm in {percent(found)} "
        "of such studies (at P ≤ 0.05)."
        if p == q
        else f"If these are the true frequencies, {percent(found, 0)} of such studies find P ≤ 0.05; "
        f"{percent(1 - found, 0)} miss the difference."
    )
    seen = (
        f"A study sees no carrier at all among its cases with a chance of {percent((1 - p) ** n)}, "
        f"among its controls with {percent((1 - q) ** m)}."
    )
    a, b = nearest(n * p), nearest(m * q)
    counts = f"Typical counts: {a} of {n} and {b} of {m}. "
    if a + b in (0, n + m):
        counts += "With an empty margin there is no odds ratio."
    else:
        ratio = statistics.odds_ratio(a, n, b, m)
        counts += (
            f"Their odds ratio is {two_digits(ratio.estimate)} (exact 95% interval {two_digits(ratio.low)} to "
            f"{two_digits(ratio.high)}), P = {two_digits(statistics.fisher(a, n, b, m))}."
        )
    points = (
        [(0.0, 0.0)]
        + [
            (
                at / 10,
                statistics.power(
                    max(1, nearest(n * (at / 10))), max(1, nearest(m * (at / 10))), p, q
                ),
            )
            for at in range(1, 31)
        ]
        if curve
        else []
    )
    drawn = [Across(0.8), Curve(points, COLOURS["LIF"]), Dot(1, found, COLOURS["LIF"])]
    sliders = []
    for trait, words, low, high, step in POWER_SLIDERS:
        text = percent(values[trait]) if step < 1 else str(values[trait])
        sliders.append(
            Slider(
                words, text, values[trait], low, high, step, text if step < 1 else f"{text} {words}"
            )
        )
    return Expected(
        says=[says, seen, counts],
        notes=[
            "Sizes of",
            "Computed from every table that two samples can give; a plan, not data. Dashed: 80%, what studies are "
            "often planned for.",
        ],
        sliders=sliders,
        plots=[Plot(f"Power against the size of both samples. {says}", drawn)],
        buttons=buttons(
            samples(), pressed=[name for name, sizes in samples().items() if sizes == (n, m)]
        ),
    )


def upper(count: int, total: int) -> float:
    """One-sided upper bound of a share."""
    return (
        1.0
        if count == total
        else float(statistics.binomial_interval(count, total, sides="upper").high)
    )


@once
def bound(count: int, total: int) -> Expected:
    """The widget in which a share is bounded by a count out of a total."""
    from scipy import stats

    both, top = statistics.binomial_interval(count, total), upper(count, total)
    says = (
        f"{count} of {total}: all responded. The true share is at least {percent(both.low)} (95%, two-sided)."
        if count == total
        else f"{count} of {total} is {percent(count / total)}. "
        f"The true share can be up to {percent(top)} (95%, one-sided); "
        f"two-sided: {percent(both.low)} to {percent(both.high)}."
    )
    shares = np.arange(101) / 100
    curve = Curve(
        list(zip(shares, stats.binom.cdf(count, total, shares), strict=True)), COLOURS["LIF"]
    )
    return Expected(
        says=[says]
        + ([f"Rule of three: 3/{total} = {percent(min(1, 3 / total))}."] if count == 0 else []),
        notes=[
            "The curve: with which chance a trial sees so few responses or fewer, for each true share. "
            "Where it falls to 5% lies the upper bound."
        ],
        sliders=[
            Slider(
                "patients whose tumour was assessed",
                str(total),
                total,
                1,
                200,
                1,
                f"{total} patient{'s' * (total != 1)}",
            ),
            Slider(
                "responses seen",
                str(count),
                count,
                0,
                total,
                1,
                f"{count} response{'s' * (count != 1)}",
            ),
        ],
        plots=[
            Plot(
                f"Chance of so few responses against the true share. {says}",
                [Across(0.05), curve, Upright(top)],
            )
        ],
    )


# --- predictions --------------------------------------------------------------------------------------

CLOSED = "Closed until you have made your prediction above."


def prediction(
    question: str, options: Sequence[str], after: str, chosen: int = -1, made: bool = False
) -> Expected:
    """A question to be answered before something opens."""
    return Expected(
        says=[f"You predicted: {options[chosen]}. {after}"] if made else [],
        legends=[question],
        fields=[
            {"name": text, "value": at == chosen, "open": not made}
            for at, text in enumerate(options)
        ],
        buttons=buttons(
            ["This is my prediction"], closed=["This is my prediction"] * (made or chosen < 0)
        ),
    )
