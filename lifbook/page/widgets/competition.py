"""LIF, IL-6 and OSM on one pool of gp130, with a slider for each dose and for the pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pandas as pd
import traitlets

from lifbook import competition, data
from lifbook.page.widget import NamedWidget, check_slider
from lifbook.palette import COLOURS

#: Colours of the cytokines in the widget.
CYTOKINE_COLOURS = {name: COLOURS[name] for name in ("LIF", "IL-6", "OSM")}


def _numbers(assumptions: pd.DataFrame) -> list[list[str]]:
    """What is assumed: name, value with unit, basis, and the paper with its address."""
    cited = [data.citations([cell]).iloc[0] if cell else None for cell in assumptions["citations"]]
    return [
        [
            row.name,
            f"{row.value:g} {row.unit}",
            row.basis,
            *(("", "") if paper is None else (paper["citation"], paper["url"])),
        ]
        for row, paper in zip(data.records(assumptions), cited, strict=True)
    ]


class CompetitionExplorer(NamedWidget):
    """LIF, IL-6 and OSM on one pool of gp130, with a slider for each dose and for the pool.

    The page solves the mass balances itself (``shared/equilibrium.js``), as
    `signalling.equilibrium` does here.

    Parameters
    ----------
    name
        Name of the widget in the page.
    locked
        Text that asks for a prediction; the sliders stay closed while it is not empty.
    receptors, kds, cells_per_ml
        As in `competition`.
    values
        Where the sliders start: ``lif``, ``il6``, ``osm`` in nM, ``gp130`` per cell.

    Attributes
    ----------
    lif, il6, osm : float
        Total doses in nM; 0 or within the slider.
    gp130 : float
        Molecules per cell.
    lif_complexes, il6_complexes, osm_complexes : float
        Complexes that signal, per cell; computed in the page.

    Raises
    ------
    LifbookError
        A value outside its slider, or as `competition`.
    """

    DOSE = (0.001, 100.0)
    POOL = (20.0, 50000.0)
    DOSES: ClassVar = {"lif": "LIF", "il6": "IL-6", "osm": "OSM"}

    system: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    sliders: traitlets.List[Any] = traitlets.List().tag(sync=True)
    numbers: traitlets.List[Any] = traitlets.List().tag(sync=True)
    locked = traitlets.Unicode("").tag(sync=True)
    lif = traitlets.Float(0.5).tag(sync=True)
    il6 = traitlets.Float(1.0).tag(sync=True)
    osm = traitlets.Float(0.0).tag(sync=True)
    gp130 = traitlets.Float(500.0).tag(sync=True)
    lif_complexes = traitlets.Float(0.0).tag(sync=True)
    il6_complexes = traitlets.Float(0.0).tag(sync=True)
    osm_complexes = traitlets.Float(0.0).tag(sync=True)

    def __init__(
        self,
        name: str = "competition",
        *,
        locked: str = "",
        receptors: Mapping[str, float] | None = None,
        kds: Mapping[str, float] | None = None,
        cells_per_ml: float = competition.CELLS_PER_ML,
        **values: float,
    ) -> None:
        network = competition.network(receptors, kds, cells_per_ml)
        super().__init__(
            name=name,
            locked=locked,
            label="LIF, IL-6 and OSM that share one pool of gp130, with sliders",
            system={
                "components": network.components,
                "counts": network.counts,
                "log_k": network.log_k,
                "one": network.one,
                "receptors": network.receptors,
                "signals": {
                    cytokine: network.complexes.index(item)
                    for cytokine, item in competition.SIGNALS.items()
                },
            },
            sliders=self._sliders(),
            numbers=_numbers(competition.assumptions(receptors, kds)),
            **values,
        )

    @classmethod
    def _sliders(cls) -> list[dict[str, Any]]:
        """The sliders as the page takes them: the doses, then the pool."""
        masses = competition.masses()
        doses = [
            {
                "trait": trait,
                "label": cytokine,
                "min": cls.DOSE[0],
                "max": cls.DOSE[1],
                "unit": "nM",
                "mass": masses.get(cytokine),
                "colour": CYTOKINE_COLOURS[cytokine],
            }
            for trait, cytokine in cls.DOSES.items()
        ]
        pool = {
            "trait": "gp130",
            "label": "gp130",
            "min": cls.POOL[0],
            "max": cls.POOL[1],
            "unit": competition.PER_CELL,
            "mass": None,
            "colour": COLOURS["gp130"],
        }
        return [*doses, pool]

    @traitlets.validate("lif", "il6", "osm", "gp130")
    def _in_range(self, proposal: traitlets.Bunch) -> float:
        trait, value = proposal.trait.name, proposal.value
        low, high = self.POOL if trait == "gp130" else self.DOSE
        none = trait != "gp130" and value == 0
        unit = competition.PER_CELL if trait == "gp130" else "nM"
        check_slider(
            none or low <= value <= high,
            f"{value:g} {unit}",
            f"{low:g}",
            f"{high:g}",
            argument=trait,
            unit=unit if trait == "gp130" else f"{unit}, or 0 for none",
        )
        return value

    def __repr__(self) -> str:
        return (
            f"CompetitionExplorer('{self.name}', LIF {self.lif:g} nM, IL-6 {self.il6:g} nM, "
            f"OSM {self.osm:g} nM, gp130 {self.gp130:g} per cell)"
        )
