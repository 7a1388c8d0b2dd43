"""`fit` trains as `model.fit` does, stops at the best epoch, and shows how it goes at little cost."""

import re
from pathlib import Path

import numpy as np
import pytest

from dlcourse import device, training
from dlcourse.plots.loss import loss_curve

ROOT = Path(__file__).resolve().parents[2]


def problem(n_samples: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Two clouds of points, one for each class."""
    rng = np.random.default_rng(0)
    y = np.arange(n_samples) % 2
    return rng.normal(size=(n_samples, 2)) + 2 * y[:, None], y.astype(float)


def network(lr: float = 0.1) -> object:
    """A logistic regression, always with the same weights."""
    keras = device.import_keras()
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.SGD(lr), "binary_crossentropy", metrics=["accuracy"])
    return model


def test_it_trains_as_keras_does() -> None:
    X, y = problem()
    ours, theirs = network(), network()
    run = training.fit(ours, X, y, n_epochs=3, batch_size=8, seed=5)
    device.set_seed(5)
    history = theirs.fit(X, y, epochs=3, batch_size=8, verbose=0).history
    assert run.history == history
    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)
    assert (run.n_epochs, run.best_epoch) == (3, 3)
    assert 0 < run.seconds < 60


def test_early_stopping_keeps_the_best_weights() -> None:
    """The validation labels are turned round: the longer it learns, the worse they get."""
    X, y = problem()
    model = network()
    start = model.get_weights()
    seen = []
    watch = device.import_keras().callbacks.LambdaCallback(on_epoch_end=lambda *_: seen.append(model.get_weights()))
    run = training.fit(
        model, X, y, n_epochs=50, validation_data=(X, 1 - y), patience=3, seed=0, verbose=False, callbacks=[watch]
    )
    assert (run.n_epochs, run.best_epoch) == (4, 1)
    assert run.history["val_loss"][0] == min(run.history["val_loss"])
    np.testing.assert_array_equal(model.get_weights()[0], seen[0][0])
    assert not np.array_equal(model.get_weights()[0], start[0])
    assert repr(run).startswith("4 epochs in ")
    assert f"kept the weights of epoch 1: accuracy {run.history['accuracy'][0]:.4g}" in repr(run)


def test_best_weights_are_kept_when_the_epochs_run_out_first() -> None:
    X, y = problem()
    model = network()
    run = training.fit(model, X, y, n_epochs=3, validation_data=(X, 1 - y), patience=10, verbose=False)
    assert (run.n_epochs, run.best_epoch) == (3, 1)
    loss, _ = model.evaluate(X, 1 - y, verbose=0)
    assert loss == pytest.approx(run.history["val_loss"][0], rel=1e-5)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n_epochs": 0}, "n_epochs is 0, and must be at least 1"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"patience": 0}, "patience is 0"),
        ({"patience": 2}, r"patience=2 .* needs validation_data=\(X_val, y_val\)"),
        ({"y": np.zeros(3)}, "X and y differ in length: 64 samples, 3 targets"),
        ({"validation_data": (np.zeros((5, 2)), np.zeros(4))}, "validation X and y differ in length: 5 samples, 4"),
    ],
)
def test_slips_are_told_before_anything_runs(changes: dict, said: str) -> None:
    X, y = problem()
    with pytest.raises(ValueError, match=said):
        training.fit(None, **{"X": X, "y": y, "n_epochs": 1} | changes)


def test_a_share_of_the_samples_can_validate() -> None:
    X, y = problem()
    run = training.fit(network(), X, y, n_epochs=2, patience=1, validation_split=0.25, verbose=False)
    assert len(run.history["val_loss"]) == run.n_epochs


def test_other_keras_inputs_pass_through() -> None:
    class Batches(device.import_keras().utils.PyDataset):
        def __len__(self) -> int:
            return 4

        def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
            X, y = problem()
            return X[index::4], y[index::4]

    run = training.fit(network(), Batches(), n_epochs=2, batch_size=None, verbose=False)
    assert run.n_epochs == 2


def test_plain_lines(capfd: pytest.CaptureFixture[str]) -> None:
    X, y = problem()
    training.fit(network(), X, y, n_epochs=25)
    out, err = capfd.readouterr()
    lines = out.splitlines()
    assert [int(line.split()[1].split("/")[0]) for line in lines[:-1]] == [1, 3, 6, 9, 12, 15, 18, 21, 24, 25]
    assert re.fullmatch(r"epoch  1/25  accuracy [\d.]+  loss [\d.]+  [\d.]+ s", lines[0])
    assert re.fullmatch(r"25 epochs in [\d.]+ s: accuracy [\d.]+  loss [\d.]+", lines[-1])
    assert err == ""
    training.fit(network(), X, y, n_epochs=2, verbose=False)
    assert capfd.readouterr() == ("", "")


def test_a_loss_that_is_no_number_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    X, y = problem()
    run = training.fit(network(), X * np.nan, y, n_epochs=2)
    assert "The loss is not finite from epoch 1 on: try a smaller learning rate" in repr(run)
    assert "The loss is not finite" in capsys.readouterr().out


def test_metrics_measured_less_often_are_left_out_of_the_summary() -> None:
    X, y = problem()
    run = training.fit(network(), X, y, n_epochs=3, validation_data=(X, y), validation_freq=2, verbose=False)
    assert len(run.history["val_loss"]) == 1
    assert "val_" not in repr(run)


# --- when what is shown ---


class Clock:
    """Time that passes only when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class View:
    """Notes what it is told to show; drawing a plot takes half a second."""

    plots = True

    def __init__(self, clock: Clock) -> None:
        self.clock, self.moves, self.drawings = clock, [], []

    def move(self, done: float, n_epochs: int, logs: dict, seconds: float, left: float | None) -> None:
        self.moves.append((seconds, done, left))

    def plot(self, history: dict, n_epochs: int) -> None:
        self.clock.now += 0.5
        self.drawings.append(self.clock.now)

    def after_epoch(self, *_: object) -> None:
        pass


def watched(n_epochs: int, n_batches: int | None, batch_seconds: float) -> View:
    """Go through the motions of a training run."""
    clock = Clock()
    view = View(clock)
    progress = training._Progress(n_epochs, view, clock)
    progress.n_batches = lambda: n_batches
    for epoch in range(n_epochs):
        for batch in range(n_batches or 100):
            progress.before_batch(batch)
            clock.now += batch_seconds
            progress.after_batch(batch, {"loss": 1.0})
        progress.after_epoch(epoch, {"loss": 1.0})
    return view


def test_the_bar_moves_at_most_four_times_a_second() -> None:
    moments = [seconds for seconds, _, _ in watched(20, 100, batch_seconds=0.01).moves]
    assert min(np.diff(moments)) >= training.UPDATE_SECONDS - 1e-9
    assert len(moments) > 60  # of 20 s


def test_the_bar_says_how_far_it_is_and_how_long_it_takes() -> None:
    view = watched(10, 50, batch_seconds=0.1)
    done = [done for _, done, _ in view.moves]
    assert done == sorted(done)
    halfway = next(move for move in view.moves if move[1] >= 5)
    assert halfway[2] == pytest.approx(25, abs=2)  # 10 epochs of 5 s, of which half are left; drawing comes on top


def test_a_batch_that_is_noted_late_does_not_turn_the_bar_back() -> None:
    clock = Clock()
    progress = training._Progress(2, View(clock), clock)
    progress.n_batches = lambda: 10
    for batch in (0, 2, 1):
        progress.after_batch(batch, {"loss": float(batch)})
    clock.now += training.UPDATE_SECONDS
    progress.before_batch(3)
    assert progress.view.moves[-1][1] == pytest.approx(0.3)
    assert progress.batch == (3, {"loss": 2.0})


def test_an_unknown_number_of_batches_counts_epochs_only() -> None:
    view = watched(3, None, batch_seconds=0.01)
    assert {done for _, done, _ in view.moves} <= {0, 1, 2, 3}
    assert view.moves[0][2] is None  # nothing to judge the rest by yet


def test_drawing_stays_within_its_share_of_the_time() -> None:
    view = watched(200, 100, batch_seconds=0.01)
    assert len(view.drawings) > 3
    assert 0.5 * len(view.drawings) <= training.PLOT_SHARE * view.clock.now * 1.2


def test_a_short_run_draws_nothing_on_the_way() -> None:
    assert watched(4, 100, batch_seconds=0.01).drawings == []


# --- in a notebook ---


NOTEBOOK = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import numpy as np
from dlcourse import device, training
training.PLOT_SHARE = 1e9; training.UPDATE_SECONDS = 0.0   # show everything
keras = device.import_keras()
device.set_seed(0)
X = np.random.default_rng(0).normal(size=(64, 2))
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
"""
FIT = "run = training.fit(model, X, X[:, 0], n_epochs=4, validation_data=(X, X[:, 0]), patience=2, live={live})"


@pytest.mark.notebook
@pytest.mark.slow
def test_a_notebook_shows_a_bar_and_keeps_the_plot_or_prints_lines() -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    notebook = new_notebook(
        cells=[new_code_cell(NOTEBOOK + FIT.format(live=True)), new_code_cell(FIT.format(live=False))]
    )
    NotebookClient(notebook, timeout=300).execute()
    bar, plot = notebook.cells[0].outputs  # and nothing on stderr
    assert bar.output_type == plot.output_type == "display_data"
    html = bar.data["text/html"]
    assert html.startswith('<div><progress value="1" max="1" aria-label="training"></progress> 4 epochs in')
    assert bar.data["text/plain"].startswith("4 epochs in")
    assert 'alt="The loss over 4 epochs. Training: from ' in plot.data["text/html"]
    assert "A line marks epoch 4, whose weights are kept." in plot.data["text/plain"]

    lines = notebook.cells[1].outputs
    assert {(output.output_type, output.get("name")) for output in lines} == {("stream", "stdout")}
    assert "".join(output.text for output in lines).startswith("epoch 1/4  loss ")


def test_the_live_view_is_html_that_says_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    handle = type("Handle", (), {"update": lambda self, bundle, raw: shown.append(bundle)})()
    monkeypatch.setattr("IPython.display.display", lambda *args, **kwargs: handle)
    view = training._Notebook()
    view.plot({"loss": [2.0, 1.0]}, 10)
    view.move(2.5, 10, {"loss": 1.0}, seconds=5.0, left=15.0)
    assert '<progress value="2.5000" max="10" aria-label="training">' in shown[0]["text/html"]
    assert 'alt="The loss over 2 epochs. Training: from 2 to 1."' in shown[0]["text/html"]
    assert shown[0]["text/plain"] == "epoch 3 of 10 · loss 1 · 5 s, about 15 s left"


# --- the plot ---


@pytest.mark.parametrize(
    ("history", "alt"),
    [
        ({"loss": [2.0]}, "The loss after one epoch. Training: 2."),
        (
            {"loss": [2.0, 1.0], "val_loss": [2.0, 3.0]},
            "Training: from 2 to 1. Validation: from 2 to 3, lowest (2) at epoch 1.",
        ),
        ({"loss": [2.0, np.inf]}, "Training: not a finite number from epoch 2 on."),
        ({"loss": [2.0, 1.0], "val_loss": [2.0]}, "The loss over 2 epochs. Training: from 2 to 1."),
    ],
)
def test_the_loss_curve_in_words(history: dict, alt: str) -> None:
    figure, words = loss_curve(history, best_epoch=1, n_epochs=10)
    assert alt in words
    assert words.endswith("A line marks epoch 1, whose weights are kept.")
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")
    assert axes.get_xlim() == (0.5, 10.5)
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), history["loss"])


def test_a_history_without_a_loss_is_refused() -> None:
    with pytest.raises(ValueError, match="train for at least one epoch"):
        loss_curve({"accuracy": [0.5]})
