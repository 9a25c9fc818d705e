"""Changes of the model that loosen or tighten its brakes, SOCS3 and a SOCS1-like inhibitor."""

from __future__ import annotations

from lifbook.quantities import check_number

#: Changes of the model that take the brake away, for ``simulate(changes=...)``.
#: SOCS3 acts twice in the model: it makes the receptor disappear (``socs3_assoc``), and it
#: slows the phosphorylation of STAT3 (``stat3_inh_socs3``).
VARIANTS: dict[str, dict[str, float]] = {
    # No protein is made from the mRNA.
    "SOCS3 removed": {"socs3_pro": 0.0},
    # SOCS3 is made but does neither. Both actions need SOCS3 on the phosphorylated tyrosine of
    # gp130 (Tyr759 in human, Tyr757 in mouse), so this is the receptor without that tyrosine.
    "SOCS3 blind to gp130": {"socs3_assoc": 0.0, "stat3_inh_socs3": 0.0},
    # One of the two actions at a time: of the model only, no mutant is known to do so.
    "SOCS3 spares the receptor": {"socs3_assoc": 0.0},
    "SOCS3 spares STAT3": {"stat3_inh_socs3": 0.0},
}
#: What the SOCS1-like inhibitor of :func:`brakes` is, wherever a curve of it is drawn.
SOCS1_ASSUMPTION = (
    "The SOCS1-like inhibitor is an assumption: the model has no SOCS1. It slows what JAK1 does, "
    "its own phosphorylation and that of gp130, and it is there from the beginning, as in cells "
    "that are made to produce SOCS1."
)


def brakes(socs3: float = 1.0, docking: float = 1.0, socs1: float = 0.0) -> dict[str, float]:
    """Changes of the model that loosen or tighten its brakes, for ``simulate(changes=...)``.

    Parameters
    ----------
    socs3
        Factor on the production of SOCS3 protein from its mRNA: the strength of the
        feedback. 0 is the knock-out (``VARIANTS["SOCS3 removed"]``), 1 the wild type.
    docking
        Factor on both actions of SOCS3, for which it sits on the phosphorylated tyrosine of gp130
        (Tyr759 in human, Tyr757 in mouse). 0 is the receptor without that tyrosine
        (``VARIANTS["SOCS3 blind to gp130"]``); SOCS3 is then made and does nothing.
    socs1
        A SOCS1-like inhibitor of JAK, as a multiple of the amount that halves JAK's rates. **An
        assumption: the model has no SOCS1.** SOCS1 binds the kinase domain of JAK
        itself and inhibits it, without gp130 (Nicholson 1999, 10.1093/emboj/18.2.375). So
        what JAK1 does, its own phosphorylation (v5) and that of gp130 (v6), is divided by
        ``1 + socs1``: the two rates that ruxolitinib slows in the paper. Unlike ruxolitinib it
        is not broken down; unlike SOCS3 it is not induced, but there all the time, as in cells
        that are made to produce it.

    Returns
    -------
    dict
        Parameter of the model -> factor; factors of 1 are left out.

    Raises
    ------
    LifbookError
        A factor that is negative or not a number.

    Examples
    --------
    >>> brakes(socs3=0) == VARIANTS["SOCS3 removed"]
    True
    """
    made = check_number(socs3, "socs3", "as a factor")
    docked = check_number(docking, "docking", "as a factor")
    slower = 1 / (1 + check_number(socs1, "socs1", "as a multiple"))
    # A factor of 1 changes nothing and is left out.
    factors = {
        "socs3_pro": made,
        "socs3_assoc": docked,
        "stat3_inh_socs3": docked,
        "jak1_act_basal": slower,
        "jak1_act_il6": slower,
        "gp130_act_jak1": slower,
    }
    return {name: factor for name, factor in factors.items() if factor != 1.0}


#: Label -> changes: what the chapter on the brakes compares.
BRAKES: dict[str, dict[str, float]] = {
    "wild type": brakes(),
    "SOCS3 knock-out": brakes(socs3=0),
    "SOCS3 blind to gp130": brakes(docking=0),
    "SOCS3 × 1/4": brakes(socs3=0.25),
    "SOCS3 × 4": brakes(socs3=4),
    "SOCS1-like inhibitor": brakes(socs1=3),
}
