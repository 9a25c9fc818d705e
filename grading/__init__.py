"""Handing out, collecting, grading and returning a class's work.

A problem set imports only what stands here: the checks of :mod:`grading.checks`, which need
nothing but numpy and pandas. The pipeline behind ``make assignments`` and ``make grade`` is in
the modules beside it and needs nbgrader. ``lifbook`` knows nothing of this package.
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
