"""Models of how LIF binds its receptors and of what the shared receptor gp130 then does in time.

Two models, and both are models: nothing that this module computes is a measurement.

Binding
    ``bind`` solves the mass balances of LIF + LIFR, then gp130, at equilibrium and with all
    that is bound taken from what is free. ``equilibrium`` does the same for any set of
    steps, for example several cytokines that draw on one pool of gp130.

Signal in time
    ``simulate`` runs the gp130-JAK1-STAT3-SOCS3 core of Sobotta et al. 2017
    (10.3389/fphys.2017.00775). **It was fitted to IL-6 in primary mouse hepatocytes, not to
    LIF.** LIF shares with IL-6 the chain gp130, the kinase JAK1, STAT3 and SOCS3; it does
    not share the receptors that bind it, their number, or the doses. No time course of LIF
    with numbers is in this package.

    The equations are written once, as tables in ``data/``: ``sobotta2017_reactions``,
    ``sobotta2017_parameters`` and ``sobotta2017_initial``. The measurements that the paper
    fitted them to are ``timecourses_sobotta2017``.

Conventions
-----------
- Concentrations are in nM unless a name says otherwise; IL-6 is in ng/ml, as in the paper.
- Time is in minutes; IL-6 is added at 0.
- SOCS3 mRNA has arbitrary units (``au``).
- Names of columns end in their unit: ``pSTAT3_nM``, ``time_min``. The dictionary
  ``frame.attrs["units"]`` holds the units of all columns.
- Bad input raises :class:`lifbook.errors.LifbookError`.
"""

from __future__ import annotations

import ast
import functools
import itertools
import keyword
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from Bio.SeqUtils import molecular_weight
from numpy.typing import ArrayLike, NDArray
from scipy.constants import Avogadro
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

from lifbook import data
from lifbook.errors import LifbookError
from lifbook.rounding import NOISE, TIE, significant, whole

Array = NDArray[np.float64]
#: What functions of numbers or arrays return: a float for numbers, an array for arrays.
Value = float | Array
#: Time from which IL-6 acts, its end, and its concentration in ng/ml.
Pulse = tuple[float, float, float]

#: Name of a model -> its tables of reactions, parameters and initial state.
MODELS = {
    "sobotta2017": ("sobotta2017_reactions", "sobotta2017_parameters", "sobotta2017_initial"),
}
#: What to call the model wherever one of its curves is drawn.
SOURCE = (
    "Model of Sobotta et al. 2017 (10.3389/fphys.2017.00775), fitted to IL-6 in primary mouse "
    "hepatocytes. It is not a model of LIF."
)
#: Changes of the model that take the brake away, for ``simulate(changes=...)``.
#: SOCS3 acts twice in the model: it makes the receptor disappear (``socs3_assoc``), and it
#: slows the phosphorylation of STAT3 (``stat3_inh_socs3``).
VARIANTS: dict[str, dict[str, float]] = {
    # No protein is made from the mRNA.
    "SOCS3 removed": {"socs3_pro": 0.0},
    # SOCS3 is made but does neither. Both actions need SOCS3 on the phosphorylated tyrosine of
    # gp130 (Tyr759 in human, Tyr757 in mouse), so this is the receptor without that tyrosine.
    "SOCS3 blind to gp130": {"socs3_assoc": 0.0, "stat3_inh_socs3": 0.0},
    # One of the two actions at a time: of the model only, no mutant is known to do so.
    "SOCS3 spares the receptor": {"socs3_assoc": 0.0},
    "SOCS3 spares STAT3": {"stat3_inh_socs3": 0.0},
}
#: What the SOCS1-like inhibitor of :func:`brakes` is, wherever a curve of it is drawn.
SOCS1_ASSUMPTION = (
    "The SOCS1-like inhibitor is an assumption: the model has no SOCS1. It slows what JAK1 does, "
    "its own phosphorylation and that of gp130, and it is there from the beginning, as in cells "
    "that are made to produce SOCS1."
)
#: What each measured series is in the model: the sum of these columns. The paper divides
#: pSTAT3 by total STAT3, and takes for nuclear pSTAT3 its import, which is proportional to
#: pSTAT3. Total STAT3 is constant, so both differ from pSTAT3 by a factor only, and the fitted
#: scale absorbs it.
OBSERVABLES: dict[str, tuple[str, ...]] = {
    "pJAK1": ("receptor_pJAK1_nM", "receptor_active_nM"),
    "pgp130": ("receptor_active_nM",),
    "pSTAT3": ("pSTAT3_nM",),
    "nuclear pSTAT3": ("pSTAT3_nM",),
    "SOCS3 mRNA": ("SOCS3_mRNA_au",),
    "SOCS3": ("SOCS3_nM",),
}

_DISULFIDES = 3  # of LIF: 12-134, 18-131, 60-163
_HYDROGEN = 1.00794  # Da
_SCALINGS = 40
_MAX_NEWTON = 200
_BALANCE = 1e-10  # relative error of a mass balance that is still accepted; reached: 1e-14
_RTOL = 1e-9
_ATOL = 1e-10  # of the initial value of each species
_MAX_CALLS = 200_000  # of the equations in one run: about two seconds
_MOMENT = 1e-9  # min; in so short a time nothing changes, and the solver cannot step
_STEADY = 1e-7  # net flux of a species relative to what flows in and out
_SETTLE = (1e4, 1e5, 1e6, 1e8)  # minutes tried for a steady state
_ONE_HOUR_BEFORE = -60.0
#: A curve has a peak where it falls from its highest value by more than this share of it; one that
#: does not rises to a plateau. The scatter of replicate measurements is larger, rounding errors
#: are far smaller: of the model's curves in the book none falls by between 1e-8 and 0.02.
PLATEAU = 0.01


# --- Numbers ------------------------------------------------------------------------------


def _numbers(value: ArrayLike, name: str, unit: str, *, positive: bool = False) -> Array:
    """Finite numbers, not below zero; `positive` also forbids zero."""
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise LifbookError(
            f"{value!r} is not a number or an array of numbers", column=name,
            remedy=f"give {name} in {unit}",
        ) from None
    wrong = ~np.isfinite(numbers) | (numbers < 0) | (positive & (numbers == 0))
    if wrong.any():
        least = "above 0" if positive else "0 or more"
        raise LifbookError(
            f"{numbers[wrong].flat[0]:g} {unit} cannot be", column=name,
            remedy=f"give finite numbers, {least}",
        )
    return numbers


def _number(value: Any, name: str, unit: str, *, positive: bool = False) -> float:
    numbers = _numbers(value, name, unit, positive=positive)
    if numbers.ndim:
        raise LifbookError(
            f"{numbers.size} values where one is expected", column=name,
            remedy="call the function once for each value",
        )
    return float(numbers)


def _plain(values: ArrayLike) -> Value:
    """A float for one value, an array for more."""
    values = np.asarray(values)
    return float(values) if values.ndim == 0 else values


# --- Units --------------------------------------------------------------------------------


@functools.lru_cache(maxsize=4)
def lif_mass(*, folder: Path | str | None = None) -> float:
    """Mass of human LIF in kDa, from its sequence: 180 residues, three disulfides, no sugars.

    LIF that cells make carries sugars and is heavier; recombinant LIF from bacteria is not.
    """
    signal = data.numbering("2Q7N", "B", folder=folder).offset
    mature = data.read_sequence("P15018", folder=folder)[signal:]
    return (molecular_weight(mature, "protein") - 2 * _DISULFIDES * _HYDROGEN) / 1000


def nanomolar(ng_per_ml: ArrayLike, mass: float | None = None) -> Value:
    """Concentration in nM of so many ng/ml.

    Parameters
    ----------
    ng_per_ml
        One value or an array, in ng/ml.
    mass
        Mass of the molecule in kDa; LIF without sugars if not given.
    """
    kda = lif_mass() if mass is None else _number(mass, "mass", "kDa", positive=True)
    return _plain(_numbers(ng_per_ml, "ng_per_ml", "ng/ml") / kda)


def ng_per_ml(nanomolar: ArrayLike, mass: float | None = None) -> Value:
    """Concentration in ng/ml of so many nM; the inverse of :func:`nanomolar`."""
    kda = lif_mass() if mass is None else _number(mass, "mass", "kDa", positive=True)
    return _plain(_numbers(nanomolar, "nanomolar", "nM") * kda)


