"""Evidence and members: special functions, the loss on evidence, networks side by side."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from keras import ops
from scipy import special

from dlcourse import uncertainty
from dlcourse.uncertainty import members

ALPHAS = arrays(np.float64, (3, 4), elements=st.floats(1, 300, width=32))


def numbers(tensor: object) -> np.ndarray:
    return ops.convert_to_numpy(tensor)


@pytest.mark.parametrize(("ours", "scipys"), [("log_gamma", special.gammaln), ("digamma", special.digamma)])
def test_special_functions_are_scipys(ours, scipys) -> None:
    x = np.array([0.01, 0.5, 1, 1.46163, 2, 3.7, 10, 250, 1e4])
    result = numbers(getattr(uncertainty, ours)(x.astype("float32")))
    np.testing.assert_allclose(result, scipys(x), rtol=2e-6, atol=5e-6)


@settings(max_examples=30, deadline=None)
@given(ALPHAS)
def test_the_divergence_from_the_flat_distribution(alpha: np.ndarray) -> None:
    divergence = numbers(uncertainty.kl_from_uniform(alpha.astype("float64")))
    assert divergence.shape == (3,)
    assert (divergence > -1e-4).all()
    np.testing.assert_allclose(numbers(uncertainty.kl_from_uniform(alpha[:, ::-1].copy())), divergence, atol=1e-3)


def test_the_divergence_of_two_classes_has_a_simple_form() -> None:
    a = np.array([1.0, 1.5, 4, 30])
    alpha = np.stack([np.ones(4), a], axis=1)
    np.testing.assert_allclose(numbers(uncertainty.kl_from_uniform(alpha)), np.log(a) - (a - 1) / a, atol=1e-5)


def test_without_the_penalty_the_loss_is_the_expected_square() -> None:
    rng = np.random.default_rng(0)
    evidence, y = np.array([3.0, 0.0, 8.0]), np.array([0.0, 0.0, 1.0])
    drawn = rng.dirichlet(evidence + 1, size=200_000)
    expected = ((y - drawn) ** 2).sum(axis=1).mean()
    assert abs(float(uncertainty.evidential_loss(y, evidence, 0.0)) - expected) < 0.002


def test_evidence_for_the_right_class_is_not_punished_and_for_a_wrong_one_it_is() -> None:
    y = np.eye(3)[[0, 0]]
    evidence = np.array([[50.0, 0, 0], [50.0, 5, 0]])
    punished = numbers(uncertainty.evidential_loss(y, evidence, 1.0) - uncertainty.evidential_loss(y, evidence, 0.0))
    assert abs(punished[0]) < 1e-4 < 0.5 < punished[1]


def test_each_member_may_have_a_weight_of_its_own() -> None:
    rng = np.random.default_rng(0)
    y, evidence = np.eye(4)[rng.integers(4, size=(5, 2))], rng.exponential(3, size=(5, 2, 4))
    weights = np.array([0.0, 0.7])
    both = numbers(uncertainty.evidential_loss(y, evidence, weights))
    assert both.shape == (5, 2)
    for member, weight in enumerate(weights):
        alone = numbers(uncertainty.evidential_loss(y[:, member], evidence[:, member], weight))
        np.testing.assert_allclose(both[:, member], alone, rtol=1e-5)


def test_cross_entropy_is_kerass() -> None:
    rng = np.random.default_rng(0)
    y, logits = np.eye(3)[rng.integers(3, size=6)].astype("float32"), rng.normal(0, 5, (6, 3)).astype("float32")
    theirs = keras.losses.categorical_crossentropy(y, logits, from_logits=True)
    np.testing.assert_allclose(numbers(uncertainty.cross_entropy(y, logits)), numbers(theirs), rtol=1e-5, atol=1e-6)


@pytest.fixture(scope="module")
def blobs() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=90)
    return rng.normal(size=(90, 4)) + 3 * np.eye(4)[y], y


def test_side_by_side_is_the_same_as_alone(blobs) -> None:
    X, y = blobs
    together = members.build(4, 8, 3, seeds=(5, 6, 7))
    members.train(together, X, y, n_epochs=5, batch_size=32, seeds=(5, 6, 7))
    alone = members.build(4, 8, 3, seeds=(6,))
    members.train(alone, X, y, n_epochs=5, batch_size=32, seeds=(6,))
    np.testing.assert_allclose(members.outputs(together, X)[1], members.outputs(alone, X)[0], atol=1e-4)
    assert np.abs(members.outputs(together, X)[0] - members.outputs(together, X)[1]).max() > 0.1
    single = members.take(together, 2)
    np.testing.assert_allclose(numbers(single(X)), members.outputs(together, X)[2], atol=1e-5)


def test_members_learn(blobs) -> None:
    X, y = blobs
    model = members.build(4, 16, 3, seeds=range(2))
    members.train(model, X, y, n_epochs=30, lr=0.02)
    assert ((members.outputs(model, X).argmax(axis=-1) == y).mean(axis=1) > 0.9).all()


def test_dropout_is_drawn_for_each_member_and_off_by_default(blobs) -> None:
    X, _ = blobs
    model = members.build(4, 8, 3, seeds=(1, 1), dropout=0.5)
    still = members.outputs(model, X)
    np.testing.assert_array_equal(still, members.outputs(model, X))
    np.testing.assert_array_equal(still[0], still[1])
    drawn = members.outputs(model, X, training=True)
    assert np.abs(drawn[0] - drawn[1]).max() > 0.01
    single = members.take(model, 0)
    np.testing.assert_allclose(numbers(single(X)), still[0], atol=1e-5)
    assert np.abs(numbers(single(X, training=True)) - still[0]).max() > 0.01


def test_evidence_is_positive(blobs) -> None:
    model = members.build(4, 8, 3, seeds=(1,), activation="exponential")
    assert members.outputs(model, blobs[0]).min() > 0


def test_what_a_person_can_get_wrong(blobs) -> None:
    X, y = blobs
    model = members.build(4, 8, 3, seeds=(1, 2))
    with pytest.raises(ValueError, match="X has 90 samples and y 89 labels"):
        members.train(model, X, y[1:], n_epochs=1)
    with pytest.raises(ValueError, match="1 seeds for 2 members"):
        members.train(model, X, y, n_epochs=1, seeds=[3])
