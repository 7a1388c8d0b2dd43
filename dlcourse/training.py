"""`fit`: Keras's own `model.fit`, with progress to look at, early stopping and the time it took."""

import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from dlcourse.device import import_keras, set_seed

UPDATE_SECONDS = 0.25  # the progress bar moves at most this often
PLOT_SHARE = 0.02  # the loss is redrawn so rarely that drawing takes at most this share of the time


@dataclass(frozen=True)
class Run:
    """What a training run left behind.

    Attributes:
        history: from the name of a loss or metric to its value after each epoch, as Keras records it.
        seconds: wall time of `model.fit`, the compilation in the first epoch included.
        best_epoch: the epoch, counted from 1, whose weights the model has now: the last one, or with early stopping
            the one of the lowest validation loss.
    """

    history: Mapping[str, Sequence[float]]
    seconds: float
    best_epoch: int

    @property
    def n_epochs(self) -> int:
        """Number of epochs that were trained."""
        return len(self.history["loss"])

    def __repr__(self) -> str:
        """Say on one line how it went."""
        count = "1 epoch" if self.n_epochs == 1 else f"{self.n_epochs} epochs"
        kept = f", kept the weights of epoch {self.best_epoch}" if self.best_epoch < self.n_epochs else ""
        complete = {name: values for name, values in self.history.items() if len(values) == self.n_epochs}
        last = _losses({name: values[self.best_epoch - 1] for name, values in complete.items()})
        return f"{count} in {self.seconds:.1f} s{kept}: {last}{_not_finite(self.history['loss'])}"


def fit(
    model: object,
    X: object,
    y: object = None,
    *,
    n_epochs: int,
    batch_size: int | None = 32,
    validation_data: object = None,
    patience: int | None = None,
    live: bool = True,
    seed: int | None = None,
    verbose: bool = True,
    callbacks: Sequence[object] = (),
    **options: object,
) -> Run:
    """Train a compiled Keras model with `model.fit` and show how it goes.

    In a notebook that is a progress bar and a plot of the loss, elsewhere some plain lines. Showing them is meant to
    cost at most 3 % of the processor's time (`bench/training.py` measures it) and does not touch the training: the same
    seed gives the weights that `model.fit` gives.

    Args:
        model: a compiled `keras.Model`.
        X: (n_samples, ...) inputs, or whatever else `model.fit` takes.
        y: (n_samples, ...) targets.
        n_epochs: how often the model sees every sample.
        batch_size: samples for each step; None if X is a dataset that makes its own batches.
        validation_data: ``(X, y)`` on which the loss is measured after each epoch.
        patience: stop when the validation loss has not improved for so many epochs, and take back the weights of the
            best epoch. By default training goes on to the end and keeps the last weights.
        live: show the bar and the plot if this is a notebook; otherwise print lines there too.
        seed: of shuffling and dropout. The weights are drawn when layers are made: seed before that to fix them too.
        verbose: False shows nothing at all.
        callbacks: more Keras callbacks.
        **options: passed on to `model.fit`, for example ``class_weight``.

    Raises:
        ValueError: if n_epochs, batch_size or patience is smaller than 1, X and y differ in length, or patience is
            given without validation data.
    """
    _check(X, y, n_epochs, batch_size, patience, validation_data, options)
    keras = import_keras()
    if seed is not None:
        set_seed(seed)
    progress = _Progress(n_epochs, _view(live) if verbose else None)
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_begin=progress.before_batch,
        on_train_batch_end=progress.after_batch,
        on_epoch_end=progress.after_epoch,
    )
    # `after_batch` may run in a thread beside the training. Else Keras would wait there for each batch's loss.
    watch.async_safe = True
    stopping = None
    if patience is not None:
        stopping = keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience, restore_best_weights=True)
    progress.n_batches = lambda: watch.params.get("steps")
    start = time.perf_counter()
    recorded = model.fit(
        X,
        y,
        batch_size=batch_size,
        epochs=n_epochs,
        validation_data=validation_data,
        verbose=0,
        callbacks=[*callbacks, *([stopping] if stopping else []), *([watch] if verbose else [])],
        **options,
    )
    seconds = time.perf_counter() - start
    run = Run(recorded.history, seconds, stopping.best_epoch + 1 if stopping else len(recorded.epoch))
    progress.finish(run, early=stopping is not None)
    return run


