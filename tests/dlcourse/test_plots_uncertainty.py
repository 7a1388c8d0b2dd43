"""The figures of chapter 7: reliability diagrams, Dirichlet clouds, strips of images above an axis."""

import numpy as np
import pytest

from dlcourse import plots


def test_reliability_leaves_out_bins_without_enough_samples() -> None:
    figure, axes = plots.new_figure()
    bins = np.array([0.1, 0.5, 0.9]), np.array([0.0, 0.4, 1.0]), np.array([0.0, 0.01, 0.99])
    plots.reliability(axes, {"all": bins, "most": bins}, least_share=0.0)
    (all_bins,) = (line for line in axes.lines if line.get_label() == "all")
    np.testing.assert_allclose(all_bins.get_xydata(), [[0.5, 0.4], [0.9, 1.0]])
    _, axes = plots.new_figure()
    plots.reliability(axes, {"most": bins}, least_share=0.05)
    (most,) = (line for line in axes.lines if line.get_label() == "most")
    np.testing.assert_allclose(most.get_xydata(), [[0.9, 1.0]])
    assert axes.get_xlabel().startswith("confidence") and figure is not None
    with pytest.raises(ValueError, match="one value for each bin"):
        plots.reliability(axes, {"uneven": (bins[0], bins[1], bins[2][:2])})


def test_a_cloud_is_dark_where_the_distribution_is_dense() -> None:
    _, axes = plots.new_figure()
    plots.simplex(axes, (20, 2, 2), ("A", "B", "C"), title="sure")
    density = np.ma.filled(axes.collections[0].get_array(), np.nan).reshape(261, 301)
    rows, columns = np.unravel_index(np.nanargmax(density), density.shape)
    assert rows < 40 and columns < 60  # the lower left corner is A
    # the density of a Dirichlet distribution integrates to 1 over (p1, p2), so to √3/2 over the drawn triangle
    cell = (1 / 300) * (np.sqrt(3) / 2 / 260)
    assert np.nansum(density) * cell == pytest.approx(np.sqrt(3) / 2, rel=0.03)
    assert [text.get_text() for text in axes.texts] == ["A", "B", "C"]


def test_no_evidence_is_evenly_pale() -> None:
    _, axes = plots.new_figure()
    plots.simplex(axes, (1, 1, 1), ("A", "B", "C"))
    values = np.asarray(axes.collections[0].get_array(), dtype=float)
    np.testing.assert_allclose(values[np.isfinite(values)], 2, rtol=1e-6)


@pytest.mark.parametrize("alpha", [(1, 2), (0.5, 1, 1)])
def test_a_cloud_needs_three_parameters_of_at_least_one(alpha) -> None:
    _, axes = plots.new_figure()
    with pytest.raises(ValueError, match="three parameters of at least 1"):
        plots.simplex(axes, alpha, ("A", "B", "C"))


def test_a_strip_stands_at_its_places() -> None:
    _, axes = plots.new_figure()
    plots.strip(axes, np.zeros((3, 8, 8)), np.array([0, 15, 30]))
    assert axes.get_xlim() == (-7.5, 37.5)
    assert [np.mean(image.get_extent()[:2]) for image in axes.images] == pytest.approx([0, 15, 30])
    with pytest.raises(ValueError, match="one place for each"):
        plots.strip(axes, np.zeros((3, 8, 8)), np.array([0, 15]))
    with pytest.raises(ValueError, match="must rise evenly"):
        plots.strip(axes, np.zeros((3, 8, 8)), np.array([0, 15, 40]))
