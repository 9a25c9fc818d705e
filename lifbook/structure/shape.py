"""The shape of a set of points, such as those of an interface: its axes, and how it bends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh

from lifbook.errors import LifbookError
from lifbook.structure.checks import check_points

FLAT = 0.005  # 1/Å; a radius of 200 Å, which over 15 Å leaves a plane by less than 0.6 Å


def principal_axes(coordinates: ArrayLike) -> NDArray[np.float64]:
    """Directions in which the points (n, 3) spread most, next and least.

    Returns
    -------
    ndarray
        Shape (3, 3), a unit vector in each row, right-handed. The largest component of each
        of the first two is positive, so that the same points always give the same axes.

    Raises
    ------
    LifbookError
        Fewer than three points, points on a straight line, values that are not numbers.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> points = structure.interface_points(lif, lifr, 4.5)
    >>> structure.principal_axes(points).round(2).tolist()
    [[-0.39, 0.91, 0.16], [-0.31, -0.29, 0.9], [0.87, 0.3, 0.4]]
    """
    points = check_points(coordinates, 3, "principal axes")
    first, second, _ = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2]
    first, second = (v * np.sign(v[np.argmax(np.abs(v))]) for v in (first, second))
    return np.array([first, second, np.cross(first, second)])


@dataclass(frozen=True, eq=False)
class QuadricFit:
    """A quadratic surface through points, in a frame of its own.

    z = a x² + b xy + c y² + d x + e y + f, with x and y along the two directions in which
    the points spread most, and the origin in their middle.

    Attributes
    ----------
    coefficients
        a to f, shape (6,).
    curvatures
        Principal curvatures (smaller, larger) in the middle, 1/Å. Positive bends towards
        +z. Their inverses are radii in Å.
    rms, plane_rms
        Root mean square distance along z of the points from the surface, and from the plane
        z = 0, Å. The surface has six free parameters, the plane three: some of the gain is due
        to them.
    frame
        Rows x, y, z, shape (3, 3).
    centre
        Mean of the points, shape (3,), Å.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> points = structure.interface_points(lif, lifr, 4.5)
    >>> fit = structure.fit_quadric(points)
    >>> fit.kind, round(fit.rms, 1), round(fit.plane_rms, 1)
    ('saddle', 1.4, 1.8)
    >>> x, y, z = fit.local(points).T
    >>> round(float(np.std(z - fit.height(x, y))), 1)
    1.4
    >>> bool(np.allclose(fit.world(fit.local(points)), points))
    True
    """

    coefficients: NDArray[np.float64]
    curvatures: tuple[float, float]
    rms: float
    plane_rms: float
    frame: NDArray[np.float64]
    centre: NDArray[np.float64]

    @property
    def kind(self) -> Literal["saddle", "bowl", "trough", "plane"]:
        """Shape by the two curvatures; below 0.005 per Å (radius 200 Å) one counts as flat.

        Opposite signs make a saddle, equal signs a bowl (or, seen from the other side, a
        dome), one flat direction a trough, two a plane.
        """
        flat = sum(abs(k) < FLAT for k in self.curvatures)
        if flat:
            return "plane" if flat == 2 else "trough"
        return "saddle" if self.curvatures[0] * self.curvatures[1] < 0 else "bowl"

    def height(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """z of the surface at x and y of its own frame, Å."""
        terms = _terms(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        heights: NDArray[np.float64] = np.tensordot(self.coefficients, terms, axes=1)
        return heights

    def local(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points of the entry's frame in that of the surface, shape (n, 3) or (3,)."""
        inside: NDArray[np.float64] = (np.asarray(points, dtype=float) - self.centre) @ self.frame.T
        return inside

    def world(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points of the surface's frame back in that of the entry."""
        outside: NDArray[np.float64] = np.asarray(points, dtype=float) @ self.frame + self.centre
        return outside


def fit_quadric(points: ArrayLike, towards: ArrayLike | None = None) -> QuadricFit:
    """Fit a quadratic surface to points and measure how it bends.

    Parameters
    ----------
    points
        Shape (n, 3), n at least 6, Å.
    towards
        A point, shape (3,), that is to lie on the +z side, such as the middle of the
        partner. By default z points to where the stronger of the two bends opens, so that
        the curvatures do not depend on how the entry lies in space.

    Notes
    -----
    Least squares along z, the direction in which the points spread least. The curvatures
    are those of differential geometry, the eigenvalues of the second fundamental form
    relative to the first at x = y = 0, so that a slope there does not distort them.

    Raises
    ------
    LifbookError
        Fewer than six points, points that leave the surface undetermined (on a line or a
        conic), values that are not numbers, ``towards`` that is not a point.

    Examples
    --------
    >>> from lifbook import data, structure
    >>> entry = data.read_structure("2Q7N")
    >>> lif, lifr = structure.get_chain(entry, "B"), structure.get_chain(entry, "A")
    >>> points = structure.interface_points(lif, lifr, 4.5)
    >>> smaller, larger = structure.fit_quadric(points).curvatures
    >>> round(smaller, 3), round(larger, 3)
    (-0.031, 0.035)
    """
    array = check_points(points, 6, "a quadratic surface")
    centre, frame = array.mean(axis=0), principal_axes(array)
    turn = np.array([[1], [-1], [-1]])  # half a turn about x: z to the other side
    if towards is not None:
        side = np.asarray(towards, dtype=float)
        if side.shape != (3,) or not np.isfinite(side).all():
            raise LifbookError(
                f"{towards} is not a point", remedy="give three numbers, in Å", argument="towards"
            )
        frame = frame if (side - centre) @ frame[2] >= 0 else frame * turn
    fit = _fit_in_frame(array, centre, frame)
    if towards is None and sum(fit.curvatures) < 0:
        fit = _fit_in_frame(array, centre, frame * turn)
    return fit


def _fit_in_frame(
    points: NDArray[np.float64], centre: NDArray[np.float64], frame: NDArray[np.float64]
) -> QuadricFit:
    """`fit_quadric` in a frame that is given: rows x, y, z, the origin at the centre."""
    x, y, z = ((points - centre) @ frame.T).T
    terms = _terms(x, y)
    coefficients, _, rank, _ = np.linalg.lstsq(terms.T, z, rcond=1e-9)
    if rank < 6:
        raise LifbookError(
            "the points lie on a line or a conic and leave the surface undetermined",
            remedy="give points that cover an area, for instance at a larger cut-off",
        )
    a, b, c, d, e, _ = coefficients
    first_form = np.array([[1 + d * d, d * e], [d * e, 1 + e * e]])
    second_form = np.array([[2 * a, b], [b, 2 * c]]) / np.sqrt(1 + d * d + e * e)
    low, high = eigh(second_form, first_form, eigvals_only=True)
    rms, plane_rms = (float(np.sqrt(np.mean(r**2))) for r in (coefficients @ terms - z, z))
    return QuadricFit(coefficients, (float(low), float(high)), rms, plane_rms, frame, centre)


def _terms(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """The six terms of the surface at x and y, the first axis of the array."""
    return np.array([x * x, x * y, y * y, x, y, np.ones_like(x * y)])
