"""Coordinates and sequences, and how the residues of a chain are numbered.

Biopython is imported where it is used: it takes longer to load than the rest of `lifbook.data`
together, and who reads tables only does not need it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lifbook.data.package import MANIFEST, RESTORE, contents, manifest, resource, shown
from lifbook.data.tables import read_table
from lifbook.errors import LifbookError

if TYPE_CHECKING:
    from Bio.PDB.Structure import Structure

SEQUENCES = "sequences"

_AMINO_ACIDS = frozenset("ACDEFGHIKLMNPQRSTVWY")


@dataclass(frozen=True)
class Numbering:
    """How the residues of one chain are numbered.

    Parameters
    ----------
    entry, chain
        PDB code and chain identifier.
    molecule, species
        What the chain is, and of which animal.
    uniprot
        Accession of the precursor's sequence.
    offset
        To be added to the number in the entry to get UniProt's.
    first, last
        First and last residue of the chain in the file, in the entry's numbers.
    """

    entry: str
    chain: str
    molecule: str
    species: str
    uniprot: str
    offset: int
    first: int
    last: int

    def to_uniprot(self, number: int) -> int:
        """UniProt's number of the residue that the entry calls ``number``.

        Examples
        --------
        >>> numbering("1PVH", "B").to_uniprot(22)
        44
        """
        return number + self.offset


def _entry_resource(entry: str, folder: Path | str | None) -> str:
    """Name of the resource that holds the coordinates of a PDB entry."""
    known = {value["entry"]: name for name, value in manifest(folder).items() if "entry" in value}
    if entry.upper() not in known:
        raise LifbookError.unknown("PDB entry with coordinates", entry, known, file=shown(MANIFEST))
    return known[entry.upper()]


def read_pdb_text(entry: str, *, folder: Path | str | None = None) -> str:
    """Coordinates of a PDB entry as text in PDB format.

    Parameters
    ----------
    entry
        PDB code, for example ``"2Q7N"``; capitals or not.

    Raises
    ------
    LifbookError
        If the entry is not in the package, or its file is missing, altered or cut short.

    Examples
    --------
    >>> lines = read_pdb_text("1ALU").splitlines()
    >>> lines[-1].strip()
    'END'
    """
    name = _entry_resource(entry, folder)
    text, path = contents(name, folder)
    lines = text.splitlines()
    if not lines or lines[-1].strip() != "END":
        raise LifbookError(
            "the file is cut short: its last line is not END",
            file=shown(path),
            row=len(lines),
            remedy=RESTORE,
        )
    atoms = sum(line.startswith(("ATOM  ", "HETATM")) for line in lines)
    expected = resource(name, folder=folder)["atoms"]
    if atoms != expected:
        raise LifbookError(f"{atoms} atoms, expected {expected}", file=shown(path), remedy=RESTORE)
    return text


def read_structure(entry: str, *, folder: Path | str | None = None) -> Structure:
    """A PDB entry as a Biopython structure (coordinates and B factors in Å and Å²).

    The whole file is read: chains, sugars, every model. Each call gives a new object,
    so that a chapter may change it.

    Raises
    ------
    LifbookError
        As :func:`read_pdb_text`.

    Examples
    --------
    >>> [chain.id for chain in read_structure("1PVH")[0]]
    ['A', 'B']
    """
    from Bio.PDB.PDBParser import PDBParser

    text = read_pdb_text(entry, folder=folder)
    found: Structure = PDBParser(QUIET=True).get_structure(entry.upper(), io.StringIO(text))
    return found


def read_sequence(accession: str, *, folder: Path | str | None = None) -> str:
    """Amino-acid sequence (one-letter code) of a UniProt precursor, for example P15018.

    Raises
    ------
    LifbookError
        If the accession is not in the file, or its sequence has other letters than the
        twenty amino acids.

    Examples
    --------
    >>> len(read_sequence("P15018"))
    202
    """
    from Bio import SeqIO

    text, path = contents(SEQUENCES, folder)
    records = SeqIO.parse(io.StringIO(text), "fasta")
    known = {record.id.split("|")[0]: str(record.seq) for record in records}
    if accession not in known:
        raise LifbookError.unknown("sequence", accession, known, file=shown(path))
    for position, letter in enumerate(known[accession], start=1):
        if letter not in _AMINO_ACIDS:
            raise LifbookError(
                f"'{letter}' at position {position} of {accession} is not an amino acid",
                file=shown(path),
                remedy=RESTORE,
            )
    return known[accession]


def numbering(entry: str, chain: str, *, folder: Path | str | None = None) -> Numbering:
    """Molecule, species and numbering of one chain.

    Examples
    --------
    >>> numbering("2Q7N", "B").to_uniprot(156)
    178

    Raises
    ------
    LifbookError
        If the entry or the chain is not in the table ``numbering``.
    """
    table = read_table("numbering", folder=folder)
    path = shown(resource("numbering", folder=folder)["path"])
    chains = table[table["entry"] == entry.upper()]
    if chains.empty:
        raise LifbookError.unknown(
            "entry", entry, sorted(set(table["entry"])), file=path, column="entry"
        )
    found = chains[chains["chain"] == chain]
    if found.empty:
        raise LifbookError.unknown(
            f"chain of entry {entry.upper()}", chain, chains["chain"], file=path, column="chain"
        )
    row = found.iloc[0]
    return Numbering(
        entry=str(row["entry"]),
        chain=str(row["chain"]),
        molecule=str(row["molecule"]),
        species=str(row["species"]),
        uniprot=str(row["uniprot"]),
        offset=int(row["offset"]),
        first=int(row["first"]),
        last=int(row["last"]),
    )
