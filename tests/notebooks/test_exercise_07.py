"""What exercise 7 says in its text, its figure and its model answers is so."""

import numpy as np
import pytest

from autograder.notebook import cells_by_id
from sources.build import find_sources, read_text

SOURCE = next(source for source in find_sources() if source.notebook.parent.name == "07-uncertainty")
CELLS = cells_by_id(read_text(SOURCE))


@pytest.fixture(scope="module")
def answers() -> dict[str, object]:
    """The names that the set-up, the answers and the cell with the two maps define."""
    namespace: dict[str, object] = {}
    names = ("setup", "ensemble_opinion", "deep_ensemble", "dirichlet", "evidential_loss", "calibration_error")
    for name in (*names, "temper", "auroc", "conformal_sets"):
        exec(CELLS[name].source, namespace)
    exec(CELLS["two_maps"].source.split("figure, panels")[0], namespace)
    return namespace


def test_examples_in_the_text(answers) -> None:
    p, total, epistemic = answers["ensemble_opinion"](np.array([[[0.0, 0.0]], [[np.log(3), 0.0]]]))
    np.testing.assert_allclose(p, [[0.625, 0.375]])
    assert (total[0].round(3), epistemic[0].round(3)) == (0.662, 0.034)
    p, variance, u = answers["dirichlet"](np.array([[2.0, -3, 0]]))
    np.testing.assert_allclose(p, [[0.6, 0.2, 0.2]])
    np.testing.assert_allclose(variance, [[0.04, 0.0267, 0.0267]], atol=1e-4)
    np.testing.assert_allclose(u, [0.6])
    y, evidence = np.array([[1.0, 0.0]]), np.array([[0.0, 3.0]])
    term = answers["evidential_loss"](y, evidence, 10) - answers["evidential_loss"](y, evidence, 0)
    assert term[0].round(3) == 0.636
    p = np.array([[0.9, 0.1]] * 4 + [[0.55, 0.45]] * 4)
    assert round(answers["calibration_error"](p, np.array([0, 0, 0, 1, 0, 1, 1, 1]), 10), 6) == 0.225
    assert round(answers["auroc"](np.array([0.1, 0.2, 0.2]), np.array([0.2, 0.9])), 6) == round(5 / 6, 6)


def test_the_loss_without_penalty_is_the_expected_square(answers) -> None:
    y, evidence = np.array([[0.0, 1.0, 0.0]]), np.array([[2.0, 5.0, 0.0]])
    drawn = np.random.default_rng(0).dirichlet(evidence[0] + 1, size=100_000)
    expected = ((y - drawn) ** 2).sum(axis=1).mean()
    assert abs(answers["evidential_loss"](y, evidence, 0)[0] - expected) < 0.005


def test_a_is_where_species_meet_and_b_where_no_penguin_is(answers) -> None:
    X, y, peaks = answers["penguins"].X, answers["penguins"].y, answers["peaks"]
    near_a = np.linalg.norm(X - peaks["A"], axis=1) < 0.6
    assert len(np.unique(y[near_a])) >= 2  # "the species overlap there"
    assert np.linalg.norm(X - peaks["B"], axis=1).min() > 1  # "there are no penguins"
    at = {name: np.abs(answers["places"] - place).sum(axis=1).argmin() for name, place in peaks.items()}
    aleatoric, epistemic = answers["aleatoric"], answers["epistemic"]
    assert epistemic[at["A"]] < 0.1 * aleatoric[at["A"]]  # "all members agree that it cannot be told"
    assert epistemic[at["B"]] > 5 * epistemic[at["A"]]
    # "high mutual information far from all penguins"
    far = np.linalg.norm(answers["places"][:, None] - X, axis=2).min(axis=1) > 1
    assert epistemic[far].mean() > epistemic[~far].mean()


def test_the_promise_of_the_sets_and_how_it_breaks(answers) -> None:
    penguins, found = answers["penguins"], {}
    for split in range(20):
        order = np.random.default_rng(split).permutation(len(penguins))
        fit, val, test = np.split(order, [171, 257])
        network = answers["new_network"](np.random.default_rng(100 + split))
        answers["train"](network, penguins.X[fit], penguins.y[fit], np.random.default_rng(200 + split), n_steps=400)
        p_val = answers["probabilities"](network, penguins.X[val])
        for shift in ((0, 0), (0.5, -0.5)):
            p_test = answers["probabilities"](network, penguins.X[test] + shift)
            sets = answers["conformal_sets"](p_val, penguins.y[val], p_test)
            found.setdefault(shift, []).append(
                (sets[np.arange(len(test)), penguins.y[test]].mean(), sets.sum(axis=1).mean())
            )
    # "0.91 of the true species are in the sets, which hold 0.93 species on average"; "With the bent caliper it is 0.66"
    np.testing.assert_allclose(np.mean(found[0, 0], axis=0), (0.91, 0.93), atol=0.015)
    assert abs(np.mean(found[0.5, -0.5], axis=0)[0] - 0.66) < 0.03
    # with too few scores for the promise every class is in the set
    assert answers["conformal_sets"](np.eye(3), np.arange(3), np.eye(3)).all()