def receptors_nM(per_cell: ArrayLike, cells_per_ml: ArrayLike) -> Value:
    """Concentration in nM of receptors on cells in suspension, spread over the whole volume.

    Tells how much ligand they can take away: 1,000 receptors on each of a million cells per ml
    are 0.0017 nM.
    """
    sites = _numbers(per_cell, "per_cell", "receptors")
    cells = _numbers(cells_per_ml, "cells_per_ml", "cells/ml")
    return _plain(sites * cells * 1000 / Avogadro * 1e9)


# --- Binding at equilibrium ---------------------------------------------------------------


def _balance(totals: Array, log_k: Array, counts: Array) -> tuple[Array, Array]:
    """Free components and complexes at equilibrium, for many conditions at once.

    The free concentrations are the minimum of a strictly convex function of their logarithms
    (its gradient are the mass balances), so there is one solution, and Newton steps with a
    line search find it from any start. All terms are positive and are only added: nothing
    cancels, and small concentrations are as accurate as large ones.

    Parameters
    ----------
    totals
        (conditions, components), nM.
    log_k
        (conditions, complexes): logarithm of the product of 1/Kd along the way.
    counts
        (complexes, components): how many of each component a complex holds.

    Returns
    -------
    free, complexes
        (conditions, components) and (conditions, complexes), nM.
    """
    there = totals > 0
    size = np.where(there, totals, 1.0)
    # exp(-1e5) is exactly 0: a component that is absent, without an infinity in the sums.
    logs = np.where(there, np.log(size), -1e5)
    diagonal = np.arange(totals.shape[1])

    def terms(logs: Array) -> tuple[Array, Array, Array, Array]:
        with np.errstate(over="ignore", invalid="ignore"):  # a step may try too much
            free, bound = np.exp(logs), np.exp(log_k + logs @ counts.T)
            error = np.where(there, (free + bound @ counts - totals) / size, 0.0)
            potential = free.sum(1) + bound.sum(1) - (totals * np.where(there, logs, 0.0)).sum(1)
        return free, bound, error, potential

    # Iterative scaling (Darroch and Ratcliff 1972): sure but slow. It
    # ends near enough for Newton even where a complex is tighter than its parts by 10^20.
    largest = counts.sum(1).max(initial=1.0)
    for _ in range(_SCALINGS):
        free, bound, *_ = terms(logs)
        logs = logs - np.log(np.where(there, (free + bound @ counts) / size, 1.0)) / largest
    free, bound, error, potential = terms(logs)
    root = np.sqrt(size)  # on both sides, so that the matrix stays symmetric and well scaled
    for _ in range(_MAX_NEWTON):
        slope = np.einsum("nc,ci,cj->nij", bound, counts, counts)
        slope[:, diagonal, diagonal] += np.where(there, free, 1.0)
        slope /= root[:, :, None] * root[:, None, :]
        slope[:, diagonal, diagonal] *= 1 + 1e-15  # never singular
        step = -np.linalg.solve(slope, (error * root)[:, :, None])[:, :, 0] / root
        gain = (error * size * step).sum(1)
        slack = 1e-13 * (np.abs(potential) + totals.sum(1))
        length = np.ones(len(totals))
        for _ in range(60):
            tried = terms(logs + length[:, None] * step)
            worse = ~(tried[3] <= potential + 1e-4 * length * gain + slack)
            if not worse.any():
                break
            length[worse] /= 2
        before, after = np.abs(error).max(1), np.abs(tried[2]).max(1)
        # Near the end the potential is flat within rounding: there the balances decide.
        done = (before < _BALANCE) & (after >= before)
        logs = np.where(done[:, None], logs, logs + length[:, None] * step)
        free, bound, error, potential = terms(logs)
        if done.all():
            break
    if not np.abs(error).max(initial=0.0) < _BALANCE:
        raise LifbookError(
            "the mass balances could not be solved",
            remedy="give concentrations and dissociation constants closer to each other",
        )
    return free, bound


def equilibrium(
    totals: Mapping[str, ArrayLike], steps: Sequence[tuple[str, str, ArrayLike]]
) -> pd.DataFrame:
    """Every free molecule and complex at equilibrium, for any set of binding steps.

    Several ligands that share a receptor compete for it: each complex takes from the pool, and
    all mass balances are solved together.

    Parameters
    ----------
    totals
        Name -> total concentration in nM, free and bound together. Arrays (and numbers
        with them) are broadcast to one row each.
    steps
        ``(first, second, kd)``: `first` and `second` bind with the dissociation constant
        `kd` in nM to the complex ``"first:second"``, which a later step may name.

    Returns
    -------
    pandas.DataFrame
        One row per condition: ``NAME_total_nM``, ``NAME_free_nM`` of each molecule, then
        ``FIRST:SECOND_nM`` of each complex.

    Raises
    ------
    LifbookError
        A negative total, a dissociation constant that is not positive, a step that names
        what is neither given nor made before, or one complex made in two ways.

    Examples
    --------
    >>> pools = {"LIF": 1, "IL-6": [0, 1, 10], "LIFR": 1, "IL-6R": 1, "gp130": 0.5}
    >>> steps = [("LIF", "LIFR", 1), ("LIF:LIFR", "gp130", 0.1),
    ...          ("IL-6", "IL-6R", 1), ("IL-6:IL-6R", "gp130", 0.1)]
    >>> equilibrium(pools, steps)["LIF:LIFR:gp130_nM"].round(3).tolist()
    [0.337, 0.211, 0.147]
    """
    names = list(totals)
    made: dict[str, Counter[str]] = {name: Counter([name]) for name in names}
    kds: list[Array] = []
    paths: list[list[int]] = []  # which steps lead to each complex
    ways: dict[str, list[int]] = {name: [] for name in names}
    for number, (first, second, kd) in enumerate(steps):
        for name in (first, second):
            if name not in made:
                raise LifbookError(
                    f"step {number + 1} binds '{name}', which is not there",
                    remedy=f"use one of {', '.join(made)}, or make it in an earlier step",
                )
        complex_, holds = f"{first}:{second}", made[first] + made[second]
        for other, parts in made.items():
            if parts == holds:
                raise LifbookError(
                    f"'{complex_}' and '{other}' are the same complex",
                    remedy="give one way to it; the other dissociation constants follow from it",
                )
        made[complex_] = holds
        ways[complex_] = [*ways[first], *ways[second], number]
        paths.append(ways[complex_])
        kds.append(_numbers(kd, f"kd of {complex_}", "nM", positive=True))
    amounts = [_numbers(value, name, "nM") for name, value in totals.items()]
    try:
        columns = np.broadcast_arrays(*amounts, *kds)
    except ValueError:
        raise LifbookError(
            "the arrays have different lengths",
            remedy="give numbers, or arrays of one length",
        ) from None
    columns = [column.reshape(-1) for column in columns]
    total = np.column_stack(columns[: len(names)])
    log_kd = np.log(np.column_stack(columns[len(names):])) if kds else np.empty((len(total), 0))
    counts = np.array(
        [[made[name][part] for part in names] for name in list(made)[len(names):]], dtype=float
    ).reshape(-1, len(names))
    log_k = np.column_stack([-log_kd[:, path].sum(1) for path in paths]) if paths else log_kd
    free, bound = _balance(total, log_k, counts)
    frame = pd.DataFrame(
        {f"{name}_total_nM": total[:, i] for i, name in enumerate(names)}
        | {f"{name}_free_nM": free[:, i] for i, name in enumerate(names)}
        | {f"{name}_nM": bound[:, i] for i, name in enumerate(list(made)[len(names):])}
    )
    frame.attrs["units"] = dict.fromkeys(frame.columns, "nM")
    return frame


@dataclass(frozen=True)
class Binding:
    """LIF, LIFR and gp130 at equilibrium; concentrations in nM.

    Every field is a float, or an array of the shape that the arguments of :func:`bind`
    broadcast to.

    Parameters
    ----------
    ligand, lifr, gp130
        Totals, free and bound together.
    free_ligand, free_lifr, free_gp130
        What is not bound.
    binary
        LIF on LIFR, without gp130.
    ternary
        LIF, LIFR and gp130 together: the complex that signals.
    """

    ligand: Value
    lifr: Value
    gp130: Value
    free_ligand: Value
    free_lifr: Value
    free_gp130: Value
    binary: Value
    ternary: Value

    @property
    def occupied(self) -> Value:
        """Share of LIFR that holds LIF, 0 to 1 (NaN where there is no LIFR)."""
        return self._share(self.binary + self.ternary, self.lifr)

    @property
    def signalling(self) -> Value:
        """Share of LIFR in the complex with LIF and gp130, 0 to 1 (NaN where there is no LIFR)."""
        return self._share(self.ternary, self.lifr)

    @staticmethod
    def _share(part: Value, whole: Value) -> Value:
        with np.errstate(invalid="ignore"):
            return _plain(np.divide(part, whole))

    def table(self) -> pd.DataFrame:
        """One row per condition; concentrations in nM, the last two columns are shares of LIFR."""
        columns = {
            "LIF_total_nM": self.ligand,
            "LIF_free_nM": self.free_ligand,
            "LIFR_free_nM": self.free_lifr,
            "gp130_free_nM": self.free_gp130,
            "LIF_LIFR_nM": self.binary,
            "LIF_LIFR_gp130_nM": self.ternary,
            "LIFR_occupied": self.occupied,
            "LIFR_signalling": self.signalling,
        }
        frame = pd.DataFrame({name: np.reshape(value, -1) for name, value in columns.items()})
        frame.attrs["units"] = {
            name: "nM" if name.endswith("_nM") else "share of LIFR" for name in columns
        }
        return frame


