"""Datasets as typed values: arrays together with the names, units, source and licence that belong to them.

Four of them need no network: `load("penguins")`, `load("breast_cancer")`, `load("iris")` and `load("digits")`. Three
larger ones come through `keras.datasets` for whoever has a network and says so: `load_mnist(download=True)`.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from operator import index

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Labelled samples. The arrays are read-only, so that no cell can spoil them for the next: change a ``.copy()``.

    Attributes:
        name: what the set is called, for titles.
        X: (n_samples, n_features) measurements, or (n_samples, height, width[, channels]) images.
        y: (n_samples,) class index, 0 to n_classes - 1.
        feature_names: one for each column of X, with its unit in brackets; empty for images.
        class_names: one for each class index.
        source: where the data comes from.
        licence: what it may be used for.
    """

    name: str
    X: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    source: str
    licence: str

    def __post_init__(self) -> None:
        """Freeze the arrays and check that they fit together."""
        object.__setattr__(self, "X", _read_only(self.X))
        object.__setattr__(self, "y", _read_only(self.y))
        object.__setattr__(self, "feature_names", tuple(self.feature_names))
        object.__setattr__(self, "class_names", tuple(self.class_names))
        if self.y.shape != self.X.shape[:1]:
            raise ValueError(f"{self.name}: X has shape {self.X.shape} and y {self.y.shape}; one label for each sample")
        if self.X.ndim < 2 or len(self.feature_names) != (self.X.shape[1] if self.X.ndim == 2 else 0):
            raise ValueError(f"{self.name}: {len(self.feature_names)} feature names for X of shape {self.X.shape}")
        if len(self.y) and not 0 <= self.y.min() <= self.y.max() < len(self.class_names):
            raise ValueError(
                f"{self.name}: class indices go from {self.y.min()} to {self.y.max()}, "
                f"but there are {len(self.class_names)} class names"
            )

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.y)

    def __repr__(self) -> str:
        """Two lines that say what is in it."""
        counts = np.bincount(self.y, minlength=len(self.class_names))
        classes = ", ".join(f"{name} {count}" for name, count in zip(self.class_names, counts, strict=True))
        if self.feature_names:
            shown = ", ".join(self.feature_names[:4]) + (", …" if len(self.feature_names) > 4 else "")
            what = f"{len(self.feature_names)} features ({shown})"
        else:
            what = "images of " + " × ".join(map(str, self.X.shape[1:]))
        return f"{self.name}: {len(self)} samples, {what}\nclasses: {classes}"

    def select(
        self,
        features: Sequence[str | int] | str | int | None = None,
        classes: Sequence[str | int] | str | int | None = None,
    ) -> "Dataset":
        """Keep some features and some classes, in the order you name them.

        Args:
            features: names, beginnings of names that fit only one (``"bill l"``), or column indices; all by default.
            classes: names or beginnings of names. The first becomes class 0, the next class 1 and so on;
                samples of other classes are dropped, the rest stay in their order. All by default.

        Raises:
            ValueError: if a name fits no feature or class, or more than one, or is given twice; it lists the names.
        """
        X, y, feature_names, class_names = self.X, self.y, self.feature_names, self.class_names
        if features is not None:
            if not feature_names:
                raise ValueError(f"{self.name} holds images: its pixels have no names to select by")
            columns = _positions(features, feature_names, "feature", self.name)
            X, feature_names = X[:, columns], tuple(feature_names[column] for column in columns)
        if classes is not None:
            old = _positions(classes, class_names, "class", self.name)
            new_index = np.full(len(class_names), -1)
            new_index[old] = np.arange(len(old))
            keep = new_index[y] >= 0
            X, y, class_names = X[keep], new_index[y[keep]], tuple(class_names[position] for position in old)
        return replace(self, X=X, y=y, feature_names=feature_names, class_names=class_names)

    def split(
        self, test_fraction: float = 0.25, *, seed: int = 0, stratify: bool = True
    ) -> tuple["Dataset", "Dataset"]:
        """Shuffle and split into a training and a test part; the same seed gives the same split.

        Args:
            test_fraction: share of the samples that go to the test part, between 0 and 1.
            seed: of the shuffle.
            stratify: keep the shares of the classes the same in both parts.

        Raises:
            ValueError: if the fraction is not between 0 and 1, or a part would miss a class or be empty.
        """
        from sklearn.model_selection import train_test_split

        if not 0 < test_fraction < 1:
            raise ValueError(f"test_fraction is {test_fraction}: it is a share, so between 0 and 1, for example 0.25")
        try:
            train, test = train_test_split(
                np.arange(len(self)),
                test_size=float(test_fraction),
                random_state=seed,
                stratify=self.y if stratify else None,
            )
        except ValueError as error:
            raise ValueError(f"{self.name}, {len(self)} samples, cannot be split at {test_fraction}: {error}") from None
        return (
            replace(self, name=f"{self.name} (train)", X=self.X[train], y=self.y[train]),
            replace(self, name=f"{self.name} (test)", X=self.X[test], y=self.y[test]),
        )

    def standardise(self, like: "Dataset | None" = None) -> "Dataset":
        """Shift and scale each feature (or pixel) to mean 0 and standard deviation 1.

        A feature that does not vary is shifted only. Features are renamed: ``bill length (mm)`` → ``bill length (z)``.

        Args:
            like: the set on which mean and standard deviation are measured, by default this one. Give the training
                part when you standardise the test part: ``train.standardise(), test.standardise(like=train)``.

        Raises:
            ValueError: if `like` has other features.
        """
        like = self if like is None else like
        if like.feature_names != self.feature_names or like.X.shape[1:] != self.X.shape[1:]:
            raise ValueError(
                f"{self.name} cannot be standardised like {like.name}: they have different features, "
                f"{_listed(self.feature_names)} and {_listed(like.feature_names)}. "
                "Standardise the test part first, or keep the training part as it was: "
                "train_z, test_z = train.standardise(), test.standardise(like=train)"
            )
        mean, sd = like.X.mean(axis=0, dtype=np.float64), like.X.std(axis=0, dtype=np.float64)
        sd[like.X.min(axis=0) == like.X.max(axis=0)] = 1.0  # constant: rounding would leave 1e-17 to divide by
        X = ((self.X - mean) / sd).astype(self.X.dtype)
        return replace(self, X=X, feature_names=tuple(_without_unit(name) + " (z)" for name in self.feature_names))


