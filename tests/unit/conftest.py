"""What tests of several files share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from Bio.PDB.Chain import Chain

from lifbook import structure


@pytest.fixture(scope="session")
def surface_of() -> Callable[..., pd.DataFrame]:
    """`structure.buried_surface`, which takes a second, but for equal chains and settings computed once."""
    real = structure.buried_surface
    found: dict[object, pd.DataFrame] = {}

    def place(chain: Chain) -> tuple[object, ...]:
        """All that the function can see of a chain."""
        atoms = list(chain.get_atoms())
        names = tuple((atom.parent.id, atom.parent.resname, atom.id, atom.element) for atom in atoms)
        return chain.id, names, np.array([atom.coord for atom in atoms]).tobytes()

    def once(one: Chain, other: Chain, **settings: Any) -> pd.DataFrame:
        key = place(one), place(other), tuple(sorted(settings.items()))
        if key not in found:
            found[key] = real(one, other, **settings)
        return found[key].copy()

    return once


@pytest.fixture(scope="module")
def surfaces_once(surface_of: Callable[..., pd.DataFrame]) -> Iterator[None]:
    """For files whose tests show or use buried surfaces; those of the function itself do without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structure, "buried_surface", surface_of)
        yield
