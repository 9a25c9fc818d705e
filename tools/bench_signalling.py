"""Measure the functions of `lifbook.signalling`, and print times and sizes. Nothing is asserted.

Times are the best of a few runs on one core; the budget of one simulated condition is 50 ms.
Called by ``make bench`` through :func:`rows`, or by itself: ``python tools/bench_signalling.py``.
"""

from __future__ import annotations

import base64
import gzip
import time
from collections.abc import Callable

import numpy as np

from lifbook import signalling

ROUNDS = 7


def best(call: Callable[[], object]) -> float:
    """Shortest of a few runs, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return 1000 * min(times)


def durations() -> list[tuple[str, str]]:
    """Times of binding and of one simulated condition."""
    simulate, removed = signalling.simulate, signalling.VARIANTS["SOCS3 removed"]
    doses = np.logspace(-4, 4, 81)
    four = [(start, start + 5, 40) for start in (0, 30, 60, 90)]
    series = signalling.measurements().query("observable == 'pSTAT3' and actinomycin_d == False")
    series = series[series["experiment"] == "il6_40_step"]
    run = signalling.simulate_experiment("il6_40_step")

    def settle() -> object:
        signalling.read_model()._settled.clear()
        return simulate(40, changes=removed)

    calls: dict[str, Callable[[], object]] = {
        "simulate(40): 120 min, 121 times": lambda: simulate(40),
        "simulate(500)": lambda: simulate(500),
        "simulate(40, range(1441)): 24 h": lambda: simulate(40, range(1441)),
        "simulate(pulses=four)": lambda: simulate(pulses=four),
        "simulate(40, inhibitor_nM=500)": lambda: simulate(40, inhibitor_nM=500),
        "simulate(40, changes=SOCS3 removed), first": settle,
        "simulate(40, changes=SOCS3 removed), again": lambda: simulate(40, changes=removed),
        "fit_observable(pSTAT3)": lambda: signalling.fit_observable(series, run),
        "bind, one condition": lambda: signalling.bind(1, 1, 1, 1, 0.01),
        "bind, 81 doses": lambda: signalling.bind(doses, 0.01, 1, 1, 0.05),
        "bind, 10,000 doses": lambda: signalling.bind(np.logspace(-4, 4, 10_000), 0.01, 1, 1, 0.05),
    }
    signalling.read_model()
    return [(name, f"{best(call):8.1f} ms") for name, call in calls.items()]


def sizes() -> list[tuple[str, str]]:
    """Bytes of packed time courses for a page: 7 doses, 5 durations, 4 changes, 121 times."""
    variants = signalling.VARIANTS
    axes = {
        "dose": {f"{dose:g} ng/ml": {"dose": dose} for dose in (1, 2.5, 5, 10, 20, 40, 80)},
        "duration": {f"{minutes} min": {"duration": minutes} for minutes in (5, 10, 20, 40)}
        | {"kept": {}},
        "change": {
            "none": {},
            "SOCS3 removed": {"changes": variants["SOCS3 removed"]},
            "SOCS3 blind to gp130": {"changes": variants["SOCS3 blind to gp130"]},
            "ruxolitinib 500 nM": {"inhibitor_nM": 500},
        },
    }
    columns = ["receptor_active_nM", "pSTAT3_nM", "SOCS3_mRNA_au", "SOCS3_nM"]
    rows = []
    for bits in (8, 16):
        begin = time.perf_counter()
        packed = signalling.time_courses(axes, columns, bits=bits)
        seconds = time.perf_counter() - begin
        raw = packed.to_bytes()
        text = base64.b64encode(raw)
        rows.append(
            (
                f"{len(packed.values)} states, 4 quantities, {bits} bits",
                f"{len(raw):>9,} bytes, as base64 {len(text):>9,}, that with gzip "
                f"{len(gzip.compress(text, 6)):>8,}; {seconds:.1f} s to compute",
            )
        )
    return rows


def rows() -> dict[str, Callable[[], list[tuple[str, str]]]]:
    """Title -> function that measures and returns what to print."""
    return {"Signalling: times": durations, "Signalling: packed time courses": sizes}


def main() -> None:
    """Print all tables."""
    for title, measure in rows().items():
        print(f"\n{title}", flush=True)
        for name, value in measure():
            print(f"  {name:<50} {value}", flush=True)


if __name__ == "__main__":
    main()
