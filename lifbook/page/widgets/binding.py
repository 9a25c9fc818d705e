"""Two-step binding of LIF to LIFR and gp130, computed in the page."""

from __future__ import annotations

from typing import Any, ClassVar

import traitlets

from lifbook.page.widget import NamedWidget, check_slider
from lifbook.palette import COLOURS


class BindingExplorer(NamedWidget):
    """Two-step binding of LIF to LIFR and gp130 with a slider for each quantity.

    All concentrations and dissociation constants are in nM. The page solves the mass
    balances itself (``shared/binding.js``), as `signalling.bind` does here.

    Parameters
    ----------
    name
        Name of the widget in the page.
    locked
        Text that asks for a prediction; the sliders stay closed while it is not empty.

    Attributes
    ----------
    ligand, lifr, gp130, kd_lifr, kd_gp130 : float
        Total LIF, total LIFR, total gp130, Kd of LIF for LIFR, Kd of gp130 for LIF on LIFR.
    half_with, half_without : float
        Total LIF at which half of what can be reached is reached, with and without gp130;
        computed in the page.

    Raises
    ------
    LifbookError
        A value outside its slider.
    """

    RANGES: ClassVar = {
        "ligand": ("LIF", 1e-4, 100.0, COLOURS["LIF"]),
        "lifr": ("LIFR", 1e-4, 1.0, COLOURS["LIFR"]),
        "gp130": ("gp130", 1e-4, 100.0, COLOURS["gp130"]),
        "kd_lifr": ("Kd of LIF and LIFR", 0.01, 100.0, COLOURS["LIFR"]),
        "kd_gp130": ("Kd of gp130 and LIF on LIFR", 0.001, 100.0, COLOURS["gp130"]),
    }

    sliders: traitlets.List[Any] = traitlets.List().tag(sync=True)
    colours: traitlets.List[Any] = traitlets.List().tag(sync=True)
    locked = traitlets.Unicode("").tag(sync=True)
    ligand = traitlets.Float(0.1).tag(sync=True)
    lifr = traitlets.Float(0.01).tag(sync=True)
    gp130 = traitlets.Float(1.0).tag(sync=True)
    kd_lifr = traitlets.Float(1.0).tag(sync=True)
    kd_gp130 = traitlets.Float(0.05).tag(sync=True)
    half_with = traitlets.Float(0.0).tag(sync=True)
    half_without = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, name: str = "binding", *, locked: str = "", **values: float) -> None:
        super().__init__(
            name=name,
            locked=locked,
            label="Binding of LIF to LIFR and gp130, with sliders",
            sliders=[
                {"trait": trait, "label": label, "min": low, "max": high, "colour": colour}
                for trait, (label, low, high, colour) in self.RANGES.items()
            ],
            colours=[COLOURS["LIF"], COLOURS["LIFR"], COLOURS["gp130"]],
            **values,
        )

    @traitlets.validate("ligand", "lifr", "gp130", "kd_lifr", "kd_gp130")
    def _in_range(self, proposal: traitlets.Bunch) -> float:
        _label, low, high, _colour = self.RANGES[proposal.trait.name]
        value, trait = proposal.value, proposal.trait.name
        check_slider(low <= value <= high, f"{value} nM", low, high, argument=trait, unit="nM")
        return proposal.value

    def __repr__(self) -> str:
        return f"BindingExplorer('{self.name}', LIF {self.ligand} nM)"
