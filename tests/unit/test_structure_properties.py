"""Properties that lifbook.structure must have for any coordinates (hypothesis)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as hs
from scipy.spatial.transform import Rotation
from structure_material import ideal_helix, points_chain

from lifbook import structure as st
from lifbook.data import read_structure
from lifbook.errors import LifbookError
from lifbook.structure import folds

few = settings(deadline=None, max_examples=50)
fewer = settings(deadline=None, max_examples=15)

# Coordinates are multiples of 0.1 Å, so that float32, in which Biopython keeps them, and a
# turn in space cannot push a distance over the rounding to 0.001 Å.
coordinate = hs.integers(-80, 80).map(lambda n: n / 10)
point = hs.tuples(coordinate, coordinate, coordinate)


def clouds(least: int, most: int):
    return hs.lists(point, min_size=least, max_size=most, unique=True).map(np.array)


pairs_of_clouds = (
    hs.lists(point, min_size=4, max_size=24, unique=True)
    .map(np.array)
    .flatmap(lambda p: hs.integers(1, len(p) - 1).map(lambda n: (p[:n], p[n:])))
)
cutoffs = hs.floats(0.1, 20)
still = (np.eye(3), np.zeros(3))


@hs.composite
def motions(draw):
    quaternion = np.array(draw(hs.tuples(*[hs.floats(-1, 1)] * 4)))
    assume(np.linalg.norm(quaternion) > 0.1)
    shift = np.array(draw(hs.tuples(*[hs.floats(-50, 50)] * 3)))
    return Rotation.from_quat(quaternion).as_matrix(), shift


def move(points, motion):
    rotation, shift = motion
    return points @ rotation + shift


def chains(clouds_, motion=still):
    return [
        points_chain(name, move(cloud, motion)) for name, cloud in zip("AB", clouds_, strict=True)
    ]


# --- Contacts ----------------------------------------------------------------------------


@few
@given(pairs_of_clouds, cutoffs)
def test_contacts_do_not_depend_on_who_comes_first(pair, cutoff):
    a, b = chains(pair)
    there = st.contacts(a, b, cutoff)
    back = st.contacts(b, a, cutoff).rename(columns={"a": "b", "b": "a"})
    back = back.sort_values(["a", "b"], ignore_index=True)[["a", "b", "distance"]]
    pd.testing.assert_frame_equal(there, back)


@few
@given(pairs_of_clouds, cutoffs)
def test_contacts_are_all_pairs_within_the_cutoff(pair, cutoff):
    expected = {
        (i, j)
        for i, p in enumerate(pair[0], start=1)
        for j, q in enumerate(pair[1], start=1)
        if round(float(np.linalg.norm(p - q)), 3) <= round(cutoff, 3)
    }
    table = st.contacts(*chains(pair), cutoff)
    assert set(zip(table.a, table.b, strict=True)) == expected
    assert len(table) == len(expected)


@few
@given(pairs_of_clouds, hs.lists(cutoffs, min_size=2, max_size=8))
def test_counts_never_fall_as_the_cutoff_grows(pair, limits):
    counts = st.contact_counts(*chains(pair), sorted(limits))
    assert (counts.diff().dropna() >= 0).all(axis=None)


@few
@given(pairs_of_clouds, hs.lists(cutoffs, min_size=1, max_size=4))
def test_counts_are_those_of_contacts_at_each_cutoff(pair, limits):
    a, b = chains(pair)
    for limit, row in zip(limits, st.contact_counts(a, b, limits).itertuples(), strict=True):
        table = st.contacts(a, b, limit)
        assert (row.a, row.b, row.pairs) == (table.a.nunique(), table.b.nunique(), len(table))


@few
@given(pairs_of_clouds, cutoffs, motions())
def test_moving_the_complex_changes_no_contact(pair, cutoff, motion):
    cutoff = round(cutoff, 1) + 0.05  # not on a distance that the grid can have
    assume(cutoff <= 20)
    before, after = (st.contacts(*chains(pair, m), cutoff) for m in (still, motion))
    pd.testing.assert_frame_equal(before[["a", "b"]], after[["a", "b"]])
    assert after.distance.to_numpy() == pytest.approx(before.distance.to_numpy(), abs=0.0011)


# --- Axes --------------------------------------------------------------------------------


@few
@given(hs.integers(8, 30), hs.integers(8, 30), motions(), motions())
def test_moving_two_helices_changes_no_angle_or_distance(n, m, between, motion):
    def measures(common):
        axes = []
        for length, own in ((n, still), (m, between)):
            points = np.array([atom.coord for atom in ideal_helix(length).get_atoms()], float)
            chain = points_chain("A", move(move(points, own), common))
            axes.append(st.helix_axis(chain, 1, length))
        return st.crossing_angle(*axes), st.axis_distance(*axes)

    # arccos is steep near 0° and 180°: 1e-6 in the cosine is 0.1° there.
    assert measures(motion) == pytest.approx(measures(still), abs=0.01)


@few
@given(hs.integers(8, 30), hs.integers(8, 30), motions())
def test_angle_and_distance_do_not_depend_on_who_comes_first(n, m, between):
    rotation, shift = between
    a = st.helix_axis(ideal_helix(n), 1, n)
    b = st.helix_axis(ideal_helix(m, Rotation.from_matrix(rotation), shift), 1, m)
    assert st.crossing_angle(a, b) == pytest.approx(st.crossing_angle(b, a))
    assert st.axis_distance(a, b) == pytest.approx(st.axis_distance(b, a))
    assert 0 <= st.crossing_angle(a, b) <= 180
    # No shorter than any two points of the axes allow, no longer than from end to end.
    ends = np.linalg.norm(a.ends[:, None] - b.ends[None], axis=-1)
    assert st.axis_distance(a, b) <= ends.min() + 1e-9


# --- Buried surface ----------------------------------------------------------------------


@fewer
@given(pairs_of_clouds)
def test_a_residue_buries_between_nothing_and_all_of_its_surface(pair):
    table = st.buried_surface(*chains(pair), points=60)
    assert (table.buried >= 0).all()
    assert (table.buried <= table.free).all()
    assert (table.bound >= 0).all()


@fewer
@given(pairs_of_clouds)
def test_buried_surface_does_not_depend_on_who_comes_first(pair):
    a, b = chains(pair)
    there = st.buried_surface(a, b, points=60).set_index(["chain", "number"]).buried
    back = st.buried_surface(b, a, points=60).set_index(["chain", "number"]).buried
    pd.testing.assert_series_equal(there.sort_index(), back.sort_index())


@fewer
@given(pairs_of_clouds, motions())
def test_moving_the_complex_changes_the_buried_surface_by_sampling_only(pair, motion):
    before, after = (
        st.buried_surface(*chains(pair, m), points=400).buried for m in (still, motion)
    )
    # The points on an atom's sphere stay where they are while the complex turns: a cap's
    # area is known to about its rim, here 4 % of a sphere of 121 Å².
    assert np.abs(before - after).max() < 5


# --- Superposition -----------------------------------------------------------------------


@hs.composite
def matched_clouds(draw):
    n = draw(hs.integers(4, 15))
    return [np.array(draw(hs.lists(point, min_size=n, max_size=n, unique=True))) for _ in "AB"]


def off_line(points):
    return np.linalg.svd(points - points.mean(axis=0), compute_uv=False)[1] > 0.5


@few
@given(matched_clouds(), motions())
def test_rmsd_does_not_depend_on_where_the_two_lie(pair, motion):
    assume(all(off_line(cloud) for cloud in pair))
    a, b = chains(pair)
    rmsd = st.superimpose(a, b).rmsd
    moved = points_chain("A", move(pair[0], motion))
    assert st.superimpose(moved, b).rmsd == pytest.approx(rmsd, abs=1e-3)
    assert st.superimpose(a, points_chain("B", move(pair[1], motion))).rmsd == (
        pytest.approx(rmsd, abs=1e-3)
    )
    assert st.superimpose(b, a).rmsd == pytest.approx(rmsd, abs=1e-3)


@few
@given(matched_clouds(), motions())
def test_no_other_motion_fits_better(pair, motion):
    assume(all(off_line(cloud) for cloud in pair))
    best = st.superimpose(*chains(pair))
    other = move(pair[0] - pair[0].mean(axis=0), (motion[0], pair[1].mean(axis=0)))
    rmsd = np.sqrt(np.mean(np.sum((other - pair[1]) ** 2, axis=1)))
    assert best.rmsd <= rmsd + 1e-4


@few
@given(clouds(4, 15), motions())
def test_a_moved_copy_comes_back(cloud, motion):
    assume(off_line(cloud))
    result = st.superimpose(*chains([move(cloud, motion), cloud]))
    assert result.rmsd < 1e-3
    assert result.apply(move(cloud, motion)) == pytest.approx(cloud, abs=2e-3)
    assert result.rotation @ result.rotation.T == pytest.approx(np.eye(3), abs=1e-6)
    assert np.linalg.det(result.rotation) == pytest.approx(1)


# --- Shape -------------------------------------------------------------------------------


@few
@given(hs.integers(0, 10**6), motions(), hs.floats(-0.06, 0.06), hs.floats(-0.06, 0.06))
def test_moving_the_interface_does_not_bend_it(seed, motion, k1, k2):
    rng = np.random.default_rng(seed)
    xy = rng.uniform([-14, -9], [14, 9], size=(60, 2))
    z = (k1 * xy[:, 0] ** 2 + k2 * xy[:, 1] ** 2) / 2 + rng.normal(scale=0.3, size=60)
    points = np.column_stack([xy, z])
    top = np.array([0, 0, 40.0])
    before = st.fit_quadric(points, towards=top)
    after = st.fit_quadric(move(points, motion), towards=move(top, motion))
    assert after.curvatures == pytest.approx(before.curvatures, abs=1e-8)
    assert (after.rms, after.plane_rms) == pytest.approx((before.rms, before.plane_rms))
    # Without a side to look from, the sign is settled by the shape itself.
    free = st.fit_quadric(points)
    if abs(sum(free.curvatures)) > 1e-6:
        assert st.fit_quadric(move(points, motion)).curvatures == (
            pytest.approx(free.curvatures, abs=1e-8)
        )
    assert free.rms <= free.plane_rms + 1e-9


@few
@given(clouds(3, 20))
def test_principal_axes_are_a_frame_in_order_of_spread(cloud):
    assume(off_line(cloud))
    axes = st.principal_axes(cloud)
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(axes) == pytest.approx(1)
    spread = ((cloud - cloud.mean(axis=0)) @ axes.T).std(axis=0)
    assert spread[0] >= spread[1] - 1e-9
    assert spread[1] >= spread[2] - 1e-9


# --- Sequences ---------------------------------------------------------------------------

proteins = hs.text(st.AMINO_ACIDS, max_size=40) | hs.text("NPST", max_size=40)


@few
@given(proteins, hs.integers(-50, 500))
def test_sequons(sequence, first):
    found = st.sequons(sequence, first=first)
    for number in found:
        i = number - first
        assert i < len(sequence) - 2
        assert sequence[i] == "N"
        assert sequence[i + 1] != "P"
        assert sequence[i + 2] in "ST"
    everything = range(len(sequence) - 2)
    assert len(found) == sum(
        sequence[i] == "N" and sequence[i + 1] != "P" and sequence[i + 2] in "ST"
        for i in everything
    )


@few
@given(hs.text(st.AMINO_ACIDS.replace("X", ""), min_size=1, max_size=40))
def test_a_sequence_is_identical_with_itself(sequence):
    aligned = st.align_sequences(sequence, sequence)
    assert aligned.identity == 1
    assert aligned.pairs == tuple((i, i) for i in range(len(sequence)))


@few
@given(
    hs.text(st.AMINO_ACIDS, min_size=1, max_size=25),
    hs.text(st.AMINO_ACIDS, min_size=1, max_size=25),
)
def test_alignment_keeps_the_order(first, second):
    try:
        aligned = st.align_sequences(first, second)
    except LifbookError as error:  # such as W against P
        assert "nothing in common" in str(error)
        return
    steps = np.diff(np.array(aligned.pairs), axis=0)
    assert (steps >= 1).all()
    assert 0 <= aligned.identity <= 1
    assert aligned.identical == sum(first[i] == second[j] for i, j in aligned.pairs)


# --- Correspondence by structure -----------------------------------------------------------


@cache
def lif_chain():
    return st.get_chain(read_structure("2Q7N"), "B")


def moved_copy(chain, motion):
    copy = chain.copy()
    copy.transform(*motion)
    return copy


@fewer
@given(motions(), hs.integers(1, 60), hs.integers(90, 180))
def test_a_part_of_a_chain_is_paired_with_itself_wherever_it_lies(motion, first, last):
    lif = lif_chain()
    part = moved_copy(st.slice_chain(lif, first, last), motion)
    found = st.align_structures(part, lif)
    assert found.pairs == [(number, number) for number in range(first, last + 1)]
    assert found.rmsd == pytest.approx(0, abs=1e-3)
    assert found.identity == 1 and found.tm_score == pytest.approx(1, abs=1e-4)


@cache
def lif_on_il6():
    """LIF, IL-6, and LIF aligned to it: the same for every motion."""
    lif, other = lif_chain(), st.get_chain(read_structure("1ALU"), "A")
    return lif, other, st.align_structures(lif, other)


@fewer
@given(motions())
def test_a_motion_changes_no_correspondence_and_who_is_moved_does_not_matter(motion):
    lif, other, back = lif_on_il6()
    there = st.align_structures(moved_copy(other, motion), lif)
    assert [(b, a) for a, b in back.pairs] == there.pairs
    assert there.rmsd == pytest.approx(back.rmsd, abs=1e-3)
    assert there.tm_score == pytest.approx(back.tm_score, abs=1e-3)
    # In a stretch of gaps either chain may come first; what is paired is the same.
    both = [
        [(a, b) for a, b in zip(*letters, strict=True) if "-" not in (a, b)]
        for letters in (there.letters, back.letters[::-1])
    ]
    assert both[0] == both[1] and len(both[0]) == there.n
    assert [text.replace("-", "") for text in there.letters] == [
        text.replace("-", "") for text in back.letters[::-1]
    ]


weights = (
    hs.integers(1, 7)
    .flatmap(
        lambda rows: hs.integers(1, 7).flatmap(
            lambda columns: hs.lists(
                hs.lists(
                    hs.sampled_from([0, 0, 0.25, 0.5, 1.0]), min_size=columns, max_size=columns
                ),
                min_size=rows,
                max_size=rows,
            )
        )
    )
    .map(np.array)
)


def every_path(table: np.ndarray) -> float:
    """Largest sum by trying everything: a pair, or a gap of any shape that costs once."""
    rows, columns = table.shape
    best = {}
    for i in range(rows):
        for j in range(columns):
            before = [0.0]
            for k in range(i):
                for m in range(j):
                    gap = 0 if (k, m) == (i - 1, j - 1) else st.GAP
                    before.append(best[k, m] - gap)
            best[i, j] = table[i, j] + max(before)
    return max(best.values())


@few
@given(weights)
def test_the_best_path_is_the_best(table):
    score, pairs = folds._best_path(table)
    assert score == pytest.approx(every_path(table))
    assert (np.diff(pairs, axis=0) > 0).all()
    assert (table[pairs[:, 0], pairs[:, 1]] > 0).all()


# --- Nearest atoms -------------------------------------------------------------------------


@few
@given(pairs_of_clouds)
def test_the_closest_approach_is_the_least_distance(pair):
    a, b = chains(pair)
    found = st.closest_approach(a, b)
    distances = np.linalg.norm(pair[0][:, None] - pair[1][None], axis=2)
    assert found.distance == pytest.approx(distances.min(), abs=0.0011)
    assert distances[found.a - 1, found.b - 1] == pytest.approx(distances.min(), abs=0.0011)
    back = st.closest_approach(b, a)
    assert back.distance == pytest.approx(found.distance, abs=0.0011)


@few
@given(pairs_of_clouds, cutoffs)
def test_clashes_are_contacts_and_count_atom_pairs(pair, cutoff):
    a, b = chains(pair)
    table = st.clashes(a, b, cutoff)
    pd.testing.assert_frame_equal(
        table[["a", "b", "distance"]], st.contacts(a, b, cutoff), check_dtype=False
    )
    assert (table["atom_pairs"] == 1).all()  # one atom a residue
