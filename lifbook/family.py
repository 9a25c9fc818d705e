"""The family of interleukin-6: which cytokine brings which receptor chains together.

All of it is read from three tables of ``data/``: ``family`` (the cytokines), ``family_chains`` (the
receptor chains) and ``family_receptors`` (which complex holds which chain, and how that was
found). A cytokine may make more than one complex: oncostatin M makes type I with LIFR and
type II with OSMR, but none with both, so everything here is asked of complexes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd
import traitlets

from lifbook import data
from lifbook.base import PickingWidget, module
from lifbook.errors import LifbookError
from lifbook.palette import COLOURS, MUTED

#: Chains that several cytokines share; the others are called alpha chains here.
SHARED = ("gp130", "LIFR", "OSMR")


@dataclass(frozen=True)
class Complex:
    """One receptor complex of a cytokine.

    Parameters
    ----------
    cytokine, name
        Whose complex; its name where the cytokine has several ("type I"), else "".
    copies
        Chain -> how many of it are in the complex; None where nobody has counted.
    """

    cytokine: str
    name: str
    copies: Mapping[str, int | None]


@dataclass(frozen=True)
class _Tables:
    cytokines: pd.DataFrame
    chains: pd.DataFrame
    receptors: pd.DataFrame
    complexes: tuple[Complex, ...]


@lru_cache(maxsize=4)
def _tables(folder: Path | str | None) -> _Tables:
    cytokines, chains, receptors = (
        data.read_table(name, folder=folder)
        for name in ("family", "family_chains", "family_receptors")
    )
    order = [*SHARED, *(chain for chain in chains["chain"] if chain not in SHARED)]
    chains = chains.set_index("chain").loc[order].reset_index()
    complexes = []
    for cytokine in cytokines["cytokine"]:
        own = receptors[receptors["cytokine"] == cytokine]
        several = own["complex"].nunique() > 1
        complexes += [
            Complex(cytokine, str(name) if several else "",
                    {chain: None if pd.isna(copies) else int(copies)
                     for chain, copies in zip(rows["chain"], rows["copies"], strict=True)})
            for name, rows in own.groupby("complex", sort=False)
        ]
    return _Tables(cytokines, chains, receptors, tuple(complexes))


def _check(name: str, known: Sequence[str], what: str, column: str) -> str:
    if name not in known:
        raise LifbookError(
            f"no {what} of the table is called '{name}'", column=column,
            remedy=f"use one of {', '.join(known)}",
        )
    return name


def cytokines(*, folder: Path | str | None = None) -> list[str]:
    """Names of the cytokines, in the order of the table."""
    return _tables(folder).cytokines["cytokine"].tolist()


def chains(*, folder: Path | str | None = None) -> list[str]:
    """Names of the receptor chains: gp130, LIFR and OSMR, then the others."""
    return _tables(folder).chains["chain"].tolist()


def complexes(cytokine: str | None = None, *, folder: Path | str | None = None) -> list[Complex]:
    """The receptor complexes, of one cytokine or of all.

    Raises
    ------
    LifbookError
        An unknown cytokine.
    """
    found = _tables(folder).complexes
    if cytokine is None:
        return list(found)
    _check(cytokine, cytokines(folder=folder), "cytokine", "cytokine")
    return [item for item in found if item.cytokine == cytokine]


def _short(name: str) -> str:
    """ "type II" as it fits into a cell: II."""
    return name.removeprefix("type ")


def _cell(items: Sequence[Complex], chain: str) -> str:
    """What the matrix says: copies, and in which complexes if not in all."""
    holding = [item for item in items if chain in item.copies]
    if not holding:
        return ""
    if len(holding) < len(items):
        types = [_short(item.name) for item in holding]
        # "mixed pair" and the like are too long for a cell; what is picked tells them.
        return ", ".join(types) if max(map(len, types)) <= 3 else "some"
    return "/".join(dict.fromkeys(str(item.copies[chain] or "+") for item in holding))


def family_matrix(*, folder: Path | str | None = None) -> pd.DataFrame:
    """Cytokines by chains, as text: copies in the complex, or the types that hold the chain.

    Returns
    -------
    pandas.DataFrame
        Index ``cytokine``, one column for each chain. ``"1"`` or ``"2"``: so many in each
        complex; ``"+"``: used, not counted; ``"I"`` or ``"II"``: only in the complex of this type;
        ``"some"``: only in some of its complexes; ``""``: not used.
    """
    names = chains(folder=folder)
    rows = {
        cytokine: [_cell(complexes(cytokine, folder=folder), chain) for chain in names]
        for cytokine in cytokines(folder=folder)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("cytokine")


def users(*needed: str, folder: Path | str | None = None) -> list[str]:
    """Cytokines with a complex that holds all these chains, for example ``users("gp130", "LIFR")``.

    Raises
    ------
    LifbookError
        No chain, or an unknown one.
    """
    if not needed:
        raise LifbookError(
            "no chain is named", column="chain",
            remedy=f"use one or more of {', '.join(chains(folder=folder))}",
        )
    for chain in needed:
        _check(chain, chains(folder=folder), "chain", "chain")
    found = [item.cytokine for item in complexes(folder=folder) if set(needed) <= set(item.copies)]
    return list(dict.fromkeys(found))


def shared_with(
    cytokine: str, other: str = "LIF", *, folder: Path | str | None = None
) -> pd.DataFrame:
    """Which chains a cytokine shares with another, for each of its complexes.

    Returns
    -------
    pandas.DataFrame
        One row for each pair of complexes: ``complex`` and ``other_complex`` (empty where there
        is only one), ``shared``, ``besides`` (only `cytokine` uses it), ``lacks`` (only
        `other` does): names joined by ", ".

    Raises
    ------
    LifbookError
        An unknown cytokine.

    Examples
    --------
    >>> shared_with("CNTF")[["shared", "besides"]].iloc[0].tolist()
    ['gp130, LIFR', 'CNTFR']
    """
    names = chains(folder=folder)
    rows = []
    for item in complexes(cytokine, folder=folder):
        for second in complexes(other, folder=folder):
            here, there = set(item.copies), set(second.copies)
            parts = (here & there, here - there, there - here)
            rows.append((item.name, second.name,
                         *(", ".join(name for name in names if name in part) for part in parts)))
    return pd.DataFrame(rows, columns=["complex", "other_complex", "shared", "besides", "lacks"])


def _and(names: Iterable[str]) -> str:
    """One, two or three names as they are read."""
    *first, last = list(names)
    return f"{', '.join(first)} and {last}" if first else last


def shared_sentence(
    cytokine: str, other: str = "LIF", *, folder: Path | str | None = None
) -> str:
    """What `shared_with` finds, in words: "CNTF shares gp130 and LIFR with LIF; CNTFR besides." """
    if cytokine == other:
        uses = [_and(item.copies) for item in complexes(cytokine, folder=folder)]
        return f"{cytokine} uses {'; or '.join(uses)}."
    parts = []
    for row in shared_with(cytokine, other, folder=folder).itertuples():
        who = f"{cytokine} {row.complex}".strip()
        whom = f"{other} {row.other_complex}".strip()
        if row.shared:
            text = f"{who} shares {_and(row.shared.split(', '))} with {whom}"
            text += f"; {_and(row.besides.split(', '))} besides" if row.besides else ""
        else:
            text = f"{who} shares no chain with {whom}; it uses {_and(row.besides.split(', '))}"
        parts.append(f"{text}.")
    return " ".join(parts)


# --- The widget -------------------------------------------------------------------------------


def crossings(left: Sequence[str], right: Sequence[str], edges: Iterable[tuple[str, str]]) -> int:
    """How many pairs of edges cross when both sides stand in this order."""
    places = [(left.index(a), right.index(b)) for a, b in edges]
    return sum(
        (a - c) * (b - d) < 0
        for at, (a, b) in enumerate(places) for c, d in places[at + 1:]
    )


def untangled(
    left: Sequence[str], right: Sequence[str], edges: Sequence[tuple[str, str]]
) -> tuple[list[str], list[str]]:
    """Order both sides of a network so that few edges cross: barycentres, the best of 20 rounds."""
    def towards(names: Sequence[str], others: Sequence[str], own: int) -> list[str]:
        places = {name: [others.index(e[1 - own]) for e in edges if e[own] == name]
                  for name in names}
        return sorted(names, key=lambda name: sum(places[name]) / max(len(places[name]), 1))

    best = (list(left), list(right))
    now = best
    for _ in range(20):
        now = (now[0], towards(now[1], now[0], 1))
        now = (towards(now[0], now[1], 0), now[1])
        if crossings(*now, edges) < crossings(*best, edges):
            best = now
    return best


def _papers(cell: str, folder: Path | str | None) -> list[list[str]]:
    """Name and address of each paper in a cell of citation keys."""
    keys = [key for key in cell.split(";") if key]
    return data.citations(keys, folder=folder).to_numpy().tolist() if keys else []


class FamilyExplorer(PickingWidget):
    """Cytokines and receptor chains as a matrix or a network, with filters.

    Parameters
    ----------
    name
        Name of the widget in the page.
    picked
        Cytokine or chain that is described at the start.
    needs
        Chains that a complex must hold to be shown, of gp130, LIFR and OSMR.
    alpha
        ``"any"``, ``"with"`` or ``"without"`` a chain besides gp130, LIFR and OSMR.
    view
        ``"matrix"`` or ``"network"``.
    scenes
        Cytokine -> scene of a viewer; link the trait ``scene`` to the viewer's, and a cytokine
        that is picked is seen there.
    folder
        Data folder, see `lifbook.data`.

    Attributes
    ----------
    picked : str
        Cytokine or chain; an unknown one raises LifbookError.
    scene : str
        Scene of the picked cytokine.
    shown : list of str
        Cytokines that the filter leaves; computed in the page.
    """

    _esm = module("chart.js", "family.js")
    cytokines = traitlets.List().tag(sync=True)
    chains = traitlets.List().tag(sync=True)
    scenes = traitlets.Dict().tag(sync=True)
    scene = traitlets.Unicode("").tag(sync=True)
    needs = traitlets.List(traitlets.Unicode()).tag(sync=True)
    alpha = traitlets.Unicode("any").tag(sync=True)
    view = traitlets.Unicode("matrix").tag(sync=True)
    shown = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self, name: str = "family", *, picked: str = "LIF", needs: Sequence[str] = (),
        alpha: str = "any", view: str = "matrix", scenes: Mapping[str, str] | None = None,
        folder: Path | str | None = None,
    ) -> None:
        tables = _tables(folder)
        names, columns = cytokines(folder=folder), chains(folder=folder)
        for cytokine in scenes or {}:
            _check(cytokine, names, "cytokine", "scenes")
        edges = sorted({(item.cytokine, chain) for item in tables.complexes for chain in item.copies})
        left, right = untangled(names, columns, edges)
        matrix = family_matrix(folder=folder)
        members = []
        for row in tables.cytokines.itertuples():
            own = tables.receptors[tables.receptors["cytokine"] == row.cytokine]
            members.append({
                "name": row.cytokine, "gene": row.gene, "uniprot": row.uniprot,
                "species": row.species, "composition": row.composition,
                "note": row.partner_note, "evidence": row.evidence,
                "papers": _papers(row.citations, folder),
                "y": (left.index(row.cytokine) + 0.5) / len(left),
                "cells": matrix.loc[row.cytokine].tolist(),
                "complexes": [
                    {"name": item.name, "copies": dict(item.copies)}
                    for item in complexes(row.cytokine, folder=folder)
                ],
                "shares": shared_sentence(row.cytokine, folder=folder),
                "findings": [
                    {"complex": use.complex, "chain": use.chain, "finding": use.finding,
                     "evidence": use.evidence, "papers": _papers(use.citations, folder)}
                    for use in own.itertuples()
                ],
            })
        super().__init__(
            name=name,
            label="Which cytokine of the family uses which receptor chains",
            cytokines=members,
            chains=[
                {"name": row.chain, "gene": row.gene, "uniprot": row.uniprot,
                 "text": row.description, "alpha": row.chain not in SHARED,
                 "papers": _papers(row.citations, folder),
                 "colour": COLOURS.get(row.chain, MUTED),
                 "users": users(row.chain, folder=folder),
                 "y": (right.index(row.chain) + 0.5) / len(right)}
                for row in tables.chains.itertuples()
            ],
            scenes=dict(scenes or {}), scene=(scenes or {}).get(picked, ""),
            picked=picked, needs=list(needs), alpha=alpha, view=view, shown=names,
        )
        # What comes with the constructor is checked before the lists are there: once more.
        for trait in ("picked", "needs"):
            self._check_names(trait, getattr(self, trait))

    def _check_names(self, trait: str, value: object) -> None:
        columns = [chain["name"] for chain in self.chains]
        members = [cytokine["name"] for cytokine in self.cytokines]
        if not members:
            return
        if trait == "needs":
            for chain in value:
                _check(chain, [name for name in columns if name in SHARED], "chain", "needs")
        elif value:
            _check(str(value), [*members, *columns], "cytokine or chain", "picked")

    @traitlets.validate("picked", "needs")
    def _known_name(self, proposal: traitlets.Bunch) -> object:
        self._check_names(proposal.trait.name, proposal.value)
        return proposal.value

    @traitlets.validate("alpha", "view")
    def _known_word(self, proposal: traitlets.Bunch) -> str:
        words = {"alpha": ("any", "with", "without"), "view": ("matrix", "network")}
        known = words[proposal.trait.name]
        if proposal.value not in known:
            raise LifbookError(
                f"'{proposal.value}' is unknown", column=proposal.trait.name,
                remedy=f"use one of {', '.join(known)}",
            )
        return proposal.value

    def __repr__(self) -> str:
        return (f"FamilyExplorer('{self.name}', {len(self.cytokines)} cytokines, "
                f"{len(self.chains)} chains)")


def family_explorer(
    name: str = "family", *, scenes: Mapping[str, str] | None = None
) -> FamilyExplorer:
    """The widget with the book's tables; `scenes` as in `FamilyExplorer`."""
    return FamilyExplorer(name, scenes=scenes)
