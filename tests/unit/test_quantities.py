"""lifbook.quantities: what a number with a unit may be."""

from __future__ import annotations

import numpy as np
import pytest

from lifbook.errors import LifbookError
from lifbook.quantities import check_number, check_numbers


def test_numbers_keep_their_shape():
    assert check_numbers([[1, 2]], "ligand", "nM").tolist() == [[1.0, 2.0]]
    assert check_number(np.array(0), "ligand", "nM") == 0.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: check_numbers([1, -2], "ligand", "nM"), "^argument 'ligand': -2 nM is not p"),
        (lambda: check_numbers(0, "mass", "kDa", positive=True), "0 kDa is not possible.*above 0"),
        (lambda: check_numbers([np.inf], "time", "min"), "'time': inf min is not possible"),
        (lambda: check_numbers("much", "ligand", "nM"), "'much' is not a number.*ligand in nM"),
        (lambda: check_numbers(None, "socs3", "as a factor"), "nan as a factor .*0 or more"),
        (lambda: check_numbers("no", "socs3", "as a factor"), "'no' is not a .*socs3 as a factor"),
        (lambda: check_number([1, 2], "mass", "kDa"), "'mass': 2 values where one is expected"),
    ],
)
def test_what_is_not_such_a_number_is_refused(call, words):
    with pytest.raises(LifbookError, match=words):
        call()
