"""Models of how LIF binds its receptors and of what the shared receptor gp130 then does in time.

Two models, and both are models: nothing that is computed here is a measurement.

Binding (``units``, ``binding``)
    ``bind`` solves the mass balances of LIF + LIFR, then gp130, at equilibrium; what is bound
    is missing from what is free. ``equilibrium`` does the same for any set of steps, for
    example several cytokines that draw on one pool of gp130.

Signal in time (``network``, ``simulation``; ``variants`` of the model and its ``responses``)
    ``simulate`` runs the gp130-JAK1-STAT3-SOCS3 core of Sobotta et al. 2017
    (10.3389/fphys.2017.00775). **It was fitted to IL-6 in primary mouse hepatocytes, not to
    LIF.** LIF shares with IL-6 the chain gp130, the kinase JAK1, STAT3 and SOCS3; it does
    not share the receptors that bind it, their number, or the doses. No time course of LIF
    with numbers is in this package.

    The equations are written once, as tables in ``data/``: ``sobotta2017_reactions``,
    ``sobotta2017_parameters`` and ``sobotta2017_initial``.

Measurements (``experiments``, ``fits``)
    The measurements that the paper fitted its model to are ``timecourses_sobotta2017``.

For a page without a kernel (``courses``)
    ``time_courses`` packs the curves of all combinations of some choices.

What is public stands here; each module says what it holds. Arrows between them run one way:
arithmetic, network, simulation, observables, responses, then experiments, fits and courses.

Conventions
-----------
- Concentrations are in nM unless a name says otherwise; IL-6 is in ng/ml, as in the paper.
- Time is in minutes; IL-6 is added at 0.
- SOCS3 mRNA has arbitrary units (``au``).
- Names of columns end in their unit: ``pSTAT3_nM``, ``time_min``. The dictionary
  ``frame.attrs["units"]`` holds the units of all columns.
- Bad input raises :class:`lifbook.errors.LifbookError`.
"""

from lifbook.quantities import Array, Value
from lifbook.signalling.binding import Binding, apparent_kd, bind, equilibrium, half_saturation
from lifbook.signalling.courses import TimeCourses, time_courses
from lifbook.signalling.experiments import compare_peaks, measurements, simulate_experiment
from lifbook.signalling.fits import ObservableFit, fit_observable
from lifbook.signalling.network import MODELS, Model, Reaction, read_model
from lifbook.signalling.observables import OBSERVABLES, observe
from lifbook.signalling.responses import PLATEAU, peaks, response_table
from lifbook.signalling.simulation import SOURCE, Pulse, simulate
from lifbook.signalling.units import lif_mass, nanomolar, ng_per_ml, receptors_nM
from lifbook.signalling.variants import BRAKES, SOCS1_ASSUMPTION, VARIANTS, brakes

__all__ = [
    "BRAKES",
    "MODELS",
    "OBSERVABLES",
    "PLATEAU",
    "SOCS1_ASSUMPTION",
    "SOURCE",
    "VARIANTS",
    "Array",
    "Binding",
    "Model",
    "ObservableFit",
    "Pulse",
    "Reaction",
    "TimeCourses",
    "Value",
    "apparent_kd",
    "bind",
    "brakes",
    "compare_peaks",
    "equilibrium",
    "fit_observable",
    "half_saturation",
    "lif_mass",
    "measurements",
    "nanomolar",
    "ng_per_ml",
    "observe",
    "peaks",
    "read_model",
    "receptors_nM",
    "response_table",
    "simulate",
    "simulate_experiment",
    "time_courses",
]
