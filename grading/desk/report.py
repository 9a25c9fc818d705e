"""The class's report: one HTML page that needs nothing else, with pictures."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grading.desk.records import Record
from grading.desk.sets import ProblemSet
from lifbook.palette import COLOURS, MUTED

if TYPE_CHECKING:
    from grading.desk.results import Mark

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --line: #ccc }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #14181e; --line: #444 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: var(--ink); background: var(--paper) }
.wide { overflow-x: auto; margin: 1rem 0 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  vertical-align: top }
td { overflow-wrap: anywhere } td code { font-size: .9em }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
figure { margin: 1rem 0 } figure .wide { background: #fff; margin: .3rem 0 }
svg { display: block; width: 100%; min-width: 34rem; max-width: 48rem; height: auto }
@media (max-width: 40rem) { table.many, .many tbody, .many tr, .many td { display: block }
  .many thead { display: none } .many td { border: 0; padding: 0 .3rem; text-align: left }
  .many tr { border-bottom: 1px solid var(--line); padding: .5rem 0 }
  .many td:empty { display: none }
  .many td + td::before { content: attr(data-label) ": "; opacity: .75 } }
"""


def page(
    problem_set: ProblemSet,
    marks: list[Mark],
    records: Mapping[str, Record],
    totals: Mapping[str, float],
    most: float,
    missing: Mapping[str, str],
) -> str:
    """The report as HTML.

    Parameters
    ----------
    problem_set
        What was set.
    marks, records, totals
        Of all submissions.
    most
        Points that can be earned.
    missing
        Students who handed nothing in, identifier to name.
    """
    failed = {key: one for key, one in records.items() if one.problem}
    graded = {key: one for key, one in records.items() if not one.problem}
    waiting = {one.student for one in marks if one.waits}
    parts = [
        f"<h1>{escape(problem_set.title)}: the class</h1>",
        f"<p>{len(records)} submissions, {len(graded)} graded, {len(failed)} could not be graded, "
        f"{sum(one.late for one in records.values())} late; handed in nothing: {len(missing)}. "
        f"{most:g} points can be earned.</p>",
    ]
    if waiting:
        parts.append(
            "<p><strong>Answers that a person must mark are in "
            f"{len(waiting)} of the submissions.</strong> "
            "Until then the totals hold what the tests gave. Write the marks into "
            "<code>by_hand.csv</code> and run the same command again.</p>"
        )
    if graded:
        parts += [
            _by_problem(problem_set, marks, set(graded)),
            _distribution([totals[key] for key in graded], most),
        ]
    parts += [
        _failures(problem_set, graded),
        _people("Who is missing", missing),
        _not_graded(failed),
        _noted(graded),
        _table(marks, records, totals, most),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(problem_set.title)}: the class</title><style>{_STYLE}</style></head>\n"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _by_problem(problem_set: ProblemSet, marks: list[Mark], students: set[str]) -> str:
    """Picture and table: what share of a problem's points the class has."""
    got: defaultdict[str, float] = defaultdict(float)
    of: defaultdict[str, float] = defaultdict(float)
    open_: Counter[str] = Counter()
    for one in marks:
        if one.student in students and one.cell in problem_set.problems:
            problem = problem_set.problems[one.cell]
            if one.waits and one.auto is None and one.manual is None:
                open_[problem] += 1
                continue
            got[problem] += one.points
            of[problem] += one.most
    problems = list(dict.fromkeys(problem_set.problems.values()))
    shares = [100 * got[name] / of[name] if of[name] else 0.0 for name in problems]
    figure = Figure(figsize=(8, 0.5 * len(problems) + 1.1), layout="constrained")
    axes = figure.subplots()
    places = range(len(problems))
    axes.barh(places, shares, color=COLOURS["LIFR"])
    texts = [
        "not marked yet"
        if not of[name]
        else f"{share:.0f} %, {open_[name]} to mark"
        if open_[name]
        else f"{share:.0f} %"
        for name, share in zip(problems, shares, strict=True)
    ]
    for place, share, text in zip(places, shares, texts, strict=True):
        axes.text(share + 1, place, text, va="center")
    axes.set(
        yticks=places,
        yticklabels=[name[:48] for name in problems],
        xlim=(0, 145 if open_ else 118),
        xticks=range(0, 101, 20),
        xlabel="share of the points that the class has, of what is marked (%)",
    )
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    marked = [name for name in problems if of[name] and not open_[name]]
    hardest = min(marked, key=lambda name: got[name] / of[name], default="")
    title = f"Hardest was “{hardest}”" if hardest else "Nothing is marked yet"
    rows = [
        (escape(name), f"{share:.0f} %" if of[name] else "–", open_[name])
        for name, share in zip(problems, shares, strict=True)
    ]
    said = "; ".join(f"{name}: {text}" for name, text in zip(problems, texts, strict=True))
    return f"<h2>Marks by problem</h2>{_picture(figure, title, said)}" + _rows(
        ("Problem", "*Share of points", "*Answers to mark by hand"), rows
    )