def bind(
    ligand: ArrayLike,
    lifr: ArrayLike,
    gp130: ArrayLike,
    kd_lifr: ArrayLike,
    kd_gp130: ArrayLike,
) -> Binding:
    """Two-step binding at equilibrium: LIF + LIFR, then gp130.

    LIF binds LIFR; what is formed binds gp130. LIF on gp130 alone is left out: gp130
    converts the affinity of the receptor and hardly binds LIF by itself (Gearing 1992,
    10.1126/science.1542794). Ligand, LIFR and gp130 may all run out.

    Parameters
    ----------
    ligand, lifr, gp130
        Total concentrations in nM, numbers or arrays, which are broadcast.
    kd_lifr
        Dissociation constant of LIF and LIFR in nM.
    kd_gp130
        Dissociation constant of LIF:LIFR and gp130 in nM. In a membrane the two receptors
        meet in two dimensions: this is an effective constant in the units in which
        `gp130` is given. Where gp130 is in excess, only ``gp130 / kd_gp130`` matters.

    Raises
    ------
    LifbookError
        A negative concentration, a constant that is not positive, arrays that do not fit
        together.

    Examples
    --------
    >>> result = bind([0.01, 0.1, 1.0], lifr=0.001, gp130=0.1, kd_lifr=1.0, kd_gp130=0.01)
    >>> result.signalling.round(3)
    array([0.089, 0.474, 0.832])
    """
    values = {
        "ligand": _numbers(ligand, "ligand", "nM"),
        "lifr": _numbers(lifr, "lifr", "nM"),
        "gp130": _numbers(gp130, "gp130", "nM"),
        "kd_lifr": _numbers(kd_lifr, "kd_lifr", "nM", positive=True),
        "kd_gp130": _numbers(kd_gp130, "kd_gp130", "nM", positive=True),
    }
    try:
        arrays = np.broadcast_arrays(*values.values())
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in values.items())
        raise LifbookError(
            f"the arrays do not fit together: {shapes}",
            remedy="give numbers or arrays of one shape",
        ) from None
    shape = arrays[0].shape
    totals = np.column_stack([array.reshape(-1) for array in arrays[:3]])
    log_kd = np.log(np.column_stack([array.reshape(-1) for array in arrays[3:]]))
    log_k = np.column_stack([-log_kd[:, 0], -log_kd.sum(1)])
    free, bound = _balance(totals, log_k, np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]))
    parts = [_plain(column.reshape(shape)) for column in np.hstack([totals, free, bound]).T]
    return Binding(*parts)


def apparent_kd(gp130: ArrayLike, kd_lifr: ArrayLike, kd_gp130: ArrayLike) -> Value:
    """Apparent dissociation constant (nM) of LIF where gp130 is in excess: Kd1 / (1 + gp130 / Kd2).

    This is affinity conversion: the free LIF that occupies half of LIFR. `gp130` is free gp130,
    which is all of it while there is much more of it than of LIFR.
    """
    kd1 = _numbers(kd_lifr, "kd_lifr", "nM", positive=True)
    kd2 = _numbers(kd_gp130, "kd_gp130", "nM", positive=True)
    return _plain(kd1 / (1 + _numbers(gp130, "gp130", "nM") / kd2))


def half_saturation(
    lifr: ArrayLike,
    gp130: ArrayLike,
    kd_lifr: ArrayLike,
    kd_gp130: ArrayLike,
    of: Literal["signalling", "occupied"] = "signalling",
) -> Value:
    """Total LIF (nM) at which binding is half of the most it can reach, in closed form.

    Parameters
    ----------
    lifr, gp130, kd_lifr, kd_gp130
        As in :func:`bind`.
    of
        ``"signalling"``: half of the complexes LIF:LIFR:gp130 that there can be (their
        number may be limited by gp130). ``"occupied"``: LIF on half of LIFR, with gp130 or
        without; at ``gp130=0`` this is the half-saturation of LIFR alone.

    Raises
    ------
    LifbookError
        As :func:`bind`; also if there is no LIFR, or no gp130 for ``"signalling"``.
    """
    if of not in ("signalling", "occupied"):
        raise LifbookError(f"'{of}' is unknown", column="of", remedy="use signalling or occupied")
    r = _numbers(lifr, "lifr", "nM", positive=True)
    g = _numbers(gp130, "gp130", "nM", positive=of == "signalling")
    kd1 = _numbers(kd_lifr, "kd_lifr", "nM", positive=True)
    kd2 = _numbers(kd_gp130, "kd_gp130", "nM", positive=True)
    # What holds at half of the most is known, and the mass balances read backwards give the LIF.
    if of == "signalling":
        ternary = _pair(r, g, kd2)[0] / 2  # with LIF on all LIFR, gp130 meets one kind of receptor
        binary = ternary * kd2 / (g - ternary)
    else:
        ternary, binary = _pair(r / 2, g, kd2)
    return _plain(binary * kd1 / (r - binary - ternary) + binary + ternary)


def _pair(a: Array, b: Array, kd: Array) -> tuple[Array, Array]:
    """Pairs that two molecules with totals `a` and `b` form, and what is left of `a`.

    Roots of the quadratic, none of them as a difference of nearly equal numbers.
    """
    root = np.sqrt(np.square(a - b) + kd * (2 * (a + b) + kd))
    excess = a - b - kd
    left = np.where(excess > 0, (root + excess) / 2, 2 * kd * a / (root + np.abs(excess)))
    return 2 * a * b / (a + b + kd + root), left


# --- The model as tables ------------------------------------------------------------------

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)


