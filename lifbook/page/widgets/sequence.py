"""A protein sequence whose letters can be picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets
from Bio.Data.IUPACData import protein_letters_1to3 as THREE

from lifbook.errors import LifbookError
from lifbook.page.widget import PickingWidget


class SequenceStrip(PickingWidget):
    """A protein sequence whose letters can be picked.

    Parameters
    ----------
    name
        Name of the widget in the page.
    precursor
        The whole sequence in one-letter codes.
    cut
        Length of the signal peptide, which the mature protein lacks.
    chain_id
        Prefix of the mature residues' ids, e.g. ``"2Q7N:B"``.
    marks
        Label -> (colour, UniProt numbers): what is marked. A later mark is drawn over an
        earlier one.
    label
        What the strip shows, for screen readers.
    """

    letters: traitlets.List[Any] = traitlets.List().tag(sync=True)
    kinds: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        name: str,
        precursor: str,
        *,
        cut: int,
        chain_id: str,
        marks: Mapping[str, tuple[str, Sequence[int]]],
        label: str,
    ) -> None:
        if not 0 <= cut < len(precursor):
            raise LifbookError(
                f"a signal peptide of {cut} residues does not fit a precursor of {len(precursor)}",
                argument="cut",
                remedy=f"give a number from 0 to {len(precursor) - 1}",
            )
        strange = [letter for letter in precursor if letter not in THREE]
        if strange:
            raise LifbookError(
                f"'{strange[0]}' is not one of the twenty amino acids",
                argument="precursor",
                remedy=f"use the letters {''.join(THREE)}",
            )
        for mark, (_colour, numbers) in marks.items():
            outside = [number for number in numbers if not 1 <= number <= len(precursor)]
            if outside:
                raise LifbookError(
                    f"mark '{mark}' names residue {outside[0]}",
                    argument="marks",
                    remedy=f"use UniProt numbers from 1 to {len(precursor)}",
                )
        sets = {mark: set(numbers) for mark, (_colour, numbers) in marks.items()}
        letters = []
        for uniprot, letter in enumerate(precursor, start=1):
            mature = uniprot - cut
            residue = THREE[letter]
            letters.append(
                {
                    "letter": letter,
                    "uniprot": uniprot,
                    "id": f"{chain_id}:{mature}" if mature > 0 else "",
                    "name": f"{residue}{mature} (UniProt {uniprot})"
                    if mature > 0
                    else f"{residue} (UniProt {uniprot})",
                    "kinds": [mark for mark, numbers in sets.items() if uniprot in numbers],
                }
            )
        super().__init__(
            name=name,
            label=label,
            letters=letters,
            kinds=[{"kind": mark, "colour": colour} for mark, (colour, _numbers) in marks.items()],
        )

    def __repr__(self) -> str:
        return f"SequenceStrip('{self.name}', {len(self.letters)} residues)"
