"""Nine ways to spoil an image: what each promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse import data
from dlcourse.corruptions import CORRUPTIONS, power_equalisation

BY_NAME = {corruption.name: corruption for corruption in CORRUPTIONS}
DIGITS = data.load("digits").X[:60]


def spoil(name, X, level, seed=0):
    return BY_NAME[name](X, level, np.random.default_rng(seed))


@given(corruption=st.sampled_from(CORRUPTIONS), index=st.integers(0, 4), seed=st.integers(0, 99))
def test_every_level_gives_valid_images_and_leaves_the_originals(corruption, index, seed):
    X = DIGITS[:7, ..., None].copy()
    spoilt = corruption(X, corruption.levels[index], np.random.default_rng(seed))
    assert spoilt.shape == X.shape and spoilt.dtype == np.float32
    assert spoilt.min() >= 0 and spoilt.max() <= 1
    assert not np.allclose(spoilt, X)
    np.testing.assert_array_equal(X[..., 0], DIGITS[:7])
    again = corruption(X, corruption.levels[index], np.random.default_rng(seed))
    np.testing.assert_array_equal(spoilt, again)


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.name)
def test_level_zero_changes_nothing_and_higher_levels_change_more(corruption):
    np.testing.assert_allclose(corruption(DIGITS, 0, np.random.default_rng(0)), DIGITS, atol=1e-6)
    far = [np.abs(corruption(DIGITS, level, np.random.default_rng(0)) - DIGITS).mean() for level in corruption.levels]
    assert len(far) == 5 and far == sorted(far)


def test_noise_is_as_wide_as_it_says():
    grey = np.full((200, 8, 8), 0.5)
    noise = spoil("uniform noise", grey, 0.3) - 0.5
    assert 0.29 < noise.max() <= 0.3 and -0.3 <= noise.min() < -0.29
    peppered = spoil("salt and pepper", grey, 0.4)
    assert np.mean(peppered == 0) == pytest.approx(0.2, abs=0.02)
    assert np.mean(peppered == 1) == pytest.approx(0.2, abs=0.02)


def test_contrast_is_lost_towards_the_middle():
    np.testing.assert_allclose(spoil("low contrast", DIGITS, 0.7), 0.5 + 0.3 * (DIGITS - 0.5), atol=1e-6)


def test_filters_take_what_they_should():
    stripes = np.tile(0.5 + 0.4 * np.cos(np.pi * np.arange(16)), (1, 16, 1))  # the finest there are
    hill = 0.5 + 0.4 * np.cos(np.pi * np.arange(64) / 64)[None, None, :] * np.ones((1, 64, 1))  # coarse
    assert np.ptp(spoil("low pass (blur)", stripes, 1.5)[:, :, 4:-4]) < 0.02
    assert np.ptp(spoil("low pass (blur)", hill, 1.5)) > 0.75
    assert np.ptp(spoil("high pass", stripes, 1.0)[:, :, 4:-4]) > 0.75
    assert np.ptp(spoil("high pass", hill, 1.0)) < 0.1


def test_phase_noise_keeps_strengths_and_power_equalisation_phases():
    X = np.random.default_rng(0).uniform(0.45, 0.55, size=(20, 9, 9))  # so that nothing is clipped
    before, after = np.fft.fft2(X), np.fft.fft2(spoil("phase noise", X, 150).astype(float))
    np.testing.assert_allclose(np.abs(after), np.abs(before), atol=1e-4)
    equal = np.fft.fft2(power_equalisation(X, 1.0, np.random.default_rng(0)))
    np.testing.assert_allclose(np.abs(equal), np.broadcast_to(np.abs(before).mean(axis=0), X.shape), atol=1e-9)
    np.testing.assert_allclose(np.angle(equal / before), 0, atol=1e-9)


def test_a_quarter_turn_is_a_quarter_turn():
    np.testing.assert_allclose(spoil("rotation", DIGITS, 90), np.rot90(DIGITS, axes=(1, 2)), atol=1e-6)


def test_scrambling_moves_ink_and_hardly_loses_it():
    middle = np.zeros((50, 17, 17))
    middle[:, 6:11, 6:11] = 1
    moved = spoil("scrambling", middle, 1.0)
    assert moved.sum() == pytest.approx(middle.sum(), rel=0.15)
    assert np.abs(moved - middle).mean() > 0.02


def test_levels_are_shown_with_their_units():
    assert BY_NAME["uniform noise"].label(0.2) == "±0.2"
    assert BY_NAME["salt and pepper"].label(0.1) == "10% of pixels"
    assert BY_NAME["rotation"].label(15) == "15°"


@pytest.mark.parametrize(
    ("X", "says"),
    [
        (np.zeros((8, 8)), r"\(n_samples, height, width"),
        (np.zeros((2, 8, 8, 3)), "grey images"),
        (np.full((2, 8, 8), 16), "between 0 and 1"),
    ],
)
def test_refuses_what_is_no_stack_of_grey_images(X, says):
    with pytest.raises(ValueError, match=says):
        spoil("rotation", X, 15)
