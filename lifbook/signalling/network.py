"""A reaction model written as tables: its rates, its steady states and its integration.

The one model in ``data/`` is that of Sobotta et al. 2017 (10.3389/fphys.2017.00775), **fitted to
IL-6 in primary mouse hepatocytes, not to LIF**. Time is in minutes.
"""

from __future__ import annotations

import functools
import itertools
import keyword
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.integrate import solve_ivp

from lifbook import data
from lifbook.errors import LifbookError
from lifbook.quantities import Array, check_number
from lifbook.signalling.arithmetic import compile_rates

#: Name of a model -> its tables of reactions, parameters and initial state.
MODELS = {"sobotta2017": ("sobotta2017_reactions", "sobotta2017_parameters", "sobotta2017_initial")}
_RTOL = 1e-9
_ATOL = 1e-10  # of the initial value of each species
_MAX_CALLS = 200_000  # of the equations in one run: about two seconds
_MOMENT = 1e-9  # min; in so short a time nothing changes, and the solver cannot step
_STEADY = 1e-7  # net flux of a species relative to what flows in and out
_SETTLE = (1e4, 1e5, 1e6, 1e8)  # minutes tried for a steady state


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

    Examples
    --------
    >>> reaction = read_model().reactions[1]
    >>> reaction.id, reaction.reactants, reaction.rate
    ('v2', ('receptor',), 'gp130_deg * receptor')
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

    Raises
    ------
    LifbookError
        A name that is used twice or cannot stand in an expression, a reaction of an unknown
        species, or a rate that is not arithmetic.

    Examples
    --------
    >>> model = read_model()
    >>> len(model.species), len(model.reactions), len(model.parameters)
    (14, 25, 24)
    """

    name: str
    reactions: tuple[Reaction, ...]
    parameters: Mapping[str, float]
    initial: Mapping[str, float]
    units: Mapping[str, str]
    compartments: Mapping[str, str]
    inputs: tuple[str, ...] = ("IL6", "ActD")
    _rates: Callable[..., tuple[float, ...]] = field(init=False, repr=False, compare=False)
    _settled: dict[Any, Array] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        file = f"data/{self.name}_reactions.csv"
        names = [*self.species, *self.inputs, *self.parameters]
        for name in names:
            if names.count(name) > 1 or not name.isidentifier() or keyword.iskeyword(name):
                raise LifbookError(
                    f"the name '{name}' is used twice or cannot stand in an expression",
                    file=file,
                    remedy="give each species, input and parameter a name of its own",
                )
        for row, reaction in enumerate(self.reactions, start=1):
            for species in (*reaction.reactants, *reaction.products):
                if species not in self.initial:
                    raise LifbookError.unknown("species", species, self.species, file=file, row=row)
        compiled = compile_rates([reaction.rate for reaction in self.reactions], names, file)
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

        Parameters
        ----------
        changes
            Parameter -> factor.

        Raises
        ------
        LifbookError
            An unknown parameter, or a factor that is negative or not a number.

        Examples
        --------
        >>> model = read_model()
        >>> model.changed({"gp130_deg": 2})["gp130_deg"] / model.parameters["gp130_deg"]
        2.0
        """
        values = dict(self.parameters)
        for name, factor in (changes or {}).items():
            if name not in values:
                raise LifbookError.unknown("parameter", name, values, argument="changes")
            values[name] *= check_number(factor, f"changes['{name}']", "as a factor")
        return values

    def flows(self, parameters: Mapping[str, float]) -> Array:
        """Change of each species when a reaction runs at rate 1.

        Parameters
        ----------
        parameters
            As :attr:`parameters`; of these only the volumes of the compartments count.

        Returns
        -------
        numpy.ndarray
            (species, reactions), without a unit.

        Raises
        ------
        LifbookError
            If a compartment has no volume.

        Examples
        --------
        STAT3 that enters the nucleus is 25 times as concentrated there as in the cytoplasm:

        >>> model = read_model()
        >>> flows = pd.DataFrame(
        ...     model.flows(model.parameters),
        ...     model.species,
        ...     [reaction.id for reaction in model.reactions],
        ... )
        >>> flows.loc[["STAT3", "nuclear_STAT3"], "v12"].round(2).tolist()
        [-1.0, 25.34]
        """
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
                            "a compartment has no volume",
                            argument="changes",
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
        """Rate of every reaction, in the unit of its species per minute.

        Parameters
        ----------
        state
            Species -> value, in its unit; those that are not given are as in :attr:`initial`.
        il6
            IL-6 in ng/ml.
        actinomycin_d
            Whether it blocks transcription.
        changes
            As in :meth:`changed`.

        Returns
        -------
        pandas.Series
            One value for each reaction, by its name.

        Raises
        ------
        LifbookError
            An unknown species or parameter, or values too large to compute with.

        Examples
        --------
        Actinomycin D stops the making of the receptor (v1) and of SOCS3 mRNA (v16):

        >>> rates = read_model().rates(il6=40, actinomycin_d=True)
        >>> rates.index[rates == 0].intersection(["v1", "v6", "v16"]).tolist()
        ['v1', 'v16']
        """
        parameters = self.changed(changes)
        values = {**self.initial, **(state or {})}
        for name in values:
            if name not in self.initial:
                raise LifbookError.unknown("species", name, self.species, argument="state")
        try:
            found = self._rates(*values.values(), il6, float(actinomycin_d), *parameters.values())
        except ArithmeticError:
            raise LifbookError(
                "the rates cannot be computed in this state",
                remedy="give values and factors closer to those of the paper",
            ) from None
        return pd.Series(found, index=[reaction.id for reaction in self.reactions], dtype=float)

    def scales(self) -> Array:
        """Size of each species: its initial value, or 1 for one that is absent at first.

        Returns
        -------
        numpy.ndarray
            (species,), each in its unit.

        Examples
        --------
        >>> model = read_model()
        >>> dict(zip(model.species, model.scales().round(1).tolist()))["STAT3"]
        28.9
        """
        values = np.array(list(self.initial.values()))
        return np.where(values > 0, values, 1.0)

    def run(
        self, state: Array, times: Array, inputs: Sequence[float], parameters: Mapping[str, float]
    ) -> Array:
        """States at some times, from a state at the first of them, with constant inputs.

        Parameters
        ----------
        state
            (species,), each in its unit: holds at ``times[0]``.
        times
            (times,) in minutes, in order.
        inputs
            One value for each of :attr:`inputs`.
        parameters
            As :meth:`changed` returns them.

        Returns
        -------
        numpy.ndarray
            (times, species), each in its unit.

        Raises
        ------
        LifbookError
            If the equations cannot be integrated.

        Examples
        --------
        >>> model = read_model()
        >>> states = model.run(model.settled(), np.array([0.0, 16.0]), (40, 0), model.parameters)
        >>> states[:, model.species.index("pSTAT3")].round(2).tolist()
        [0.83, 15.08]
        """
        if times[-1] - times[0] < _MOMENT:
            unchanged: Array = np.tile(state, (len(times), 1))
            return unchanged
        table, constants = self.flows(parameters), tuple(parameters.values())
        given, function = tuple(map(float, inputs)), self._rates
        calls = itertools.count(1)

        def change(_: float, values: Array) -> Array:
            if next(calls) > _MAX_CALLS:
                raise OverflowError
            # The solver may step a hair below zero: nothing is left then.
            rates = function(*np.maximum(values, 0.0).tolist(), *given, *constants)
            result: Array = table @ np.array(rates)
            return result

        limits = _ATOL * self.scales()
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # the solver's own; failure is checked below
                found = solve_ivp(
                    change,
                    (times[0], times[-1]),
                    state,
                    method="LSODA",
                    t_eval=times,
                    rtol=_RTOL,
                    atol=limits,
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
        states: Array = np.maximum(found.y.T, 0.0)
        return states

    def steady_state(
        self, changes: Mapping[str, float] | None = None, *, il6: float = 0.0
    ) -> dict[str, float]:
        """The state that no longer changes: without ligand the one in which a run starts.

        Without changes and ligand it is the initial state of the paper. Otherwise the model
        runs until, for every species, what flows in and out is equal to 1 in 10⁷.

        Parameters
        ----------
        changes
            As in :func:`simulate`.
        il6
            IL-6 in ng/ml, which stays.

        Returns
        -------
        dict
            Species -> value, in its unit.

        Raises
        ------
        LifbookError
            If there is no such state, or it is not reached within 10⁸ minutes.

        Examples
        --------
        >>> model = read_model()
        >>> model.steady_state() == model.initial
        True
        """
        found = self.settled(changes, check_number(il6, "il6", "ng/ml"))
        return dict(zip(self.species, map(float, found), strict=True))

    def settled(self, changes: Mapping[str, float] | None = None, il6: float = 0.0) -> Array:
        """The same as :meth:`steady_state`, as an array (species,) of its own.

        It is computed once for the same numbers, and takes and raises what that does.

        Examples
        --------
        >>> model = read_model()
        >>> model.settled().tolist() == list(model.initial.values())
        True
        """
        parameters = self.changed(changes)
        key = (il6, *parameters.values())
        if key not in self._settled:
            state = np.array(list(self.initial.values()))
            if parameters != self.parameters or il6 > 0:
                state = self._settle(state, parameters, il6)
            self._settled[key] = state
        return self._settled[key].copy()

    def _settle(self, state: Array, parameters: Mapping[str, float], il6: float) -> Array:
        """Run from a state until nothing changes any more."""
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
            argument="changes",
            remedy="leave each molecule that is made a way to be lost",
        )