def _check_arithmetic(node: ast.AST, names: frozenset[str]) -> None:
    """Raise ValueError on anything but numbers, known names, + - * / ** and the sign."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, _OPERATORS):
        _check_arithmetic(node.left, names)
        _check_arithmetic(node.right, names)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        _check_arithmetic(node.operand, names)
    elif isinstance(node, ast.Name):
        if node.id not in names:
            raise ValueError(f"'{node.id}' is neither a species nor a parameter nor an input")
    elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
        raise ValueError(f"'{ast.unparse(node)}' is not arithmetic")


def _compile_rates(
    rates: Sequence[str], names: Sequence[str], file: str
) -> Callable[..., tuple[float, ...]]:
    """A function of `names` that returns all `rates`; nothing but arithmetic gets into it."""
    allowed = frozenset(names)
    bodies = []
    for row, rate in enumerate(rates, start=1):
        try:
            body = ast.parse(rate, mode="eval").body
            _check_arithmetic(body, allowed)
        except (SyntaxError, ValueError) as error:
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            raise LifbookError(
                f"the rate '{rate}' cannot be used: {reason}", file=file, row=row, column="rate",
                remedy="write it with + - * / ** and the names of the tables",
            ) from None
        bodies.append(body)
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg(name) for name in names], kwonlyargs=[], kw_defaults=[],
        defaults=[],
    )
    function = ast.Expression(ast.Lambda(arguments, ast.Tuple(bodies, ast.Load())))
    code = compile(ast.fix_missing_locations(function), file, "eval")
    return eval(code, {"__builtins__": {}})  # the checked arithmetic above and nothing else


@dataclass(frozen=True)
class Reaction:
    """One reaction: what it takes, what it makes, and how fast.

    Parameters
    ----------
    id, description
        Name and meaning.
    reactants, products
        Species, one molecule of each.
    compartment
        Where: the rate is a change of concentration in this compartment.
    rate
        Expression in species, parameters and inputs, per minute.
    """

    id: str
    reactants: tuple[str, ...]
    products: tuple[str, ...]
    compartment: str
    rate: str
    description: str


@dataclass(frozen=True)
class Model:
    """A reaction model written as three tables, and what it takes to run it.

    Parameters
    ----------
    name
        Prefix of its tables.
    reactions
        In the order of the table.
    parameters
        Name -> value; units are in the table ``NAME_parameters``.
    initial
        Species -> initial value, the steady state without ligand.
    units, compartments
        Of each species.
    inputs
        What is set from outside: IL-6 in ng/ml; actinomycin D, 0 or 1.
    """

    name: str
    reactions: tuple[Reaction, ...]
    parameters: Mapping[str, float]
    initial: Mapping[str, float]
    units: Mapping[str, str]
    compartments: Mapping[str, str]
    inputs: tuple[str, ...] = ("IL6", "ActD")
    _rates: Callable[..., tuple[float, ...]] = field(init=False, repr=False, compare=False)
    _settled: dict[Any, Array] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        file = f"data/{self.name}_reactions.csv"
        names = [*self.species, *self.inputs, *self.parameters]
        for name in names:
            if names.count(name) > 1 or not name.isidentifier() or keyword.iskeyword(name):
                raise LifbookError(
                    f"the name '{name}' is used twice or cannot stand in an expression",
                    file=file, remedy="give each species, input and parameter a name of its own",
                )
        for row, reaction in enumerate(self.reactions, start=1):
            for species in (*reaction.reactants, *reaction.products):
                if species not in self.initial:
                    raise LifbookError(
                        f"'{species}' is not a species", file=file, row=row,
                        remedy=f"use one of {', '.join(self.species)}",
                    )
        compiled = _compile_rates([reaction.rate for reaction in self.reactions], names, file)
        object.__setattr__(self, "_rates", compiled)

    @property
    def species(self) -> list[str]:
        """Names in the order of the table."""
        return list(self.initial)

    @property
    def columns(self) -> list[str]:
        """Names with their units, as in the output of :func:`simulate`."""
        return [f"{name}_{self.units[name].replace('.', '')}" for name in self.species]

    def changed(self, changes: Mapping[str, float] | None) -> dict[str, float]:
        """Parameters, some of them multiplied by a factor.

        Raises
        ------
        LifbookError
            An unknown parameter, or a factor that is negative or not a number.
        """
        values = dict(self.parameters)
        for name, factor in (changes or {}).items():
            if name not in values:
                raise LifbookError(
                    f"no parameter is called '{name}'", column="changes",
                    remedy=f"use one of {', '.join(values)}",
                )
            values[name] *= _number(factor, f"changes['{name}']", "as a factor")
        return values

    def flows(self, parameters: Mapping[str, float]) -> Array:
        """(species, reactions): change of each species when a reaction runs at rate 1."""
        table = np.zeros((len(self.initial), len(self.reactions)))
        place = {name: i for i, name in enumerate(self.initial)}
        for j, reaction in enumerate(self.reactions):
            for sign, names in ((-1.0, reaction.reactants), (1.0, reaction.products)):
                for name in names:
                    there, here = self.compartments[name], reaction.compartment
                    # Molecules are conserved, concentrations are not: another volume.
                    sizes = [parameters.get(f"vol_{part}", 1.0) for part in (here, there)]
                    if not min(sizes) > 0:
                        raise LifbookError(
                            "a compartment has no volume", column="changes",
                            remedy="give vol_cyt and vol_nuc factors above 0",
                        )
                    table[place[name], j] += sign * sizes[0] / sizes[1]
        return table

    def rates(
        self,
        state: Mapping[str, float] | None = None,
        *,
        il6: float = 0.0,
        actinomycin_d: bool = False,
        changes: Mapping[str, float] | None = None,
    ) -> pd.Series:
        """Rate of every reaction (per minute); species not in `state` are as in the beginning."""
        parameters = self.changed(changes)
        values = {**self.initial, **(state or {})}
        for name in values:
            if name not in self.initial:
                raise LifbookError(
                    f"'{name}' is not a species", column="state",
                    remedy=f"use one of {', '.join(self.species)}",
                )
        try:
            found = self._rates(*values.values(), il6, float(actinomycin_d), *parameters.values())
        except ArithmeticError:
            raise LifbookError(
                "the rates cannot be computed in this state",
                remedy="give values and factors closer to those of the paper",
            ) from None
        return pd.Series(found, index=[reaction.id for reaction in self.reactions], dtype=float)

    def scales(self) -> Array:
        """Size of each species: its initial value, or 1 for what is not there at first."""
        values = np.array(list(self.initial.values()))
        return np.where(values > 0, values, 1.0)

    def run(
        self,
        state: Array,
        times: Array,
        inputs: Sequence[float],
        parameters: Mapping[str, float],
    ) -> Array:
        """States (times, species) at `times`, the first of which is where `state` holds.

        Raises
        ------
        LifbookError
            If the equations cannot be integrated.
        """
        if times[-1] - times[0] < _MOMENT:
            return np.tile(state, (len(times), 1))
        table, constants = self.flows(parameters), tuple(parameters.values())
        given, function = tuple(map(float, inputs)), self._rates
        calls = itertools.count(1)

        def change(_: float, values: Array) -> Array:
            if next(calls) > _MAX_CALLS:
                raise OverflowError
            # What the solver takes a hair below zero is nothing.
            return table @ np.array(function(*np.maximum(values, 0.0).tolist(), *given, *constants))

        limits = _ATOL * self.scales()
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # the solver's own; failure is checked below
                found = solve_ivp(
                    change, (times[0], times[-1]), state, method="LSODA", t_eval=times,
                    rtol=_RTOL, atol=limits,
                )
            good = found.success and np.isfinite(found.y).all()
        except (ArithmeticError, ValueError, TypeError):
            good = False
        # An error that grows shows first as a concentration clearly below zero.
        if not good or (found.y < -1e4 * limits[:, None]).any():
            raise LifbookError(
                f"the model does not converge between {times[0]:g} and {times[-1]:g} min",
                remedy="bring doses and factors closer to those of the paper",
            )
        return np.maximum(found.y.T, 0.0)

    def steady_state(
        self, changes: Mapping[str, float] | None = None, *, il6: float = 0.0
    ) -> dict[str, float]:
        """State that does not change any more: without ligand the one in which a run starts.

        Without changes and ligand it is the initial state of the paper. Otherwise the model
        runs until, for every species, what flows in and out is equal to 1 in 10⁷.

        Parameters
        ----------
        changes
            As in :func:`simulate`.
        il6
            IL-6 in ng/ml, which stays.

        Raises
        ------
        LifbookError
            If there is no such state, or it is not reached within 10⁸ minutes.
        """
        found = self._steady(changes, _number(il6, "il6", "ng/ml"))
        return dict(zip(self.species, map(float, found), strict=True))

    def _steady(self, changes: Mapping[str, float] | None, il6: float = 0.0) -> Array:
        parameters = self.changed(changes)
        key = (il6, *parameters.values())
        if key not in self._settled:
            state = np.array(list(self.initial.values()))
            if parameters != self.parameters or il6 > 0:
                state = self._settle(state, parameters, il6)
            self._settled[key] = state
        return self._settled[key].copy()

    def _settle(self, state: Array, parameters: Mapping[str, float], il6: float) -> Array:
        table, inputs = self.flows(parameters), (il6, *(0.0,) * (len(self.inputs) - 1))
        for end in _SETTLE:
            state = self.run(state, np.array([0.0, end]), inputs, parameters)[-1]
            rates = np.array(self._rates(*state.tolist(), *inputs, *parameters.values()))
            turnover = np.abs(table) @ np.abs(rates)
            if (np.abs(table @ rates) <= _STEADY * turnover + 1e-12 * self.scales()).all():
                return state
        raise LifbookError(
            "with these changes the model has no steady state "
            + (f"at {il6:g} ng/ml IL-6" if il6 else "without ligand"),
            column="changes",
            remedy="leave each molecule that is made a way to be lost",
        )


@functools.lru_cache(maxsize=4)
def read_model(name: str = "sobotta2017", *, folder: Path | str | None = None) -> Model:
    """A model that is written as tables in ``data/``: one of ``MODELS``.

    ``sobotta2017`` (the only one): IL-6, JAK1 with gp130, STAT3 and SOCS3 in primary mouse
    hepatocytes; Sobotta et al. 2017, 10.3389/fphys.2017.00775. Fitted to IL-6, not to LIF.

    Raises
    ------
    LifbookError
        If there is no such model, a table is missing, altered or contradicts another, or a rate
        is not arithmetic.
    """
    if name not in MODELS:
        raise LifbookError(f"no model is called '{name}'", remedy=f"use one of {', '.join(MODELS)}")
    reactions, parameters, initial = (
        data.read_table(table, folder=folder) for table in MODELS[name]
    )
    initial = initial.set_index("species")

    def names(cell: str) -> tuple[str, ...]:
        return tuple(filter(None, cell.split(";")))

    return Model(
        name=name,
        reactions=tuple(
            Reaction(
                row.id, names(row.reactants), names(row.products), row.compartment, row.rate,
                row.description,
            )
            for row in reactions.itertuples()
        ),
        parameters=parameters.set_index("name")["value"].astype(float).to_dict(),
        initial=initial["value"].astype(float).to_dict(),
        units=initial["unit"].to_dict(),
        compartments=initial["compartment"].to_dict(),
    )


# --- Simulation ---------------------------------------------------------------------------


def _pulses(
    dose: float | None, duration: float | None, pulses: Iterable[Pulse] | None
) -> list[Pulse]:
    """Where IL-6 is present, from either way to say so; checked and in order."""
    if (dose is None) == (pulses is None):
        raise LifbookError(
            "the ligand is given twice" if pulses is not None else "no ligand is given",
            remedy="give either dose (with or without duration) or pulses; dose=0 for none",
        )
    if pulses is None:
        end = np.inf if duration is None else _number(duration, "duration", "min", positive=True)
        return [(0.0, end, _number(dose, "dose", "ng/ml"))]
    if duration is not None:
        raise LifbookError(
            "pulses have a start and a stop already", column="duration",
            remedy="give duration together with dose only",
        )
    found: list[Pulse] = []
    for number, pulse in enumerate(pulses, start=1):
        try:
            start, stop, height = pulse
        except (TypeError, ValueError):
            raise LifbookError(
                f"pulse {number} is {pulse!r}", column="pulses",
                remedy="write each as (start, stop, dose), in min, min and ng/ml",
            ) from None
        start = _number(start, f"start of pulse {number}", "min")
        stop = _number(stop, f"stop of pulse {number}", "min")
        if stop <= start:
            raise LifbookError(
                f"pulse {number} stops at {stop:g} min and starts at {start:g} min",
                column="pulses", remedy="let it stop after it starts",
            )
        found.append((start, stop, _number(height, f"dose of pulse {number}", "ng/ml")))
    found.sort()
    for (_, stop, _), (start, _, _) in itertools.pairwise(found):
        if start < stop:
            raise LifbookError(
                f"a pulse starts at {start:g} min, before the one before it stops at {stop:g} min",
                column="pulses", remedy="let pulses follow each other, or add their doses up",
            )
    return found


def _times(times: ArrayLike | None) -> Array:
    if times is None:
        return np.linspace(0.0, 120.0, 121)
    values = np.atleast_1d(_numbers(times, "times", "min"))
    if values.ndim != 1 or not len(values) or (np.diff(values) <= 0).any():
        raise LifbookError(
            "the times do not go up one after the other", column="times",
            remedy="give at least one time, in order and each once: numpy.unique(times) does it",
        )
    return values


def _moment(value: Any, name: str) -> float:
    """A time that may lie before 0; True and False are no times."""
    try:
        time = np.nan if isinstance(value, (bool, np.bool_)) else float(value)
    except (TypeError, ValueError):
        time = np.nan
    if not np.isfinite(time):
        raise LifbookError(
            f"{value!r} is not a time", column=name,
            remedy="give the minute at which it is added, for example -10",
        )
    return time


def simulate(
    dose: ArrayLike | None = None,
    times: ArrayLike | None = None,
    *,
    duration: float | None = None,
    pulses: Iterable[Pulse] | None = None,
    actinomycin_d: float | None = None,
    inhibitor_nM: float = 0.0,
    inhibitor_from: float = _ONE_HOUR_BEFORE,
    changes: Mapping[str, float] | None = None,
    model: Model | None = None,
) -> pd.DataFrame:
    """Receptor, STAT3 and SOCS3 in time after IL-6: the model of Sobotta et al. 2017.

    Fitted to IL-6 in primary mouse hepatocytes (10.3389/fphys.2017.00775); not to LIF.

    A run starts in the steady state without ligand. Where ligand, actinomycin D or the
    inhibitor are added or taken away, the integration (LSODA, relative tolerance 1e-9)
    starts anew.

    Parameters
    ----------
    dose
        IL-6 in ng/ml from time 0 on: one dose, or several, which gives one run each. The paper
        used 0.0005 to 500 ng/ml.
    times
        Minutes at which to report, in order, 0 or later; by default 0, 1, ..., 120.
    duration
        Minutes after which the ligand is taken away again; by default it stays.
    pulses
        In place of `dose`: ``(start, stop, dose)`` in min, min, ng/ml. They may not overlap.
    actinomycin_d
        Minute from which actinomycin D blocks transcription, or None for none. In the model
        no new SOCS3 mRNA is begun and no new receptor is made. The paper's
        experiment added it at -10.
    inhibitor_nM
        Ruxolitinib (JAK inhibitor) in nM when it is added. It divides the phosphorylation of
        JAK1 and of gp130 by ``1 + inhibitor / 166 nM`` and is broken down by the cells (half
        in 12 h).
    inhibitor_from
        Minute at which it is added; one hour before the ligand, as in the paper.
    changes
        Parameter -> factor, for example ``{"socs3_pro": 0}``: see ``VARIANTS``. A run with
        changes starts in the changed model's own steady state, as cells would that never
        were otherwise.
    model
        Another model than ``read_model()``.

    Returns
    -------
    pandas.DataFrame
        One row per run and time: ``dose_ng_per_ml`` (the highest of the run),
        ``actinomycin_d`` (whether any was added), ``time_min``, ``IL6_ng_per_ml`` (at this
        time), then every species with its unit: ``receptor_nM``, ``receptor_pJAK1_nM``,
        ``receptor_active_nM``, ``STAT3_nM``, ``pSTAT3_nM``, ``nuclear_STAT3_nM``,
        ``SOCS3_delay_1_au`` to ``_5_au``, ``SOCS3_mRNA_au``, ``SOCS3_nM``,
        ``ruxolitinib_nM``. ``attrs["source"]`` says what model it is.

    Raises
    ------
    LifbookError
        A negative dose, an unknown parameter, times out of order or negative, pulses that
        overlap, or a run that does not converge.

    Examples
    --------
    >>> run = simulate(40, times=[0, 15, 60])
    >>> run["pSTAT3_nM"].round(2).tolist()
    [0.83, 15.03, 4.91]
    """
    model = model or read_model()
    reported = _times(times)
    doses = [None] if dose is None else np.atleast_1d(_numbers(dose, "dose", "ng/ml")).tolist()
    if not doses or np.ndim(dose if dose is not None else 0) > 1:
        raise LifbookError(
            "the doses are no list", column="dose", remedy="give one dose or a list of doses"
        )
    added = _number(inhibitor_nM, "inhibitor_nM", "nM")
    moments = {
        "ActD": np.inf if actinomycin_d is None else _moment(actinomycin_d, "actinomycin_d"),
        "inhibitor": _moment(inhibitor_from, "inhibitor_from") if added else np.inf,
    }
    frames = [
        _run(model, _pulses(one, duration, pulses), reported, moments, added, changes)
        for one in doses
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame.attrs = {
        "source": SOURCE,
        "units": {"dose_ng_per_ml": "ng/ml", "time_min": "min", "IL6_ng_per_ml": "ng/ml"}
        | dict(zip(model.columns, (model.units[name] for name in model.species), strict=True)),
    }
    return frame


def _run(
    model: Model,
    pulses: list[Pulse],
    times: Array,
    moments: Mapping[str, float],
    inhibitor: float,
    changes: Mapping[str, float] | None,
) -> pd.DataFrame:
    """One run, cut where an input changes."""
    parameters = model.changed(changes)
    state = model._steady(changes)
    begin = min(0.0, *moments.values())
    cuts = {time for start, stop, _ in pulses for time in (start, stop)} | set(moments.values())
    edges = [begin, *sorted(time for time in cuts if begin < time <= times[-1])]
    rows = np.empty((len(times), len(state)))
    for start, stop in itertools.zip_longest(edges, edges[1:], fillvalue=np.inf):
        if start == moments["inhibitor"]:
            state[model.species.index("ruxolitinib")] += inhibitor
        inside = (times >= start) & (times < stop)
        end = min(stop, times[-1])
        wanted = np.unique(np.concatenate([[start], times[inside], [end]]))
        if len(wanted) > 1:
            inputs = (_ligand(pulses, start), float(moments["ActD"] <= start))
            found = model.run(state, wanted, inputs, parameters)
        else:
            found = state[None, :]
        rows[inside] = found[np.searchsorted(wanted, times[inside])]
        state = found[-1].copy()
    frame = pd.DataFrame(rows, columns=model.columns)
    frame.insert(0, "dose_ng_per_ml", max((height for _, _, height in pulses), default=0.0))
    frame.insert(1, "actinomycin_d", bool(np.isfinite(moments["ActD"])))
    frame.insert(2, "time_min", times)
    frame.insert(3, "IL6_ng_per_ml", [_ligand(pulses, time) for time in times])
    return frame


def _ligand(pulses: list[Pulse], time: float) -> float:
    return next((height for start, stop, height in pulses if start <= time < stop), 0.0)


_CONDITION = ["dose_ng_per_ml", "actinomycin_d"]


def _column(simulation: pd.DataFrame, name: str) -> pd.Series:
    if name not in simulation.columns:
        raise LifbookError(
            f"there is no column '{name}'",
            remedy=f"use one of {', '.join(map(str, simulation.columns))}",
        )
    return simulation[name]


def _runs(simulation: pd.DataFrame) -> dict[tuple[float, bool], pd.DataFrame]:
    """The runs of a simulation by their conditions."""
    for name in (*_CONDITION, "time_min"):
        _column(simulation, name)
    return dict(iter(simulation.groupby(_CONDITION, sort=False)))


def peaks(simulation: pd.DataFrame, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """When and how high each quantity peaks, for every run in a simulation.

    The highest point and its two neighbours are joined by a parabola, so that the time is
    better than the grid: with steps of 1 min, to about 0.05 min. A curve that does not fall
    again, by more than ``PLATEAU`` (1 %) of its highest value, has no peak.

    Parameters
    ----------
    simulation
        As :func:`simulate` returns it; runs are told apart by dose and actinomycin D.
    columns
        By default active receptor, pSTAT3, SOCS3 mRNA and SOCS3.

    Returns
    -------
    pandas.DataFrame
        ``dose_ng_per_ml``, ``actinomycin_d``, ``quantity``, ``time_min`` (missing where
        there is no peak), ``value`` (the highest, in the unit of the quantity).
    """
    chosen = list(
        columns or ("receptor_active_nM", "pSTAT3_nM", "SOCS3_mRNA_au", "SOCS3_nM")
    )
    floors = {name: _nothing(name) for name in chosen}
    rows = []
    for (dose, blocked), run in _runs(simulation).items():
        times = run["time_min"].to_numpy()
        for name, floor in floors.items():
            time, value = _peak(times, _column(run, name).to_numpy(), floor)
            rows.append((dose, blocked, name, time, value))
    return pd.DataFrame(rows, columns=[*_CONDITION, "quantity", "time_min", "value"])


def _peak(times: Array, values: Array, nothing: float = 0.0) -> tuple[float, float]:
    """Time and height of the highest point: the one definition of a peak in the book.

    The time is missing (NaN) where the curve does not fall again by more than `PLATEAU` of its
    highest value, and where that value is at most `nothing`.
    """
    # Of equally high points the first: which of them is the highest is a matter of last digits.
    top = int(np.argmax(values >= values.max() * (1 - NOISE)))
    highest = float(values[top])
    if highest <= nothing or values[top:].min() >= highest * (1 - PLATEAU):
        return np.nan, max(highest, 0.0)
    near = slice(top - 1, top + 2)
    if 0 < top < len(values) - 1 and np.isfinite(times[near]).all():
        a, b, c = np.polyfit(times[near] - times[top], values[near], 2)
        if a < 0:
            return float(times[top] - b / (2 * a)), float(c - b * b / (4 * a))
    return float(times[top]), highest


def _nothing(quantity: str, model: Model | None = None) -> float:
    """Below this a quantity of the model is absent: what the solver calls equal to zero."""
    model = model or read_model()
    scales = dict(zip(model.columns, model.scales(), strict=True))
    return NOISE * max(scales.get(name, 1.0) for name in OBSERVABLES.get(quantity, (quantity,)))


# --- The brakes ---------------------------------------------------------------------------


def brakes(socs3: float = 1.0, docking: float = 1.0, socs1: float = 0.0) -> dict[str, float]:
    """Changes of the model that loosen or tighten its brakes, for ``simulate(changes=...)``.

    Parameters
    ----------
    socs3
        Factor of the SOCS3 protein that is made from its mRNA: the strength of the
        feedback. 0 is the knock-out (``VARIANTS["SOCS3 removed"]``), 1 the wild type.
    docking
        Factor of both actions of SOCS3, for which it sits on the phosphorylated tyrosine of gp130
        (Tyr759 in human, Tyr757 in mouse). 0 is the receptor without that tyrosine
        (``VARIANTS["SOCS3 blind to gp130"]``); SOCS3 is then made and does nothing.
    socs1
        A SOCS1-like inhibitor of JAK, as a multiple of the amount that halves JAK's rates. **An
        assumption: the model has no SOCS1.** SOCS1 binds the kinase domain of JAK
        itself and inhibits it, without gp130 (Nicholson 1999, 10.1093/emboj/18.2.375). So
        what JAK1 does, its own phosphorylation (v5) and that of gp130 (v6), is divided by
        ``1 + socs1``: the two rates that ruxolitinib slows in the paper. Unlike ruxolitinib it
        is not broken down; unlike SOCS3 it is not induced, but there all the time, as in cells
        that are made to produce it.

    Raises
    ------
    LifbookError
        A factor that is negative or not a number.

    Examples
    --------
    >>> brakes(socs3=0) == VARIANTS["SOCS3 removed"]
    True
    """
    made = _number(socs3, "socs3", "as a factor")
    docked = _number(docking, "docking", "as a factor")
    slower = 1 / (1 + _number(socs1, "socs1", "as a multiple"))
    # A factor of 1 changes nothing and is left out.
    factors = {
        "socs3_pro": made,
        "socs3_assoc": docked, "stat3_inh_socs3": docked,
        "jak1_act_basal": slower, "jak1_act_il6": slower, "gp130_act_jak1": slower,
    }
    return {name: factor for name, factor in factors.items() if factor != 1.0}


#: Label -> changes: what the chapter on the brakes compares.
BRAKES: dict[str, dict[str, float]] = {
    "wild type": brakes(),
    "SOCS3 knock-out": brakes(socs3=0),
    "SOCS3 blind to gp130": brakes(docking=0),
    "SOCS3 × 1/4": brakes(socs3=0.25),
    "SOCS3 × 4": brakes(socs3=4),
    "SOCS1-like inhibitor": brakes(socs1=3),
}
#: Minutes looked at for a response: fine at first, and long enough for a slow decline.
_LONG = np.concatenate([np.arange(0.0, 240.0, 0.5), np.arange(240.0, 7201.0, 10.0)])


def response_table(
    variants: Mapping[str, Mapping[str, float]] | None = None,
    dose: float = 40.0,
    quantity: str = "pSTAT3",
    *,
    model: Model | None = None,
) -> pd.DataFrame:
    """Peak, duration and steady state of a response to IL-6 that stays, for several variants.

    The model of Sobotta et al. 2017: IL-6 in primary mouse hepatocytes, not LIF.

    Parameters
    ----------
    variants
        Label -> changes of the model, as :func:`brakes` makes them; by default ``BRAKES``.
    dose
        IL-6 in ng/ml, from time 0 on.
    quantity
        One of ``OBSERVABLES``, or a column of :func:`simulate`.
    model
        Another model than ``read_model()``.

    Returns
    -------
    pandas.DataFrame
        One row per variant: ``variant``; ``peak``, the highest value, in the unit of the
        quantity; ``time_of_peak`` (min), missing where the curve has no peak but rises to a
        plateau (see :func:`peaks`); ``half_duration`` (min), from when the curve first reaches half of
        its highest value to when it first falls below that again, infinite where it never
        does, missing where there is nothing; ``steady``, the value under constant ligand.

    Raises
    ------
    LifbookError
        No variants, an unknown quantity or parameter, a dose that is not above 0 (there
        is no response then), or a variant without a steady state.

    Examples
    --------
    >>> table = response_table({f"SOCS3 × {k:g}": brakes(socs3=k) for k in (0, 1)})
    >>> table["half_duration"].round().tolist()
    [inf, 32.0]
    """
    model = model or read_model()
    chosen = BRAKES if variants is None else variants
    if not chosen:
        raise LifbookError(
            "no variants are given", column="variants", remedy="give at least one, or None"
        )
    dose = _number(dose, "dose", "ng/ml", positive=True)
    nothing = _nothing(quantity, model)
    rows = []
    for label, changes in chosen.items():
        run = simulate(dose, _LONG, changes=changes, model=model)
        values = _quantity(run, quantity).to_numpy()
        settled = model.steady_state(changes, il6=dose)
        last = run.iloc[[-1]].assign(**dict(zip(model.columns, settled.values(), strict=True)))
        steady = float(_quantity(last, quantity).iloc[0])
        rows.append((label, *_response(values, steady, nothing)))
    columns = ["variant", "peak", "time_of_peak", "half_duration", "steady"]
    frame = pd.DataFrame(rows, columns=columns)
    unit = run.attrs["units"].get(OBSERVABLES.get(quantity, (quantity,))[0], "")
    frame.attrs = {
        "source": SOURCE, "quantity": quantity,
        "units": dict(zip(columns, ["", unit, "min", "min", unit], strict=True)),
    }
    return frame


def _quantity(simulation: pd.DataFrame, name: str) -> pd.Series:
    """An observable of the paper or a column of the simulation."""
    if name in OBSERVABLES:
        return observe(simulation, name)
    if name not in simulation.columns:
        raise LifbookError(
            f"there is no column '{name}', nor is it an observable",
            remedy=f"use one of {', '.join([*OBSERVABLES, *map(str, simulation.columns)])}",
        )
    return simulation[name]


def _response(
    values: Array, steady: float, nothing: float
) -> tuple[float, float, float, float]:
    """Peak, its time, minutes above half of it, steady value; for values at `_LONG`."""
    # The steady state is where the curve ends, so it belongs to it.
    time, peak = _peak(np.append(_LONG, np.inf), np.append(values, steady), nothing)
    half = peak / 2
    above = values >= half * (1 - NOISE)
    if peak <= nothing or not above.any():  # nothing there, or it takes longer than five days
        return peak, time, np.nan, steady
    first = int(np.argmax(above))
    start = _crossing(first, values, half) if first else 0.0
    below = ~above[first:]
    if not below.any():
        return peak, time, np.inf, steady
    return peak, time, _crossing(first + int(np.argmax(below)), values, half) - start, steady


def _crossing(at: int, values: Array, level: float) -> float:
    """Time between two points, the second of which is number `at`, at which a level is passed."""
    before, after = values[at - 1: at + 1]
    share = (level - before) / (after - before)
    return float(_LONG[at - 1] + share * (_LONG[at] - _LONG[at - 1]))


# --- Measurements and the model -----------------------------------------------------------


def measurements(*, folder: Path | str | None = None) -> pd.DataFrame:
    """The 254 measurements: IL-6 in primary mouse hepatocytes, Sobotta et al. 2017.

    Columns ``experiment``, ``il6_ng_per_ml``, ``actinomycin_d``, ``observable``, ``time_min``,
    ``value_arbitrary_units``; replicates are kept, each series is relative to its maximum.
    """
    return data.read_table("timecourses_sobotta2017", folder=folder)


def simulate_experiment(
    experiment: str, times: ArrayLike | None = None, **options: Any
) -> pd.DataFrame:
    """The model under the conditions of one of the measured experiments.

    Parameters
    ----------
    experiment
        ``il6_40_step``, ``il6_40_qpcr`` or ``il6_80_actd`` (with and without actinomycin D,
        which is added 10 min before IL-6).
    times
        As in :func:`simulate`; by default a grid with every time of the experiment on it.
    **options
        Passed on to :func:`simulate`, for example ``changes``.
    """
    table = measurements()
    rows = table[table["experiment"] == experiment]
    if rows.empty:
        raise LifbookError(
            f"no experiment is called '{experiment}'", column="experiment",
            remedy=f"use one of {', '.join(table['experiment'].unique())}",
        )
    if times is None:
        last = rows["time_min"].max()
        times = np.union1d(np.arange(0.0, last + 0.5, 0.5), rows["time_min"])
    runs = [
        simulate(
            dose, times, actinomycin_d=-10.0 if blocked else None, **options
        )
        for dose, blocked in rows[["il6_ng_per_ml", "actinomycin_d"]].drop_duplicates().to_numpy()
    ]
    frame = pd.concat(runs, ignore_index=True)
    frame.attrs = runs[0].attrs
    return frame


def observe(simulation: pd.DataFrame, observable: str) -> pd.Series:
    """What an observable is in the model, in the model's units: see ``OBSERVABLES``."""
    if observable not in OBSERVABLES:
        raise LifbookError(
            f"no observable is called '{observable}'", column="observable",
            remedy=f"use one of {', '.join(OBSERVABLES)}",
        )
    return sum(_column(simulation, name) for name in OBSERVABLES[observable])


