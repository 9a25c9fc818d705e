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

from lifbook import data
from lifbook.errors import LifbookError

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
class Tables:
    """The tables of the family, and the complexes put together from them.

    Attributes
    ----------
    cytokines, chains, receptors
        Tables ``family``, ``family_chains`` (shared chains first) and ``family_receptors``.
    complexes
        Complexes of all cytokines, in the order of the table.
    """

    cytokines: pd.DataFrame
    chains: pd.DataFrame
    receptors: pd.DataFrame
    complexes: tuple[Complex, ...]


@lru_cache(maxsize=4)
def tables(folder: Path | str | None = None) -> Tables:
    """What the functions of this module read; remembered, so do not change it.

    Parameters
    ----------
    folder
        Data folder, see `lifbook.data`.

    Raises
    ------
    LifbookError
        If a table is missing or altered.

    Examples
    --------
    >>> tables().chains["chain"].tolist()[:4]
    ['gp130', 'LIFR', 'OSMR', 'IL-6R']
    """
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
            Complex(
                cytokine,
                str(name) if several else "",
                {
                    chain: None if pd.isna(copies) else int(copies)
                    for chain, copies in zip(rows["chain"], rows["copies"], strict=True)
                },
            )
            for name, rows in own.groupby("complex", sort=False)
        ]
    return Tables(cytokines, chains, receptors, tuple(complexes))


def known_name(name: str, known: Sequence[str], what: str, argument: str) -> str:
    """The name itself, if it is known.

    Parameters
    ----------
    name, known
        The name, and those there are.
    what
        What it names: "cytokine" or "chain".
    argument
        Name of the argument with which it came.

    Raises
    ------
    LifbookError
        An unknown name.

    Examples
    --------
    >>> known_name("LIF", cytokines(), "cytokine", "cytokine")
    'LIF'
    """
    if name not in known:
        raise LifbookError.unknown(f"{what} of the family", name, known, argument=argument)
    return name


def cytokines(*, folder: Path | str | None = None) -> list[str]:
    """Names of the cytokines, in the order of the table.

    Examples
    --------
    >>> cytokines()[:3]
    ['LIF', 'OSM', 'CNTF']
    """
    return tables(folder).cytokines["cytokine"].tolist()


def chains(*, folder: Path | str | None = None) -> list[str]:
    """Names of the receptor chains: gp130, LIFR and OSMR, then the others.

    Examples
    --------
    >>> chains()[:4]
    ['gp130', 'LIFR', 'OSMR', 'IL-6R']
    """
    return tables(folder).chains["chain"].tolist()


def complexes(cytokine: str | None = None, *, folder: Path | str | None = None) -> list[Complex]:
    """The receptor complexes, of one cytokine or of all.

    Raises
    ------
    LifbookError
        An unknown cytokine.

    Examples
    --------
    >>> [(item.name, list(item.copies)) for item in complexes("OSM")]
    [('type I', ['gp130', 'LIFR']), ('type II', ['gp130', 'OSMR'])]
    """
    found = tables(folder).complexes
    if cytokine is None:
        return list(found)
    known_name(cytokine, cytokines(folder=folder), "cytokine", "cytokine")
    return [item for item in found if item.cytokine == cytokine]


def _short(name: str) -> str:
    """The name of a type as it fits into a cell: "II" for "type II"."""
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
        Index ``cytokine``, one column for each chain. ``"1"`` or ``"2"``: this number in each
        complex; ``"+"``: used, not counted; ``"I"`` or ``"II"``: only in the complex of this type;
        ``"some"``: only in some of its complexes; ``""``: not used.

    Examples
    --------
    >>> family_matrix().loc[["LIF", "OSM"], ["gp130", "LIFR", "OSMR"]].values.tolist()
    [['1', '1', ''], ['1', 'I', 'II']]
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

    Examples
    --------
    >>> users("gp130", "LIFR")
    ['LIF', 'OSM', 'CNTF', 'CLCF1', 'CT-1']
    """
    if not needed:
        raise LifbookError(
            "no chain is named",
            argument="needed",
            remedy=f"use one or more of {', '.join(chains(folder=folder))}",
        )
    for chain in needed:
        known_name(chain, chains(folder=folder), "chain", "needed")
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
            rows.append(
                (
                    item.name,
                    second.name,
                    *(", ".join(name for name in names if name in part) for part in parts),
                )
            )
    return pd.DataFrame(rows, columns=["complex", "other_complex", "shared", "besides", "lacks"])


def _and(names: Iterable[str]) -> str:
    """One, two or three names as they are read."""
    *first, last = list(names)
    return f"{', '.join(first)} and {last}" if first else last


def shared_sentence(cytokine: str, other: str = "LIF", *, folder: Path | str | None = None) -> str:
    """What `shared_with` finds, in words.

    Raises
    ------
    LifbookError
        An unknown cytokine.

    Examples
    --------
    >>> shared_sentence("CNTF")
    'CNTF shares gp130 and LIFR with LIF; CNTFR besides.'
    """
    if cytokine == other:
        uses = [_and(item.copies) for item in complexes(cytokine, folder=folder)]
        return f"{cytokine} uses {'; or '.join(uses)}."
    parts = []
    found = shared_with(cytokine, other, folder=folder).astype(str)
    for own, others, shared, besides, _lacks in found.itertuples(index=False, name=None):
        who, whom = f"{cytokine} {own}".strip(), f"{other} {others}".strip()
        if shared:
            text = f"{who} shares {_and(shared.split(', '))} with {whom}"
            text += f"; {_and(besides.split(', '))} besides" if besides else ""
        else:
            text = f"{who} shares no chain with {whom}; it uses {_and(besides.split(', '))}"
        parts.append(f"{text}.")
    return " ".join(parts)