@functools.lru_cache(maxsize=4)
def read_model(name: str = "sobotta2017", *, folder: Path | str | None = None) -> Model:
    """A model that is written as tables in ``data/``: one of ``MODELS``.

    ``sobotta2017`` (the only one): IL-6, JAK1 with gp130, STAT3 and SOCS3 in primary mouse
    hepatocytes; Sobotta et al. 2017, 10.3389/fphys.2017.00775. Fitted to IL-6, not to LIF.

    Parameters
    ----------
    name
        Name of the model.
    folder
        Data package to read from; the book's own if not given.

    Raises
    ------
    LifbookError
        If there is no such model, a table is missing, altered or contradicts another, or a rate
        is not arithmetic.

    Examples
    --------
    >>> read_model().species[:3]
    ['receptor', 'receptor_pJAK1', 'receptor_active']
    """
    if name not in MODELS:
        raise LifbookError.unknown("model", name, MODELS, argument="name")
    reactions, parameters, initial = (
        data.read_table(table, folder=folder) for table in MODELS[name]
    )
    species = initial["species"]

    def names(cell: str) -> tuple[str, ...]:
        return tuple(filter(None, cell.split(";")))

    return Model(
        name=name,
        reactions=tuple(
            Reaction(
                id=row["id"],
                reactants=names(row["reactants"]),
                products=names(row["products"]),
                compartment=row["compartment"],
                rate=row["rate"],
                description=row["description"],
            )
            for row in reactions.to_dict("records")
        ),
        parameters=dict(
            zip(parameters["name"], parameters["value"].astype(float).tolist(), strict=True)
        ),
        initial=dict(zip(species, initial["value"].astype(float).tolist(), strict=True)),
        units=dict(zip(species, initial["unit"], strict=True)),
        compartments=dict(zip(species, initial["compartment"], strict=True)),
    )
