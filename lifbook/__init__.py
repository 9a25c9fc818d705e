"""Analysis, figures and living widgets for the LIF teaching module.

The chapters import what they show from here. Imports run one way, from the first room to the
last:

``errors``, ``data``, ``questions``, ``glue``, ``palette``, ``rounding``, ``quantities``
    what everything stands on: the one exception, everything under ``data/`` and its checks, the
    questions of the quizzes, values for the text, the colour of each molecule, numbers alike on
    every processor, numbers with a unit and their checks
``structure``, ``signalling``, ``statistics``, ``evidence``, ``family``, ``competition``
    the science: chains, contacts and folds; binding, and the gp130-JAK1-STAT3-SOCS3 core in
    time; exact intervals and power; kinds of evidence; the family of interleukin-6; cytokines
    that share gp130
``page``
    makes HTML, SVG and widgets of what it is given: figures, tables, the 3D viewer, quizzes
``chapters``
    the figures, scenes and widgets of single chapters
"""

from lifbook.errors import LifbookError

__version__ = "0.1.0"
__all__ = ["LifbookError", "__version__"]
