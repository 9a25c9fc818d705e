"""Cytokines and receptor chains as a matrix or a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import traitlets

from lifbook import data, family
from lifbook.errors import LifbookError
from lifbook.page.widget import PickingWidget
from lifbook.palette import COLOURS, MUTED


def crossings(left: Sequence[str], right: Sequence[str], edges: Iterable[tuple[str, str]]) -> int:
    """How many pairs of edges cross when both sides stand in this order."""
    places = [(left.index(a), right.index(b)) for a, b in edges]
    return sum(
        (a - c) * (b - d) < 0 for at, (a, b) in enumerate(places) for c, d in places[at + 1 :]
    )


def untangled(
    left: Sequence[str], right: Sequence[str], edges: Sequence[tuple[str, str]]
) -> tuple[list[str], list[str]]:
    """Order both sides of a network so that few edges cross: barycentres, the best of 20 rounds."""

    def towards(names: Sequence[str], others: Sequence[str], own: int) -> list[str]:
        places = {
            name: [others.index(e[1 - own]) for e in edges if e[own] == name] for name in names
        }
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


def _height(name: str, names: Sequence[str]) -> float:
    """Where a name stands on its side of the network: 0 is the top, 1 the bottom."""
    return (names.index(name) + 0.5) / len(names)


def _members(
    tables: family.Tables, order: Sequence[str], folder: Path | str | None
) -> list[dict[str, Any]]:
    """The cytokines as the page takes them; `order`: how they stand in the network."""
    matrix = family.family_matrix(folder=folder)
    return [
        {
            "name": row.cytokine,
            "gene": row.gene,
            "uniprot": row.uniprot,
            "species": row.species,
            "composition": row.composition,
            "note": row.partner_note,
            "evidence": row.evidence,
            "papers": _papers(row.citations, folder),
            "y": _height(row.cytokine, order),
            "cells": matrix.loc[row.cytokine].tolist(),
            "complexes": [
                {"name": item.name, "copies": dict(item.copies)}
                for item in family.complexes(row.cytokine, folder=folder)
            ],
            "shares": family.shared_sentence(row.cytokine, folder=folder),
            "findings": [
                {
                    "complex": use.complex,
                    "chain": use.chain,
                    "finding": use.finding,
                    "evidence": use.evidence,
                    "papers": _papers(use.citations, folder),
                }
                for use in data.records(
                    tables.receptors[tables.receptors["cytokine"] == row.cytokine]
                )
            ],
        }
        for row in data.records(tables.cytokines)
    ]


def _chains(
    tables: family.Tables, order: Sequence[str], folder: Path | str | None
) -> list[dict[str, Any]]:
    """The receptor chains as the page takes them; `order`: how they stand in the network."""
    return [
        {
            "name": row.chain,
            "gene": row.gene,
            "uniprot": row.uniprot,
            "text": row.description,
            "alpha": row.chain not in family.SHARED,
            "papers": _papers(row.citations, folder),
            "colour": COLOURS.get(row.chain, MUTED),
            "users": family.users(row.chain, folder=folder),
            "y": _height(row.chain, order),
        }
        for row in data.records(tables.chains)
    ]


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

    cytokines: traitlets.List[Any] = traitlets.List().tag(sync=True)
    chains: traitlets.List[Any] = traitlets.List().tag(sync=True)
    scenes: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    scene = traitlets.Unicode("").tag(sync=True)
    needs = traitlets.List(traitlets.Unicode()).tag(sync=True)
    alpha = traitlets.Unicode("any").tag(sync=True)
    view = traitlets.Unicode("matrix").tag(sync=True)
    shown = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self,
        name: str = "family",
        *,
        picked: str = "LIF",
        needs: Sequence[str] = (),
        alpha: str = "any",
        view: str = "matrix",
        scenes: Mapping[str, str] | None = None,
        folder: Path | str | None = None,
    ) -> None:
        tables = family.tables(folder)
        names, columns = family.cytokines(folder=folder), family.chains(folder=folder)
        for cytokine in scenes or {}:
            family.known_name(cytokine, names, "cytokine", "scenes")
        edges = sorted(
            {(item.cytokine, chain) for item in tables.complexes for chain in item.copies}
        )
        left, right = untangled(names, columns, edges)
        super().__init__(
            name=name,
            label="Which cytokine of the family uses which receptor chains",
            cytokines=_members(tables, left, folder),
            chains=_chains(tables, right, folder),
            scenes=dict(scenes or {}),
            scene=(scenes or {}).get(picked, ""),
            picked=picked,
            needs=list(needs),
            alpha=alpha,
            view=view,
            shown=names,
        )
        # What comes with the constructor is checked before the lists are there: once more.
        for trait in ("picked", "needs"):
            self._check_names(trait, getattr(self, trait))

    def _check_names(self, trait: str, value: Any) -> None:
        columns = [chain["name"] for chain in self.chains]
        members = [cytokine["name"] for cytokine in self.cytokines]
        if not members:
            return
        if trait == "needs":
            for chain in value:
                family.known_name(
                    chain, [name for name in columns if name in family.SHARED], "chain", "needs"
                )
        elif value:
            family.known_name(str(value), [*members, *columns], "cytokine or chain", "picked")

    @traitlets.validate("picked", "needs")
    def _known_name(self, proposal: traitlets.Bunch) -> object:
        self._check_names(proposal.trait.name, proposal.value)
        return proposal.value

    @traitlets.validate("alpha", "view")
    def _known_word(self, proposal: traitlets.Bunch) -> str:
        words = {"alpha": ("any", "with", "without"), "view": ("matrix", "network")}
        known = words[proposal.trait.name]
        if proposal.value not in known:
            raise LifbookError.unknown(
                "choice", proposal.value, known, argument=proposal.trait.name
            )
        return proposal.value

    def __repr__(self) -> str:
        return (
            f"FamilyExplorer('{self.name}', {len(self.cytokines)} cytokines, "
            f"{len(self.chains)} chains)"
        )
