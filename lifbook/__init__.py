"""Analysis, figures and living widgets for the LIF teaching module.

The chapters import what they show from here. Each module has one job:

``data``
    reads everything under ``data/`` and checks what it reads
``structure``
    chains, helices, contacts, buried surface, superposition, interface shape
``signalling``
    binding at equilibrium, and the gp130-JAK1-STAT3-SOCS3 core in time
``viewer``
    a py3Dmol view with named scenes that works with and without a kernel
``statistics``
    exact intervals, odds ratios with zero cells, power of Fisher's test
``widgets``, ``explorers``, ``evidence``
    sequence strip, residue table, contacts; binding, time courses, pathway map; studies to
    weigh and rank, a puzzle, power and bounds
``figures``
    matplotlib figures as SVG that follow the page's light or dark theme
``quiz``
    questions from ``data/questions`` shown by jupyterquiz
"""

from lifbook.errors import LifbookError

__version__ = "0.1.0"
__all__ = ["LifbookError", "__version__"]
