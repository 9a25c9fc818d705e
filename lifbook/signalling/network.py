"""A reaction model written as tables: its rates, its steady states and its integration."""

from __future__ import annotations

import ast
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

#: Name of a model -> its tables of reactions, parameters and initial state.
MODELS = {
    "sobotta2017": ("sobotta2017_reactions", "sobotta2017_parameters", "sobotta2017_initial"),
}
_RTOL = 1e-9
_ATOL = 1e-10  # of the initial value of each species
_MAX_CALLS = 200_000  # of the equations in one run: about two seconds
_MOMENT = 1e-9  # min; in so short a time nothing changes, and the solver cannot step
_STEADY = 1e-7  # net flux of a species relative to what flows in and out
_SETTLE = (1e4, 1e5, 1e6, 1e8)  # minutes tried for a steady state
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
            values[name] *= check_number(factor, f"changes['{name}']", "as a factor")
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
        found = self._steady(changes, check_number(il6, "il6", "ng/ml"))
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
