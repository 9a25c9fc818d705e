"""Binding at equilibrium: what is bound is missing from what is free.

:func:`bind` solves LIF + LIFR, then gp130; :func:`equilibrium` any set of steps, for example
several cytokines that draw on one pool of gp130. Both solve all mass balances at once, with
`_balance`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from lifbook.errors import LifbookError, one_of
from lifbook.quantities import Array, Value, check_numbers, plain

_SCALINGS = 40
_MAX_NEWTON = 200
_BALANCE = 1e-10  # relative error of a mass balance that is still accepted; reached: 1e-14


def _balance(totals: Array, log_k: Array, counts: Array) -> tuple[Array, Array]:
    """Free components and complexes at equilibrium, for many conditions at once.

    The free concentrations are the minimum of a strictly convex function of their logarithms
    (whose gradient is zero where the mass balances hold), so there is one solution, and Newton
    steps with a line search find it from any start. All terms are positive and are only added:
    nothing cancels, and small concentrations are as accurate as large ones.

    Parameters
    ----------
    totals
        (conditions, components), nM.
    log_k
        (conditions, complexes): logarithm of the product of 1/Kd, in 1/nM, along the way.
    counts
        (complexes, components): how many of each component a complex holds.

    Returns
    -------
    free, complexes
        (conditions, components) and (conditions, complexes), nM.

    Raises
    ------
    LifbookError
        If the constants lie too far apart for the balances to be solved.
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

    # Iterative scaling (Darroch and Ratcliff 1972, 10.1214/aoms/1177692379): sure but slow. It
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
        what is neither given nor made before, one complex made in two ways, or constants so
        far apart that the balances cannot be solved.

    Examples
    --------
    >>> pools = {"LIF": 1, "IL-6": [0, 1, 10], "LIFR": 1, "IL-6R": 1, "gp130": 0.5}
    >>> steps = [
    ...     ("LIF", "LIFR", 1),
    ...     ("LIF:LIFR", "gp130", 0.1),
    ...     ("IL-6", "IL-6R", 1),
    ...     ("IL-6:IL-6R", "gp130", 0.1),
    ... ]
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
                    f"step {number + 1} binds '{name}', which is neither given nor made before",
                    remedy=f"{one_of(made)}, or make it in an earlier step",
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
        kds.append(check_numbers(kd, f"kd of {complex_}", "nM", positive=True))
    amounts = [check_numbers(value, name, "nM") for name, value in totals.items()]
    try:
        columns = np.broadcast_arrays(*amounts, *kds)
    except ValueError:
        raise LifbookError(
            "the arrays have different lengths", remedy="give numbers, or arrays of one length"
        ) from None
    flat = [column.reshape(-1) for column in columns]
    total = np.column_stack(flat[: len(names)])
    log_kd = np.log(np.column_stack(flat[len(names) :])) if kds else np.empty((len(total), 0))
    counts = np.array(
        [[made[name][part] for part in names] for name in list(made)[len(names) :]], dtype=float
    ).reshape(-1, len(names))
    log_k = np.column_stack([-log_kd[:, path].sum(1) for path in paths]) if paths else log_kd
    free, bound = _balance(total, log_k, counts)
    frame = pd.DataFrame(
        {f"{name}_total_nM": total[:, i] for i, name in enumerate(names)}
        | {f"{name}_free_nM": free[:, i] for i, name in enumerate(names)}
        | {f"{name}_nM": bound[:, i] for i, name in enumerate(list(made)[len(names) :])}
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

    Examples
    --------
    >>> both = bind(0.1, lifr=0.01, gp130=1.0, kd_lifr=1.0, kd_gp130=0.05)
    >>> round(both.occupied, 3), round(both.signalling, 3)
    (0.661, 0.629)
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
            return plain(np.divide(part, whole))

    def table(self) -> pd.DataFrame:
        """The same as a table, with one row for each condition.

        Returns
        -------
        pandas.DataFrame
            Concentrations in nM: ``LIF_total_nM``, ``LIF_free_nM``, ``LIFR_free_nM``,
            ``gp130_free_nM``, ``LIF_LIFR_nM``, ``LIF_LIFR_gp130_nM``; as shares of LIFR:
            ``LIFR_occupied``, ``LIFR_signalling``.

        Examples
        --------
        >>> table = bind([0.01, 0.1], 0.01, 1.0, 1.0, 0.05).table()
        >>> table["LIF_LIFR_gp130_nM"].round(4).tolist()
        [0.0014, 0.0063]
        """
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
    ligand: ArrayLike, lifr: ArrayLike, gp130: ArrayLike, kd_lifr: ArrayLike, kd_gp130: ArrayLike
) -> Binding:
    """Two-step binding at equilibrium: LIF + LIFR, then gp130.

    LIF binds LIFR; the pair binds gp130. LIF on gp130 alone is left out: gp130
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
        "ligand": check_numbers(ligand, "ligand", "nM"),
        "lifr": check_numbers(lifr, "lifr", "nM"),
        "gp130": check_numbers(gp130, "gp130", "nM"),
        "kd_lifr": check_numbers(kd_lifr, "kd_lifr", "nM", positive=True),
        "kd_gp130": check_numbers(kd_gp130, "kd_gp130", "nM", positive=True),
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
    parts = [plain(column.reshape(shape)) for column in np.hstack([totals, free, bound]).T]
    return Binding(*parts)


def apparent_kd(gp130: ArrayLike, kd_lifr: ArrayLike, kd_gp130: ArrayLike) -> Value:
    """Apparent dissociation constant of LIF where gp130 is in excess: Kd1 / (1 + gp130 / Kd2).

    This is affinity conversion: the free LIF that occupies half of LIFR.

    Parameters
    ----------
    gp130
        Free gp130 in nM, which is all of it while there is much more of it than of LIFR.
    kd_lifr, kd_gp130
        As in :func:`bind`, in nM.

    Returns
    -------
    float or numpy.ndarray
        nM, of the shape to which the arguments broadcast.

    Raises
    ------
    LifbookError
        A negative concentration, or a constant that is not positive.

    Examples
    --------
    >>> round(apparent_kd(1.0, kd_lifr=1.0, kd_gp130=0.05), 4)
    0.0476
    """
    kd1 = check_numbers(kd_lifr, "kd_lifr", "nM", positive=True)
    kd2 = check_numbers(kd_gp130, "kd_gp130", "nM", positive=True)
    return plain(kd1 / (1 + check_numbers(gp130, "gp130", "nM") / kd2))


def half_saturation(
    lifr: ArrayLike,
    gp130: ArrayLike,
    kd_lifr: ArrayLike,
    kd_gp130: ArrayLike,
    of: Literal["signalling", "occupied"] = "signalling",
) -> Value:
    """Total LIF at which binding is half of the most that it can reach, in closed form.

    Parameters
    ----------
    lifr, gp130, kd_lifr, kd_gp130
        As in :func:`bind`, in nM.
    of
        ``"signalling"``: half of the complexes LIF:LIFR:gp130 that there can be (their
        number may be limited by gp130). ``"occupied"``: LIF on half of LIFR, with gp130 or
        without; at ``gp130=0`` this is the half-saturation of LIFR alone.

    Returns
    -------
    float or numpy.ndarray
        nM, of the shape to which the arguments broadcast.

    Raises
    ------
    LifbookError
        As :func:`bind`; also if there is no LIFR, or no gp130 for ``"signalling"``.

    Examples
    --------
    >>> round(half_saturation(lifr=0.01, gp130=1.0, kd_lifr=1.0, kd_gp130=0.05), 4)
    0.0528
    >>> round(half_saturation(0.01, 0.0, 1.0, 0.05, of="occupied"), 4)
    1.005
    """
    if of not in ("signalling", "occupied"):
        known = ["signalling", "occupied"]
        raise LifbookError.unknown("kind of binding", of, known, argument="of")
    r = check_numbers(lifr, "lifr", "nM", positive=True)
    g = check_numbers(gp130, "gp130", "nM", positive=of == "signalling")
    kd1 = check_numbers(kd_lifr, "kd_lifr", "nM", positive=True)
    kd2 = check_numbers(kd_gp130, "kd_gp130", "nM", positive=True)
    # What holds at half of the most is known, and the mass balances read backwards give the LIF.
    if of == "signalling":
        ternary = _pair(r, g, kd2)[0] / 2  # with LIF on all LIFR, gp130 meets one kind of receptor
        binary = ternary * kd2 / (g - ternary)
    else:
        ternary, binary = _pair(r / 2, g, kd2)
    return plain(binary * kd1 / (r - binary - ternary) + binary + ternary)


def _pair(a: Array, b: Array, kd: Array) -> tuple[Array, Array]:
    """Pairs that two molecules with totals `a` and `b` form, and what is left of `a`.

    Roots of the quadratic, none of them as a difference of nearly equal numbers.
    """
    root = np.sqrt(np.square(a - b) + kd * (2 * (a + b) + kd))
    excess = a - b - kd
    left = np.where(excess > 0, (root + excess) / 2, 2 * kd * a / (root + np.abs(excess)))
    return 2 * a * b / (a + b + kd + root), left