@dataclass(frozen=True)
class ObservableFit:
    """A model curve laid onto measurements by an offset and a scale.

    Parameters
    ----------
    observable
        Name of the series.
    offset, scale
        Measured value = offset + scale x model quantity. The offset is in the arbitrary
        units of the measurement, the scale in these per nM (or per unit of mRNA).
    table
        One row per measurement: ``dose_ng_per_ml``, ``actinomycin_d``, ``time_min``,
        ``measured``, ``model``, ``residual_log10`` (log10 of measured over model).
    """

    observable: str
    offset: float
    scale: float
    table: pd.DataFrame

    @property
    def rms(self) -> float:
        """Root mean square of the residuals, on the log10 scale."""
        return float(np.sqrt(np.mean(np.square(self.table["residual_log10"]))))

    def curve(self, simulation: pd.DataFrame) -> pd.DataFrame:
        """The model in the units of the measurement, for the same or another simulation.

        Returns
        -------
        pandas.DataFrame
            ``dose_ng_per_ml``, ``actinomycin_d``, ``time_min``, ``value``.
        """
        curve = simulation[[*_CONDITION, "time_min"]].copy()
        curve["value"] = self.offset + self.scale * observe(simulation, self.observable)
        return curve

    def residuals(self, series: pd.DataFrame, simulation: pd.DataFrame) -> pd.DataFrame:
        """Measurements against this curve without fitting again, as in ``table``.

        With the fit to one condition and the measurements of another, this tests a prediction.
        """
        measured, quantity = _matched(series, simulation, self.observable)
        return _residuals(measured, self.offset + self.scale * quantity)