def load(name: str) -> Dataset:
    """Load a dataset that needs no network, by its name.

    Raises:
        ValueError: if there is none of that name; it lists those there are.
    """
    if name not in _LOADERS:
        raise ValueError(f"there is no dataset {name!r}; there are {_listed(_LOADERS)}")
    return _LOADERS[name]()


@cache
def load_penguins() -> Dataset:
    """Load the Palmer penguins: 342 birds of three species, each with four measurements.

    Bill length, bill depth and flipper length are in mm, body mass is in g. The file has 344 birds; 2 of them (an
    Adelie and a Gentoo) were never measured and are left out. Classes: Adelie 151, Chinstrap 68, Gentoo 123.
    """
    columns = {
        "bill_length_mm": "bill length (mm)",
        "bill_depth_mm": "bill depth (mm)",
        "flipper_length_mm": "flipper length (mm)",
        "body_mass_g": "body mass (g)",
    }
    class_names = ("Adelie", "Chinstrap", "Gentoo")
    with files("dlcourse").joinpath("datasets", "penguins.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if "NA" not in {row[column] for column in columns}]
    return Dataset(
        name="penguins",
        X=np.array([[row[column] for column in columns] for row in rows], dtype=np.float64),
        y=np.array([class_names.index(row["species"]) for row in rows], dtype=np.int64),
        feature_names=tuple(columns.values()),
        class_names=class_names,
        source="Gorman, Williams & Fraser (2014), PLoS ONE 9(3): e90081, Palmer Station LTER; "
        "table by Horst, Hill & Gorman (2020), palmerpenguins",
        licence="CC0 1.0",
    )


@cache
def load_breast_cancer() -> Dataset:
    """Load breast cancer Wisconsin (diagnostic): 569 biopsies, 30 measurements of their cell nuclei.

    Ten properties, each as mean, standard error and worst (mean of the three largest) over a sample's nuclei. The
    source states no units. Classes: malignant 212 (index 0), benign 357; ``.select(classes=["benign", "malignant"])``
    makes malignant class 1.
    """
    from sklearn.datasets import load_breast_cancer as bundled

    bunch = bundled()
    return Dataset(
        name="breast cancer",
        X=bunch.data.astype(np.float64),
        y=bunch.target.astype(np.int64),
        feature_names=tuple(map(str, bunch.feature_names)),
        class_names=tuple(map(str, bunch.target_names)),
        source="Wolberg, Street & Mangasarian (1995), UCI Machine Learning Repository; the copy in scikit-learn",
        licence="CC BY 4.0 (UCI); scikit-learn BSD-3-Clause",
    )


@cache
def load_iris() -> Dataset:
    """Load the irises: 150 flowers, four lengths in cm. Classes: setosa, versicolor and virginica, 50 each."""
    from sklearn.datasets import load_iris as bundled

    bunch = bundled()
    return Dataset(
        name="iris",
        X=bunch.data.astype(np.float64),
        y=bunch.target.astype(np.int64),
        feature_names=tuple(map(str, bunch.feature_names)),
        class_names=tuple(map(str, bunch.target_names)),
        source="Anderson (1936) and Fisher (1936), UCI Machine Learning Repository; the copy in scikit-learn",
        licence="CC BY 4.0 (UCI); scikit-learn BSD-3-Clause",
    )


@cache
def load_digits() -> Dataset:
    """Load 1797 handwritten digits, grey images of 8 × 8 pixels: X is (1797, 8, 8), 0 for paper to 1 for ink."""
    from sklearn.datasets import load_digits as bundled

    bunch = bundled()
    return Dataset(
        name="digits",
        X=bunch.images / 16.0,  # the file counts the inked pixels, 0 to 16, of each 4 × 4 block
        y=bunch.target.astype(np.int64),
        feature_names=(),
        class_names=tuple(map(str, bunch.target_names)),
        source="Alpaydin & Kaynak (1998), UCI Machine Learning Repository, test part; the copy in scikit-learn",
        licence="CC BY 4.0 (UCI); scikit-learn BSD-3-Clause",
    )


_LOADERS: dict[str, Callable[[], Dataset]] = {
    "penguins": load_penguins,
    "breast_cancer": load_breast_cancer,
    "iris": load_iris,
    "digits": load_digits,
}


def load_mnist(*, download: bool = False) -> tuple[Dataset, Dataset]:
    """Load MNIST, 60,000 and 10,000 handwritten digits of 28 × 28 pixels, as (training part, test part).

    X is float32 from 0 to 1. The 11 MB come through `keras.datasets`, which keeps them for the next time.

    Args:
        download: say True to allow the download.

    Raises:
        ValueError: if `download` is not True.
        ConnectionError: if the file is not there yet and cannot be fetched.
    """
    return _from_keras(
        "mnist",
        download,
        class_names=tuple("0123456789"),
        source="LeCun, Cortes & Burges (1998), through keras.datasets",
        licence="CC BY-SA 3.0",
    )


def load_fashion_mnist(*, download: bool = False) -> tuple[Dataset, Dataset]:
    """Load Fashion-MNIST, 60,000 and 10,000 pictures of clothes, 28 × 28 pixels. See `load_mnist`; 30 MB."""
    return _from_keras(
        "fashion_mnist",
        download,
        class_names=("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "trainer", "bag", "boot"),
        source="Xiao, Rasul & Vollgraf (2017), Zalando Research, through keras.datasets",
        licence="MIT",
    )


def load_cifar10(*, download: bool = False) -> tuple[Dataset, Dataset]:
    """Load CIFAR-10, 50,000 and 10,000 colour photographs, 32 × 32 × 3 pixels. See `load_mnist`; 170 MB."""
    return _from_keras(
        "cifar10",
        download,
        class_names=("aeroplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "lorry"),
        source="Krizhevsky (2009), through keras.datasets",
        licence="none stated by the authors; used in research and teaching",
    )


def _from_keras(name: str, download: bool, **about: object) -> tuple[Dataset, Dataset]:
    """Fetch one of `keras.datasets`, if that is allowed."""
    if download is not True:
        raise ValueError(
            f"{name} is not part of the course's files and needs a network: say load_{name}(download=True), "
            f"or use a set that is here already: {_listed(_LOADERS)}"
        )
    from importlib import import_module

    try:
        parts = import_module(f"keras.datasets.{name}").load_data()
    except Exception as error:  # Keras raises a bare Exception when a download fails
        raise ConnectionError(
            f"{name} could not be downloaded ({error}). Is there a network here? These need none: {_listed(_LOADERS)}"
        ) from error
    return from_bytes(name, parts, **about)


def from_bytes(
    name: str,
    parts: tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    *,
    class_names: tuple[str, ...],
    source: str,
    licence: str,
) -> tuple[Dataset, Dataset]:
    """Make a training and a test set of images whose pixels are bytes.

    Args:
        name: of both.
        parts: (images, labels) of the training and of the test part, as `keras.datasets` returns them: images
            (n_samples, height, width[, channels]) from 0 to 255, labels (n_samples,) or (n_samples, 1).
        class_names, source, licence: see `Dataset`.

    Returns:
        Both parts, X as float32 from 0 to 1.
    """
    train, test = (
        Dataset(
            name=f"{name} ({part})",
            X=np.asarray(images, dtype=np.float32) / np.float32(255),
            y=np.asarray(labels, dtype=np.int64).reshape(-1),
            feature_names=(),
            class_names=class_names,
            source=source,
            licence=licence,
        )
        for part, (images, labels) in zip(("train", "test"), parts, strict=True)
    )
    return train, test


def _read_only(array: np.ndarray) -> np.ndarray:
    """Return the array if nobody can write to it, else a copy of which that is true."""
    if not isinstance(array, np.ndarray) or array.flags.writeable or array.base is not None:
        array = np.array(array)
        array.setflags(write=False)
    return array


def _positions(wanted: Sequence[str | int] | str | int, names: Sequence[str], kind: str, dataset: str) -> list[int]:
    """Translate names, beginnings of names and indices into indices."""
    if isinstance(wanted, str | int | np.integer):
        wanted = [wanted]
    found = [_position(item, names, kind, dataset) for item in wanted]
    if not found:
        raise ValueError(f"{dataset}: no {kind} is selected; there are {_listed(names)}")
    for position in found:
        if found.count(position) > 1:
            raise ValueError(f"{dataset}: the {kind} {names[position]!r} is selected twice")
    return found


def _position(item: str | int, names: Sequence[str], kind: str, dataset: str) -> int:
    """Index of the one name that `item` is, or begins, ignoring case; or `item` itself if it is an index."""
    if not isinstance(item, str):
        if not 0 <= index(item) < len(names):
            raise ValueError(
                f"{dataset}: there is no {kind} {item}; they go from 0 to {len(names) - 1}: {_listed(names)}"
            )
        return index(item)
    folded, start = [name.casefold() for name in names], item.casefold()
    matches = [i for i, name in enumerate(folded) if name == start]  # a whole name wins over the beginning of another
    matches = matches or [i for i, name in enumerate(folded) if start and name.startswith(start)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        fits = _listed(names[i] for i in matches)
        raise ValueError(f"{dataset}: {item!r} could be any of {fits}; write some more of the name")
    raise ValueError(f"{dataset}: there is no {kind} {item!r}; there are {_listed(names)}")


def _without_unit(name: str) -> str:
    """Drop the unit: ``"bill length (mm)"`` → ``"bill length"``."""
    return re.sub(r"\s*\([^()]*\)$", "", name)


def _listed(names: object) -> str:
    """Names as a reader lists them."""
    return ", ".join(map(repr, names))
