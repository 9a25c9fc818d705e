"""Principal axes of points, and the quadratic surface through them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from structure_material import refuses

from lifbook import structure as st
from lifbook.errors import LifbookError
from lifbook.structure import shape

pytest_plugins = ["structure_material"]


def patch(k1: float, k2: float) -> np.ndarray:
    """Points of z = (k1 x² + k2 y²) / 2 over 24 by 16 Å."""
    x, y = (g.ravel() for g in np.meshgrid(np.linspace(-12, 12, 13), np.linspace(-8, 8, 11)))
    return np.column_stack([x, y, (k1 * x**2 + k2 * y**2) / 2])


SHAPES = [
    (-0.03, 0.04, "saddle"),
    (0.03, -0.04, "saddle"),
    (0.02, 0.05, "bowl"),
    (-0.02, -0.05, "bowl"),
    (0.0, 0.04, "trough"),
    (0.001, -0.002, "plane"),
    (0.0, 0.0, "plane"),
]


@pytest.mark.parametrize(("k1", "k2", "kind"), SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_known_curvatures_in_any_rotation(k1, k2, kind, seed):
    rotation = Rotation.random(random_state=seed).as_matrix()
    points = patch(k1, k2) @ rotation.T + [10, -20, 30]
    fit = st.fit_quadric(points)
    # z points to where the stronger bend opens.
    expected = sorted([k1, k2]) if k1 + k2 >= 0 else sorted([-k1, -k2])
    assert fit.curvatures == pytest.approx(expected, abs=1e-9)
    assert fit.kind == kind
    assert fit.rms < 1e-9
    flat = patch(k1, k2)[:, 2]
    assert fit.plane_rms == pytest.approx(flat.std(), abs=1e-9)
    assert fit.frame @ fit.frame.T == pytest.approx(np.eye(3))
    assert np.linalg.det(fit.frame) == pytest.approx(1)


def test_curvature_is_right_on_a_slope():
    """An asymmetric patch of a sphere is tilted in its own frame; its curvature is 1/R."""
    x, y = (g.ravel() for g in np.meshgrid(np.linspace(-3, 3, 9), np.linspace(-2, 2, 9)))
    x = np.concatenate([x, x[x > 1.5]])  # more points on one side
    y = np.concatenate([y, y[: len(x) - len(y)]])
    points = np.column_stack([x, y, 40 - np.sqrt(40**2 - x**2 - y**2)])
    assert st.fit_quadric(points).curvatures == pytest.approx((1 / 40, 1 / 40), rel=0.02)


def test_slope_enters_the_curvature():
    """z = x²/20 + x seen from where it rises at 45°: k = z'' / (1 + z'²)^(3/2)."""
    x, y = (g.ravel() for g in np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9)))
    points = np.column_stack([x, y, x**2 / 20 + x])
    # The fit in the given frame, which the principal axes would turn away from.
    fit = shape._fit_in_frame(points - [0, 0, points[:, 2].mean()], np.zeros(3), np.eye(3))
    assert fit.curvatures == pytest.approx((0, 0.1 / 2**1.5), abs=1e-9)


def test_towards_chooses_the_side():
    bowl = patch(0.02, 0.05)
    assert st.fit_quadric(bowl, towards=[0, 0, 50]).curvatures == pytest.approx((0.02, 0.05))
    assert st.fit_quadric(bowl, towards=[0, 0, -50]).curvatures == pytest.approx((-0.05, -0.02))


def test_surface_passes_through_the_points():
    points = patch(-0.03, 0.04) @ Rotation.random(random_state=7).as_matrix().T + [1, 2, 3]
    fit = st.fit_quadric(points)
    local = fit.local(points)
    assert fit.height(local[:, 0], local[:, 1]) == pytest.approx(local[:, 2], abs=1e-9)
    assert fit.world(local) == pytest.approx(points)
    grid = np.meshgrid([0.0, 1.0], [0.0, 1.0, 2.0])
    assert fit.height(*grid).shape == (3, 2)
    assert fit.height(0, 0) == pytest.approx(fit.coefficients[5])


@pytest.mark.parametrize(("cutoff", "curvatures"), [(4.5, (-0.031, 0.035)), (5.0, (-0.034, 0.034))])
def test_the_interface_is_a_saddle(lif, lifr, cutoff, curvatures):
    fit = st.fit_quadric(st.interface_points(lif, lifr, cutoff))
    assert fit.curvatures == pytest.approx(curvatures, abs=0.001)
    assert fit.rms == pytest.approx(1.4, abs=0.05)
    assert fit.plane_rms == pytest.approx(1.9, abs=0.15)


@pytest.mark.parametrize("cutoff", [4.0, 4.5, 5.0, 5.5, 6.0])
@pytest.mark.parametrize("of", ["midpoints", "first", "second"])
def test_a_saddle_at_every_cutoff_and_for_either_side(lif, lifr, cutoff, of):
    assert st.fit_quadric(st.interface_points(lif, lifr, cutoff, of)).kind == "saddle"


def test_principal_axes_of_a_box():
    box = np.array(list(itertools.product([-3, 3], [-5, 5], [-1, 1])), dtype=float)
    assert st.principal_axes(box) == pytest.approx(np.array([[0, 1, 0], [1, 0, 0], [0, 0, -1]]))


@pytest.mark.parametrize(("function", "least"), [(st.fit_quadric, 6), (st.principal_axes, 3)])
def test_error_points(function, least):
    rng = np.random.default_rng(1)
    with refuses(f"{least - 1} points are too few", f"at least {least}"):
        function(rng.normal(size=(least - 1, 3)))
    with refuses("lie on a straight line", "not collinear"):
        function(np.outer(np.arange(9), [1, 2, 3]))
    with refuses("points of shape (9, 2)", "(n, 3)"):
        function(rng.normal(size=(9, 2)))
    with refuses("points of shape", "array of numbers"):
        function([["a", "b", "c"]] * 9)
    with refuses("point 4 for", "leave out points"):
        function(np.where(np.arange(9)[:, None] == 4, np.nan, rng.normal(size=(9, 3))))


def test_error_points_on_a_conic():
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.column_stack([9 * np.cos(turn), 5 * np.sin(turn), 0.1 * np.cos(3 * turn)])
    with refuses("on a line or a conic", "at a larger cut-off"):
        st.fit_quadric(ring)


@pytest.mark.parametrize("towards", [[0, 0], [0, 0, np.nan]])
def test_error_towards(towards):
    with refuses(f"{towards} is not a point", "three numbers"):
        st.fit_quadric(patch(0.02, 0.03), towards=towards)
    with pytest.raises(LifbookError, match="argument 'towards'"):
        st.fit_quadric(patch(0.02, 0.03), towards=towards)
