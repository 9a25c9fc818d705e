"""Handing out, collecting, grading and returning a class's work.

A problem set imports only what stands here: the checks of :mod:`grading.checks`, which need
nothing but numpy and pandas. The pipeline behind ``make assignments`` and ``make grade`` stands
in three rooms, each of which imports only from those before it, and needs nbgrader:

- :mod:`grading.inside`: what runs beside a submission, in its sandbox,
- :mod:`grading.judge`: the sandbox, and the marking outside of it,
- :mod:`grading.desk`: what an instructor sees and keeps.

The checks and the transfer of values (:mod:`grading.transfer`) serve both sides of the sandbox.
``lifbook`` knows nothing of this package.
"""

from grading.checks import (
    CheckError,
    check_array,
    check_dict,
    check_error,
    check_function,
    check_list,
    check_number,
    check_set,
    check_table,
    check_text,
    check_true,
)

__all__ = [
    "CheckError",
    "check_array",
    "check_dict",
    "check_error",
    "check_function",
    "check_list",
    "check_number",
    "check_set",
    "check_table",
    "check_text",
    "check_true",
]