def _distribution(totals: list[float], most: float) -> str:
    """Picture: how many have how many points."""
    figure = Figure(figsize=(8, 2.8), layout="constrained")
    axes = figure.subplots()
    edges = np.linspace(0, most or 1, 11)
    counts, _, _ = axes.hist(totals, bins=list(edges), color=COLOURS["LIF"], edgecolor="white")
    middle = float(np.median(totals))
    axes.axvline(middle, color=MUTED, linestyle="--")
    axes.set(xlabel=f"points (of {most:g})", ylabel="submissions")
    axes.yaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    said = ", ".join(
        f"{low:g} to {high:g} points: {int(count)}"
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
        if count
    )
    title = f"Half of the class has {middle:g} points or more"
    return f"<h2>Totals</h2>{_picture(figure, title, said)}"


def _failures(problem_set: ProblemSet, graded: Mapping[str, Record]) -> str:
    """Table: which tests failed most, and what was said most often."""
    failures: dict[str, Counter[str]] = defaultdict(Counter)
    for one in graded.values():
        for cell, text in one.messages.items():
            failures[cell][text] += 1
    if not failures:
        return "<h2>Most common failures</h2><p>No test failed.</p>"
    rows = []
    for cell, texts in sorted(failures.items(), key=lambda item: -item[1].total())[:15]:
        text, times = texts.most_common(1)[0]
        often = "once" if times == 1 else f"{times} times"
        rows.append(
            (
                escape(problem_set.problems.get(cell, cell)),
                f"<code>{escape(cell)}</code>",
                texts.total(),
                f"{escape(text[:240])} <small>({often})</small>",
            )
        )
    return "<h2>Most common failures</h2>" + _rows(
        ("Problem", "Test cell", "*Submissions", "Said most often"), rows
    )


def _people(title: str, people: Mapping[str, str]) -> str:
    if not people:
        return (
            f"<h2>{title}</h2><p>Nobody is known to be missing. To see who handed nothing in, "
            "give the list of the class: <code>ROSTER=class.csv</code>.</p>"
        )
    rows = "".join(f"<li>{escape(name)}</li>" for _, name in sorted(people.items()))
    return f"<h2>{title}</h2><ul>{rows}</ul>"


def _not_graded(failed: Mapping[str, Record]) -> str:
    if not failed:
        return ""
    rows = [
        (escape(one.name), f"<code>{escape(one.shown)}</code>", escape(one.problem))
        for _, one in sorted(failed.items())
    ]
    return "<h2>Could not be graded</h2>" + _rows(("Student", "File", "Why"), rows)


def _noted(graded: Mapping[str, Record]) -> str:
    rows = [
        (escape(one.name), "<br>".join(map(escape, one.notes[:8])))
        for _, one in sorted(graded.items())
        if one.notes
    ]
    return "<h2>To be looked at</h2>" + _rows(("Student", "What"), rows) if rows else ""


def _table(
    marks: list[Mark], records: Mapping[str, Record], totals: Mapping[str, float], most: float
) -> str:
    tests: defaultdict[str, float] = defaultdict(float)
    hand: defaultdict[str, float] = defaultdict(float)
    waits: Counter[str] = Counter()
    for one in marks:
        (hand if one.by_hand else tests)[one.student] += one.points
        waits[one.student] += one.waits
    rows = [
        (
            escape(one.name),
            f"{tests[key]:g}",
            f"{hand[key]:g}",
            f"{totals[key]:g}",
            waits[key] or "",
            "late" if one.late else "",
        )
        for key, one in sorted(records.items())
    ]
    return "<h2>Every submission</h2>" + _rows(
        ("Student", "*Tests", "*By hand", f"*Total of {most:g}", "*To mark", "Late"), rows
    )


def _rows(headings: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    """A table; a heading with a star has numbers below it. Many columns become cards on a phone."""
    kinds = [" class=n" if one.startswith("*") else "" for one in headings]
    names = [escape(one.removeprefix("*")) for one in headings]
    head = "".join(f"<th{kind}>{name}</th>" for kind, name in zip(kinds, names, strict=True))
    body = "".join(
        "<tr>"
        + "".join(
            f'<td{kind} data-label="{name}">{cell}</td>'
            for kind, name, cell in zip(kinds, names, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    many = " class=many" if len(headings) > 3 else ""
    return (
        f"<div class=wide><table{many}><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _picture(figure: Figure, title: str, said: str) -> str:
    """A figure as SVG in the page, with its finding and what is to be seen."""
    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "lif", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :].replace(
        "<svg", f'<svg role="img" aria-label="{escape(said, quote=True)}"', 1
    )
    return (
        f"<figure><figcaption><strong>{escape(title)}</strong></figcaption>"
        f"<div class=wide>{svg}</div></figure>"
    )
