"""Other machines, imitated on this one: another BLAS kernel, NumPy without its vector code.

A machine here is a set of environment variables. `OPENBLAS_CORETYPE` makes OpenBLAS take the
kernel that it has for another processor, `NPY_DISABLE_CPU_FEATURES` makes NumPy take its plain
loops. Whether they did is asked in a process of its own: what cannot be had here (BLAS that is not
OpenBLAS, such as Accelerate on macOS; a processor that lacks the instructions) is said and not
silently passed over.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache

#: Kernels of OpenBLAS, by the machine's family: old ones first, which every processor can run.
KERNELS = {
    "x86_64": ("Prescott", "Nehalem", "Haswell", "Zen", "SkylakeX"),
    "amd64": ("Prescott", "Nehalem", "Haswell", "Zen", "SkylakeX"),
    "aarch64": ("ARMV8", "NEOVERSEN1", "CORTEXA57"),
    "arm64": ("ARMV8", "NEOVERSEN1", "VORTEX"),
}
_PROBE = """
import json, numpy, scipy.linalg
from threadpoolctl import threadpool_info
some = numpy.random.default_rng(1).random((70, 70))
numpy.linalg.svd(some @ some)  # a kernel for another processor ends the process here
core = numpy._core._multiarray_umath
print(json.dumps({
    "blas": sorted({f"{one['internal_api']} {one.get('architecture', '')}".strip()
                    for one in threadpool_info() if one["user_api"] == "blas"}),
    "numpy": [name for name in core.__cpu_dispatch__ if core.__cpu_features__[name]],
}))
"""


@dataclass(frozen=True)
class Machine:
    """A numerical environment.

    Attributes
    ----------
    name
        What it is, in words.
    variables
        Environment variables that make it.
    missing
        Why it cannot be had here; empty if it can.
    """

    name: str
    variables: dict[str, str] = field(default_factory=dict)
    missing: str = ""


@cache
def _probed(*variables: tuple[str, str]) -> dict[str, list[str]]:
    """What runs under some variables; nothing where it does not run.

    Without variables it has to run: else nothing could be imitated, and nobody would see it.
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PROBE],
        env=os.environ | dict(variables),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and not variables:
        raise RuntimeError(f"this machine's own BLAS and NumPy cannot be asked:\n{done.stderr}")
    return json.loads(done.stdout) if done.returncode == 0 else {"blas": [], "numpy": []}


def other_kernels() -> list[str]:
    """Kernels of OpenBLAS that run here, all different, also from the one that runs by itself."""
    own = _probed()["blas"]
    if not own or not all(name.startswith("openblas") for name in own):
        return []
    # Several names lead to one kernel, and one kernel calls itself by another name.
    seen, found = [[], own], []
    for name in KERNELS.get(platform.machine().lower(), ()):
        runs = _probed(("OPENBLAS_CORETYPE", name))["blas"]
        if runs not in seen:
            seen.append(runs)
            found.append(name)
    return found


def machines() -> list[Machine]:
    """Three numerical environments besides the one that runs by itself."""
    own, kernels = _probed(), other_kernels()
    blas = [{"OPENBLAS_CORETYPE": name} for name in kernels]
    plain: dict[str, str] = {}
    if own["numpy"]:
        plain = {"NPY_DISABLE_CPU_FEATURES": ",".join(own["numpy"])}
        left = _probed(*plain.items())
        if left["numpy"] or not left["blas"]:
            plain = {}
    library = ", ".join(own["blas"]) or "a BLAS that is not OpenBLAS"
    no_blas = "" if blas else f"not covered: no other kernel can be had for {library}"
    no_plain = (
        "" if plain else "not covered: this NumPy has no vector code that can be switched off"
    )
    return [
        Machine("another BLAS kernel", blas[0] if blas else {}, no_blas),
        Machine("NumPy's plain loops", plain, no_plain),
        Machine("both", (blas[-1] if blas else {}) | plain, no_blas or no_plain),
    ]