def _matched(
    series: pd.DataFrame, simulation: pd.DataFrame, observable: str
) -> tuple[pd.DataFrame, Array]:
    """Measurements, and the model's quantity at the condition and time of each."""
    needed = ["il6_ng_per_ml", "actinomycin_d", "time_min", "value_arbitrary_units"]
    for name in needed:
        if name not in series.columns:
            raise LifbookError(
                f"the measurements have no column '{name}'",
                remedy="give rows of measurements(), or a table with the same columns",
            )
    measured = series[needed].set_axis([*_CONDITION, "time_min", "measured"], axis=1)
    measured = measured.reset_index(drop=True)
    _numbers(measured["measured"], "value_arbitrary_units", "(measured)", positive=True)
    quantity = np.empty(len(measured))
    runs = _runs(simulation)
    for key, rows in measured.groupby(_CONDITION):
        run, times = runs.get(key), rows["time_min"].to_numpy()
        covered = run is not None and (
            run["time_min"].min() <= times.min() and times.max() <= run["time_min"].max()
        )
        if not covered:
            blocked = "with" if key[1] else "without"
            raise LifbookError(
                f"the simulation does not cover {key[0]:g} ng/ml {blocked} actinomycin D "
                f"from {times.min():g} to {times.max():g} min",
                remedy="simulate it, or use simulate_experiment()",
            )
        quantity[rows.index] = np.interp(times, run["time_min"], observe(run, observable))
    return measured, quantity


