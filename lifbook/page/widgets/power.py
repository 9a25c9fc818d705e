"""Power of Fisher's exact test with sliders, computed in the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from lifbook.errors import LifbookError
from lifbook.page.widget import NamedWidget, check_slider
from lifbook.palette import COLOURS


class PowerExplorer(NamedWidget):
    """Exact power of Fisher's test, with sliders for sample sizes and carrier frequencies.

    Parameters
    ----------
    name
        Name of the widget in the page.
    presets
        Label -> (cases, controls) of published samples, as buttons.
    alpha
        P value up to which a study counts as significant.

    Attributes
    ----------
    cases, controls : int
        Sample sizes.
    case_frequency, control_frequency : float
        Shares of carriers in the two populations.
    power : float
        Computed in the page, as `statistics.power` does here.

    Raises
    ------
    LifbookError
        A value outside its slider.
    """

    RANGES: ClassVar = {
        "cases": ("cases", 10, 1000, 1),
        "controls": ("controls", 10, 1000, 1),
        "case_frequency": ("carriers among all such cases", 0.0, 0.2, 0.001),
        "control_frequency": ("carriers among all such controls", 0.0, 0.2, 0.001),
    }

    sliders: traitlets.List[Any] = traitlets.List().tag(sync=True)
    presets: traitlets.List[Any] = traitlets.List().tag(sync=True)
    colours: traitlets.List[Any] = traitlets.List().tag(sync=True)
    alpha = traitlets.Float(0.05).tag(sync=True)
    cases = traitlets.Int(176).tag(sync=True)
    controls = traitlets.Int(75).tag(sync=True)
    case_frequency = traitlets.Float(0.03).tag(sync=True)
    control_frequency = traitlets.Float(0.005).tag(sync=True)
    power = traitlets.Float(0.0).tag(sync=True)

    def __init__(
        self,
        name: str = "power",
        presets: Mapping[str, tuple[int, int]] | None = None,
        *,
        alpha: float = 0.05,
        **values: float,
    ) -> None:
        if not 0 < alpha < 1:
            raise LifbookError(
                f"{alpha} is not a level of significance",
                argument="alpha",
                remedy="give a share between 0 and 1, such as 0.05",
            )
        for cases, controls in (presets or {}).values():
            self._inside("cases", cases)
            self._inside("controls", controls)
        super().__init__(
            name=name,
            alpha=alpha,
            label="Power of Fisher's exact test, with sliders",
            sliders=[
                {
                    "trait": trait,
                    "label": label,
                    "min": low,
                    "max": high,
                    "step": step,
                    "share": isinstance(high, float),
                }
                for trait, (label, low, high, step) in self.RANGES.items()
            ],
            presets=[
                {"label": label, "values": {"cases": int(cases), "controls": int(controls)}}
                for label, (cases, controls) in (presets or {}).items()
            ],
            colours=[COLOURS["LIF"], COLOURS["LIFR"]],
            **values,
        )

    def _inside(self, trait: str, value: float) -> None:
        _label, low, high, _step = self.RANGES[trait]
        check_slider(low <= value <= high, str(value), low, high, argument=trait)

    @traitlets.validate("cases", "controls", "case_frequency", "control_frequency")
    def _in_range(self, proposal: traitlets.Bunch) -> float:
        self._inside(proposal.trait.name, proposal.value)
        return proposal.value

    def __repr__(self) -> str:
        return f"PowerExplorer('{self.name}', {self.cases} cases, {self.controls} controls)"
