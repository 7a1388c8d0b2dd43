"""The nuclei: the file is intact, shapes are measured right, and portraits show what their labels say."""

import numpy as np
import pytest

from dlcourse import nuclei
from dlcourse.datasets.make_nuclei import TARGET, write

TILE = nuclei.load()
SHAPES = nuclei.measure(TILE)


def ellipse(angle: float, *, long: float = 12, short: float = 7) -> nuclei.Tile:
    """A tile with one bright ellipse in the middle, its long axis at that angle."""
    down, across = np.mgrid[:101, :101] - 50.0
    turn = np.radians(angle)
    along, beside = np.cos(turn) * across - np.sin(turn) * down, np.sin(turn) * across + np.cos(turn) * down
    labels = ((along / long) ** 2 + (beside / short) ** 2 <= 1).astype(np.int64)
    return nuclei.Tile(10.0 + 50 * labels, labels, source="made here", licence="CC0")


def angle_of(picture: np.ndarray) -> float:
    """Angle of the long axis of what is bright in a picture, by its second moments."""
    weight = np.where(picture > 0.3, picture, 0).astype(float)
    down, across = np.mgrid[: picture.shape[0], : picture.shape[1]]
    mean = [np.average(grid, weights=weight) for grid in (across, down)]
    spread = np.cov(np.stack([across.ravel() - mean[0], mean[1] - down.ravel()]), aweights=weight.ravel())
    x, y = np.linalg.eigh(spread)[1][:, 1]
    return float(np.degrees(np.arctan2(y, x)) % 180)


def off_by(one: float, other: float) -> float:
    return abs((one - other + 90) % 180 - 90)


def test_the_tile_is_what_its_description_says() -> None:
    assert TILE.image.shape == TILE.labels.shape == (512, 512)
    assert (TILE.image.min(), TILE.image.max()) == (0, 235)
    assert len(SHAPES) == len(np.unique(TILE.labels)) - 1 == 125
    assert TILE.licence == "CC0 1.0"
    assert 10 < TILE.background < TILE.image[TILE.labels > 0].mean()


def test_the_file_is_made_the_same_way_each_time(tmp_path) -> None:
    again = tmp_path / "nuclei.npz"
    write(again, {"image": TILE.image.astype(np.uint8), "labels": TILE.labels.astype(np.uint8)})
    with np.load(again) as one, np.load(TARGET) as other:
        assert all(np.array_equal(one[name], other[name]) for name in ("image", "labels"))
    first = again.read_bytes()
    write(again, {"image": TILE.image.astype(np.uint8), "labels": TILE.labels.astype(np.uint8)})
    assert again.read_bytes() == first


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 135, 170])
def test_an_ellipse_is_measured(angle: float) -> None:
    shapes = nuclei.measure(ellipse(angle))
    assert off_by(shapes.angle[0], angle) < 2
    assert shapes.elongation[0] == pytest.approx(12 / 7, rel=0.05)
    assert shapes.area[0] == pytest.approx(np.pi * 12 * 7, rel=0.03)
    assert (shapes.row[0], shapes.column[0]) == pytest.approx((50, 50))
    assert shapes.whole[0] and shapes.alone[0]


def test_neighbours_and_edges_are_noticed() -> None:
    tile = ellipse(0)
    labels = tile.labels.copy()
    labels[50:55, 64:70] = 2  # a pixel away from the first
    labels[:4, 20:30] = 3  # at the edge
    shapes = nuclei.measure(nuclei.Tile(tile.image, labels, "", ""))
    assert shapes.alone.tolist() == [False, False, True]
    assert shapes.whole.tolist() == [True, True, False]


@pytest.mark.parametrize("angle", [0, 20, 75, 140])
@pytest.mark.parametrize("n_directions", [4, 8])
def test_portraits_lie_in_the_direction_of_their_label(angle: float, n_directions: int) -> None:
    tile = ellipse(angle)
    X, y = nuclei.portraits(tile, nuclei.measure(tile), 16, shift=3, seed=1, noise=0, n_directions=n_directions)
    assert X.shape == (16, 24, 24, 1) and X.dtype == np.float32
    step = 180 / n_directions
    for picture, direction in zip(X[..., 0], y, strict=True):
        assert off_by(angle_of(picture), step * direction) < step / 4 + 3


def test_portraits_of_real_nuclei_have_a_background_of_0_and_a_brightness_of_about_1() -> None:
    alone = SHAPES.where(SHAPES.alone & SHAPES.whole)
    X, y = nuclei.portraits(TILE, alone, 40, shift=0, seed=0, noise=0)
    assert np.bincount(y).tolist() == [10] * 4
    assert np.median(X[:, :3]) == pytest.approx(0, abs=0.05)
    assert 0.7 < np.median(X[:, 11:13, 11:13]) < 1.5
    np.testing.assert_array_equal(X, nuclei.portraits(TILE, alone, 40, shift=0, seed=0, noise=0)[0])


def test_what_cannot_be_chosen_is_said() -> None:
    with pytest.raises(ValueError, match="no nuclei to choose from"):
        nuclei.portraits(TILE, SHAPES.where(SHAPES.area < 0), 4, shift=0, seed=0)
    with pytest.raises(ValueError, match="one bool for each"):
        SHAPES.where([True])