def _residuals(measured: pd.DataFrame, model: Array) -> pd.DataFrame:
    return measured.assign(
        model=model, residual_log10=np.log10(measured["measured"].to_numpy() / model)
    )


def fit_observable(series: pd.DataFrame, simulation: pd.DataFrame) -> ObservableFit:
    """Fit offset and scale of one measured series to the model, and nothing else.

    As in the paper: measured = offset + scale x model quantity, least squares on the log10
    scale, one offset and one scale for all conditions in `series`. For a given ratio of the
    two the best scale is known, so the search is over that ratio alone. Neither is negative: the
    scale is 0 where measurements rather fall than rise with the model.

    Parameters
    ----------
    series
        Rows of :func:`measurements` with one observable.
    simulation
        As :func:`simulate` or :func:`simulate_experiment` returns it. Conditions are matched by
        dose and actinomycin D; between its times it is interpolated.

    Raises
    ------
    LifbookError
        Several observables at once, fewer than three measurements, values that are not
        positive, a condition or time that the simulation lacks, or a model quantity that
        does not change.
    """
    names = series["observable"].unique() if "observable" in series.columns else []
    if len(names) != 1:
        raise LifbookError(
            f"{len(names)} observables where one is expected", column="observable",
            remedy="select the rows of one observable",
        )
    observable = str(names[0])
    measured, quantity = _matched(series, simulation, observable)
    if len(measured) < 3:
        raise LifbookError(
            f"{len(measured)} measurements do not fix an offset and a scale",
            remedy="give at least three",
        )
    top = quantity.max()
    if not np.ptp(quantity) > 1e-9 * top:
        raise LifbookError(
            f"the model's {observable} does not change, so no scale can be fitted to it",
            remedy="fit a condition in which it changes",
        )
    logs = np.log(measured["measured"].to_numpy())

    def spread(log_ratio: float) -> float:
        return float(np.var(logs - np.log(quantity + np.exp(log_ratio))))

    grid = np.log(top) + np.linspace(-25.0, 12.0, 149)
    best = int(np.argmin([spread(value) for value in grid]))
    if best == len(grid) - 1:  # the measurements do not follow the model at all
        offset, scale = float(np.exp(np.mean(logs))), 0.0
    elif best == 0:  # no offset is needed
        offset, scale = 0.0, float(np.exp(np.mean(logs - np.log(quantity))))
    else:
        found = minimize_scalar(
            spread, bounds=grid[[best - 1, best + 1]], method="bounded", options={"xatol": 1e-9}
        )
        ratio = float(np.exp(found.x))
        scale = float(np.exp(np.mean(logs - np.log(quantity + ratio))))
        offset = scale * ratio
    table = _residuals(measured, offset + scale * quantity)
    return ObservableFit(observable, offset, scale, table)


