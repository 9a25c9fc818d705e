"""Measurements on the coordinates of a protein complex.

Every function takes Biopython objects and returns pandas tables, numpy arrays or small
dataclasses. Nothing here opens a file; ``lifbook.data`` does that. Biopython
(10.1093/bioinformatics/btp163; its structure part 10.1093/bioinformatics/btg299) searches
neighbours, computes surfaces, superimposes and aligns; this package puts the chapter's questions
to it and hands back answers in residues and ångströms.

Modules
-------
Each imports only from those above it; what they define for readers is importable from here.

- ``checks``, ``atoms``: what is refused everywhere, and which atoms of a chain count.
- ``chains``: chains and residues, by name and number, and where they are.
- ``sequences``, ``covalent``, ``backbone``: what one chain has.
- ``interface``, ``surface``: what two chains share.
- ``superposition``, ``folds``: one chain laid onto another.
- ``shape``: how a set of points extends and bends.

Conventions
-----------
- Residue numbers are the entry's own. ``residue_table(chain, offset)`` adds UniProt's.
- Only amino acids count as the chain; sugars and water in it are passed over. Hydrogen
  atoms are left out everywhere. Of alternative positions Biopython's choice (the one of
  highest occupancy) is used.
- Lengths are in Å, areas in Å², angles in degrees, curvatures in 1/Å.
- Distances are rounded to 0.001 Å, the precision of a PDB file, before they are compared
  with a cut-off, so that rounding in the computer cannot change a count.
- Bad input raises :class:`lifbook.errors.LifbookError`.
"""

from __future__ import annotations

from lifbook.structure.atoms import label
from lifbook.structure.backbone import (
    CIS_WIDTH,
    HELIX_PHI,
    HELIX_PSI,
    HELIX_TURN,
    HELIX_WIDTH,
    MIN_AXIS,
    Axis,
    axis_distance,
    cis_peptides,
    crossing_angle,
    crossing_angles,
    helices,
    helix_axis,
    torsions,
)
from lifbook.structure.chains import (
    centre,
    distances_from,
    get_chain,
    get_residue,
    residue_table,
    slice_chain,
    within,
)
from lifbook.structure.checks import MAX_CUTOFF
from lifbook.structure.covalent import MAX_BOND, MAX_DISULFIDE, disulfides, glycans
from lifbook.structure.folds import (
    CE_MAX_GAP,
    CE_WINDOW,
    GAP,
    LEAST_TM,
    MAX_ROUNDS,
    MIN_ALIGNED,
    PAIR_CUTOFF,
    StructuralAlignment,
    align_structures,
    compare_folds,
    stack_alignments,
)
from lifbook.structure.interface import (
    CLASH,
    Approach,
    clashes,
    closest_approach,
    contact_counts,
    contacts,
    interface_points,
)
from lifbook.structure.sequences import (
    AMINO_ACIDS,
    SequenceAlignment,
    align_sequences,
    identity,
    pair_residues,
    sequence,
    sequons,
)
from lifbook.structure.shape import FLAT, QuadricFit, fit_quadric, principal_axes
from lifbook.structure.superposition import Pairs, Superposition, deviations, rms, superimpose
from lifbook.structure.surface import buried_surface

__all__ = [
    "AMINO_ACIDS",
    "CE_MAX_GAP",
    "CE_WINDOW",
    "CIS_WIDTH",
    "CLASH",
    "FLAT",
    "GAP",
    "HELIX_PHI",
    "HELIX_PSI",
    "HELIX_TURN",
    "HELIX_WIDTH",
    "LEAST_TM",
    "MAX_BOND",
    "MAX_CUTOFF",
    "MAX_DISULFIDE",
    "MAX_ROUNDS",
    "MIN_ALIGNED",
    "MIN_AXIS",
    "PAIR_CUTOFF",
    "Approach",
    "Axis",
    "Pairs",
    "QuadricFit",
    "SequenceAlignment",
    "StructuralAlignment",
    "Superposition",
    "align_sequences",
    "align_structures",
    "axis_distance",
    "buried_surface",
    "centre",
    "cis_peptides",
    "clashes",
    "closest_approach",
    "compare_folds",
    "contact_counts",
    "contacts",
    "crossing_angle",
    "crossing_angles",
    "deviations",
    "distances_from",
    "disulfides",
    "fit_quadric",
    "get_chain",
    "get_residue",
    "glycans",
    "helices",
    "helix_axis",
    "identity",
    "interface_points",
    "label",
    "pair_residues",
    "principal_axes",
    "residue_table",
    "rms",
    "sequence",
    "sequons",
    "slice_chain",
    "stack_alignments",
    "superimpose",
    "torsions",
    "within",
]