class _Progress:
    """Decides when to show what; the view decides how."""

    def __init__(
        self, n_epochs: int, view: "_Lines | _Notebook | None", clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self.n_epochs, self.view, self.clock = n_epochs, view, clock
        self.n_batches: Callable[[], int | None] = lambda: None  # Keras knows it once training has begun
        self.epoch = 0  # epochs completed
        self.batch: tuple[int, Mapping[str, float]] = (0, {})  # completed in this epoch, and the loss then
        self.history: dict[str, list[float]] = {}
        self.start = self.shown = self.plotted = clock()
        self.plot_cost = 0.1  # seconds; a guess until the first plot is drawn

    def before_batch(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Move the bar within an epoch, if it is time."""
        now = self.clock()
        if now - self.shown >= UPDATE_SECONDS:
            completed, losses = self.batch
            part = completed / (self.n_batches() or math.inf)
            self._show(now, min(self.epoch + part, self.n_epochs), losses)

    def after_batch(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Note the batch and its losses, from whatever thread; one that comes late is passed over."""
        if batch >= self.batch[0]:
            self.batch = batch + 1, logs or {}

    def after_epoch(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Note the losses; move the bar and redraw the plot, if it is time."""
        self.epoch, self.batch = epoch + 1, (0, logs or {})
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        self.view.after_epoch(self.epoch, self.n_epochs, logs or {}, self.clock() - self.start)
        now = self.clock()
        if self.view.plots and now - self.plotted >= max(UPDATE_SECONDS, self.plot_cost / PLOT_SHARE):
            self.view.plot(self.history, self.n_epochs)
            self.plotted = self.clock()
            self.plot_cost = self.plotted - now
            self._show(self.plotted, self.epoch, logs or {})
        elif now - self.shown >= UPDATE_SECONDS:
            self._show(now, self.epoch, logs or {})

    def finish(self, run: Run, *, early: bool) -> None:
        """Show how it ended."""
        if self.view is not None:
            self.view.finish(run, early)

    def _show(self, now: float, done: float, logs: Mapping[str, float]) -> None:
        seconds = now - self.start
        left = seconds * (self.n_epochs - done) / done if done else None
        self.view.move(done, self.n_epochs, logs, seconds, left)
        self.shown = self.clock()


class _Lines:
    """Plain lines: the first epoch, the last, and some ten in between."""

    plots = False

    def after_epoch(self, epoch: int, n_epochs: int, logs: Mapping[str, float], seconds: float) -> None:
        if epoch == 1 or epoch == n_epochs or epoch % math.ceil(n_epochs / 10) == 0:
            print(f"epoch {epoch:>{len(str(n_epochs))}}/{n_epochs}  {_losses(logs)}  {seconds:.1f} s", flush=True)

    def move(self, done: float, n_epochs: int, logs: Mapping[str, float], seconds: float, left: float | None) -> None:
        """Lines do not move."""

    def finish(self, run: Run, early: bool) -> None:
        print(run, flush=True)


class _Notebook:
    """A bar and a plot in one output that is updated in place, and that stays readable in the saved notebook."""

    plots = True

    def __init__(self) -> None:
        from IPython.display import display

        self.handle = display(_html("<progress></progress> starting"), raw=True, display_id=True)
        self.picture = ""

    def after_epoch(self, epoch: int, n_epochs: int, logs: Mapping[str, float], seconds: float) -> None:
        """The bar moves on its own clock."""

    def move(self, done: float, n_epochs: int, logs: Mapping[str, float], seconds: float, left: float | None) -> None:
        epoch = min(math.floor(done) + 1, n_epochs)
        text = f"epoch {epoch} of {n_epochs} · {_losses(logs)} · {seconds:.0f} s"
        if left is not None:
            text += f", about {left:.0f} s left"
        bar = f'<progress value="{done:.4f}" max="{n_epochs}" aria-label="training"></progress> {escape(text)}'
        self.handle.update(_html(bar + self.picture, text), raw=True)

    def plot(self, history: Mapping[str, Sequence[float]], n_epochs: int) -> None:
        import base64

        from dlcourse.plots.base import to_png
        from dlcourse.plots.loss import loss_curve

        figure, alt = loss_curve(history, n_epochs=n_epochs)
        figure.set_layout_engine("none")  # finding room for the labels each time would double the cost
        figure.axes[0].set_position((0.13, 0.16, 0.85, 0.79))
        png = base64.b64encode(to_png(figure)).decode()
        self.picture = f'<br><img src="data:image/png;base64,{png}" alt="{escape(alt)}">'

    def finish(self, run: Run, early: bool) -> None:
        from dlcourse.plots.base import show
        from dlcourse.plots.loss import loss_curve

        bar = '<progress value="1" max="1" aria-label="training"></progress>'
        self.handle.update(_html(f"{bar} {escape(repr(run))}", repr(run)), raw=True)
        show(*loss_curve(run.history, best_epoch=run.best_epoch if early else None))


def _view(live: bool) -> _Lines | _Notebook:
    """Choose by whether a notebook is listening."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return _Notebook() if live and hasattr(shell, "kernel") else _Lines()


def _html(body: str, text: str = "training") -> dict[str, str]:
    """Make the bundle of formats that a notebook shows one of."""
    return {"text/html": f"<div>{body}</div>", "text/plain": text}


def _losses(logs: Mapping[str, float]) -> str:
    """Write losses and metrics on one line."""
    return "  ".join(f"{name} {float(value):.4g}" for name, value in logs.items())


def _not_finite(losses: Sequence[float]) -> str:
    """Explain a loss that is no number any more."""
    bad = np.flatnonzero(~np.isfinite(losses))
    if not bad.size:
        return ""
    return (
        f". The loss is not finite from epoch {bad[0] + 1} on: try a smaller learning rate, or look for nan in the data"
    )


def _check(
    X: object,
    y: object,
    n_epochs: int,
    batch_size: int | None,
    patience: int | None,
    validation_data: object,
    options: Mapping[str, object],
) -> None:
    """Find the slips that Keras would report from deep inside, or not at all."""
    for name, value in (("n_epochs", n_epochs), ("batch_size", batch_size), ("patience", patience)):
        if value is not None and value < 1:
            raise ValueError(f"fit: {name} is {value}, and must be at least 1")
    if patience is not None and validation_data is None and not options.get("validation_split"):
        raise ValueError(
            f"fit: patience={patience} stops when the validation loss no longer improves, so it needs "
            "validation_data=(X_val, y_val): samples that the model does not train on"
        )
    pairs = [("X and y", X, y)]
    if isinstance(validation_data, tuple | list) and len(validation_data) >= 2:
        pairs.append(("validation X and y", *validation_data[:2]))
    for name, inputs, targets in pairs:
        shapes = [getattr(array, "shape", None) for array in (inputs, targets)]
        if all(shapes) and shapes[0][0] != shapes[1][0]:
            raise ValueError(f"fit: {name} differ in length: {shapes[0][0]} samples, {shapes[1][0]} targets")