def compare_peaks() -> pd.DataFrame:
    """Peak times at 40 ng/ml IL-6, measured and in the model.

    Measured: the time with the highest mean of the replicates, so it is one of the times
    sampled. Model: :func:`peaks`.

    Returns
    -------
    pandas.DataFrame
        ``observable``, ``measured_min``, ``model_min``.
    """
    table = measurements()
    rows = []
    for experiment in ("il6_40_step", "il6_40_qpcr"):
        run = simulate_experiment(experiment)
        for observable, series in table[table["experiment"] == experiment].groupby(
            "observable", sort=False
        ):
            means = series.groupby("time_min")["value_arbitrary_units"].mean()
            model, _ = _peak(run["time_min"].to_numpy(), observe(run, observable).to_numpy())
            rows.append((observable, float(means.idxmax()), model))
    return pd.DataFrame(rows, columns=["observable", "measured_min", "model_min"])


# --- For the static page ------------------------------------------------------------------


@dataclass(frozen=True)
class TimeCourses:
    """Runs for every combination of some choices, packed small for a page without a kernel.

    Parameters
    ----------
    axes
        Name -> labels of its options.
    columns
        Quantities, in order.
    times
        (times,) in minutes.
    most
        (columns,): the highest value of each quantity over all runs, in its unit, rounded up by
        a thousandth at most.
    values
        (states, columns, times) of uint8 or uint16: ``value = packed / largest * most``, with
        `largest` 255 or 65,535. States are in the order of the axes, the last axis fastest.
    peak_times, peak_values
        (states, columns): when and how high each curve peaks, as :func:`peaks` finds it from
        the curves before packing, every half minute. Near a flat peak many packed values are
        equal: do not read the time from them.
    """

    axes: dict[str, list[str]]
    columns: list[str]
    times: Array
    most: Array
    values: NDArray[np.unsignedinteger]
    peak_times: Array
    peak_values: Array

    @property
    def largest(self) -> int:
        """Packed value that stands for `most`."""
        return int(np.iinfo(self.values.dtype).max)

    @property
    def error(self) -> Array:
        """(columns,): the largest difference that packing can make, in the quantity's unit."""
        return self.most / self.largest * (0.5 + TIE)

    def to_bytes(self) -> bytes:
        """All values in order, the lower byte first."""
        return self.values.astype(self.values.dtype.newbyteorder("<")).tobytes()

    def state(self, choices: Mapping[str, str]) -> int:
        """Index of a combination, e.g. ``{"dose": "10 ng/ml", "SOCS3": "removed"}``."""
        index = 0
        for name, options in self.axes.items():
            if choices.get(name) not in options:
                raise LifbookError(
                    f"{choices.get(name)!r} is no option of '{name}'",
                    remedy=f"use one of {', '.join(options)}",
                )
            index = index * len(options) + options.index(choices[name])
        return index

    def unpack(self, choices: Mapping[str, str]) -> pd.DataFrame:
        """One run as a page would draw it: ``time_min`` and the quantities."""
        packed = self.values[self.state(choices)]
        curves = packed / self.largest * self.most[:, None]
        return pd.DataFrame(
            {"time_min": self.times} | dict(zip(self.columns, curves, strict=True))
        )


def time_courses(
    axes: Mapping[str, Mapping[str, Mapping[str, Any]]],
    columns: Sequence[str],
    times: ArrayLike | None = None,
    *,
    bits: Literal[8, 16] = 8,
) -> TimeCourses:
    """Run every combination of some choices and pack the curves into whole numbers.

    Parameters
    ----------
    axes
        Name of a choice -> label of an option -> arguments of :func:`simulate`. ``changes``
        of several axes are put together.
    columns
        What to keep: columns of :func:`simulate`, or names of ``OBSERVABLES``.
    times
        As in :func:`simulate`.
    bits
        8: steps of 1/255 of the highest value, fine for drawing. 16: steps of 1/65,535.

    Raises
    ------
    LifbookError
        As :func:`simulate`; also if two axes set the same argument or parameter.

    Examples
    --------
    >>> packed = time_courses(
    ...     {"dose": {"10 ng/ml": {"dose": 10}, "40 ng/ml": {"dose": 40}},
    ...      "SOCS3": {"there": {}, "removed": {"changes": VARIANTS["SOCS3 removed"]}}},
    ...     ["pSTAT3_nM"], times=range(0, 121, 2))
    >>> packed.values.shape
    (4, 1, 61)
    """
    if bits not in (8, 16):
        raise LifbookError(f"{bits} bits are not offered", column="bits", remedy="use 8 or 16")
    kept, reported = list(columns), _times(times)
    if not kept:
        raise LifbookError(
            "no columns are chosen", column="columns", remedy="name at least one"
        )
    # Peaks are looked for on the grid of `response_table`, however few points are reported: a
    # sentence and a table about one curve then name the same minute.
    fine = np.union1d(reported, _LONG[(reported[0] <= _LONG) & (_LONG <= reported[-1])])
    curves = []
    for chosen in itertools.product(*(options.values() for options in axes.values())):
        run = simulate(times=fine, **_merged(chosen))
        curves.append([_quantity(run, name).to_numpy() for name in kept])
    whole_runs = np.array(curves)
    if whole_runs.shape[2] != len(fine):
        raise LifbookError(
            "an option has several doses", remedy="give each dose an option of its own"
        )
    exact = whole_runs[:, :, np.searchsorted(fine, reported)]
    # Four digits, and not below the highest value: rounding takes away at most 0.0005 of it.
    most = np.array([significant(1.0005 * value) for value in exact.max(axis=(0, 2))])
    dtype = np.dtype(f"uint{bits}")
    steps = np.iinfo(dtype).max / np.where(most > 0, most, 1.0)
    floors = [_nothing(name) for name in kept]
    tops = np.array([
        [_peak(fine, curve, floor) for curve, floor in zip(curves, floors, strict=True)]
        for curves in whole_runs
    ])
    return TimeCourses(
        axes={name: list(options) for name, options in axes.items()},
        columns=kept,
        times=reported,
        most=most,
        values=whole(exact * steps[:, None]).astype(dtype),
        peak_times=tops[:, :, 0],
        peak_values=tops[:, :, 1],
    )


def _merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Arguments of several options as one call; none may be set twice."""
    merged: dict[str, Any] = {}
    for part in parts:
        for name, value in part.items():
            old = merged.get(name)
            both = name == "changes" and old is not None
            twice = set(old) & set(value) if both else {name} & set(merged)
            if twice:
                raise LifbookError(
                    f"two axes set {', '.join(sorted(twice))}",
                    remedy="let each argument be set by one axis",
                )
            merged[name] = {**old, **value} if both else value
    return merged
