"""The datasets: shipped files are intact, names and units fit, and nothing can be changed by accident."""

import csv
import hashlib
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse import data

ROOT = Path(__file__).resolve().parents[2]
PENGUINS = files("dlcourse").joinpath("datasets", "penguins.csv")


def small(n_per_class: int = 20, **changes: object) -> data.Dataset:
    """Three classes, two features, one of which never varies."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], n_per_class)
    X = np.column_stack([rng.normal(5, 3, len(y)), np.full(len(y), 0.1)])
    fields = {
        "name": "small",
        "X": X,
        "y": y,
        "feature_names": ("length (mm)", "constant"),
        "class_names": ("a", "ab", "c"),
        "source": "made here",
        "licence": "CC0",
    }
    return data.Dataset(**(fields | changes))


def test_the_shipped_penguins_are_the_published_table() -> None:
    content = PENGUINS.read_bytes()
    assert hashlib.sha256(content).hexdigest() == "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93"
    rows = list(csv.reader(content.decode().splitlines()))
    columns = "species island bill_length_mm bill_depth_mm flipper_length_mm body_mass_g sex year"
    assert rows[0] == columns.split()
    assert len(rows) == 1 + 344
    assert {len(row) for row in rows} == {8}


def test_every_shipped_file_is_described_with_its_licence() -> None:
    folder = Path(str(files("dlcourse").joinpath("datasets")))
    notes = (folder / "README.md").read_text(encoding="utf-8")
    shipped = [path for path in folder.iterdir() if path.suffix not in {".py", ".md", ""}]
    assert shipped
    for path in shipped:
        assert path.name in notes
        assert hashlib.sha256(path.read_bytes()).hexdigest() in notes


DIGIT_COUNTS = {"0": 178, "1": 182, "2": 177, "3": 183, "4": 181, "5": 182, "6": 181, "7": 179, "8": 174, "9": 180}


@pytest.mark.parametrize(
    ("name", "shape", "counts"),
    [
        ("penguins", (342, 4), {"Adelie": 151, "Chinstrap": 68, "Gentoo": 123}),
        ("breast_cancer", (569, 30), {"malignant": 212, "benign": 357}),
        ("iris", (150, 4), {"setosa": 50, "versicolor": 50, "virginica": 50}),
        ("digits", (1797, 8, 8), DIGIT_COUNTS),
    ],
)
def test_sets_hold_what_their_docstrings_say(name: str, shape: tuple[int, ...], counts: dict[str, int]) -> None:
    dataset = data.load(name)
    assert dataset.X.shape == shape
    assert dataset.X.dtype == np.float64
    assert dataset.y.dtype == np.int64
    assert np.isfinite(dataset.X).all()
    assert dict(zip(dataset.class_names, np.bincount(dataset.y).tolist(), strict=True)) == counts
    assert dataset.source and dataset.licence
    assert len(dataset.feature_names) == (0 if len(shape) == 3 else shape[1])


def test_penguins_carry_units_and_belong_to_their_species() -> None:
    penguins = data.load_penguins()
    assert penguins.feature_names == ("bill length (mm)", "bill depth (mm)", "flipper length (mm)", "body mass (g)")
    np.testing.assert_array_equal(penguins.X[0], [39.1, 18.7, 181, 3750])  # the first line of the file
    gentoo = penguins.select(classes="Gentoo").X
    assert gentoo[:, 3].mean() == pytest.approx(5076, abs=1)  # g, the heaviest of the three


def test_digits_are_scaled_to_one() -> None:
    digits = data.load_digits()
    assert (digits.X.min(), digits.X.max()) == (0.0, 1.0)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no dataset 'pinguins'; there are 'penguins', 'breast_cancer'"):
        data.load("pinguins")


def test_arrays_cannot_be_changed_and_the_caller_s_stay_writeable() -> None:
    X = np.zeros((3, 1))
    dataset = small(X=X, y=[0, 1, 2], feature_names=("length",))
    X[0] = 7
    assert dataset.X[0] == 0
    for array in (dataset.X, dataset.y, data.load("penguins").X, dataset.select("length").X, dataset.standardise().X):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    assert data.load("iris") is data.load("iris")  # cached, which only works because nobody can write to it


def test_a_read_only_view_of_a_writeable_array_is_copied() -> None:
    X = np.zeros((3, 1))
    view = X[:]
    view.setflags(write=False)
    dataset = small(X=view, y=[0, 1, 2], feature_names=("length",))
    X[0] = 7
    assert dataset.X[0] == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"y": np.zeros(5, int)}, "one label for each sample"),
        ({"feature_names": ("one",)}, "1 feature names for X of shape"),
        ({"X": np.zeros((60, 4, 4))}, "2 feature names for X of shape"),
        ({"class_names": ("a", "b")}, "from 0 to 2, but there are 2 class names"),
    ],
)
def test_parts_that_do_not_fit_are_refused(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        small(**changes)


def test_select_by_name_prefix_and_index() -> None:
    penguins = data.load("penguins")
    chosen = penguins.select(["flipper", "Bill L", 3], ["Gentoo", "Adel"])
    assert chosen.feature_names == ("flipper length (mm)", "bill length (mm)", "body mass (g)")
    assert chosen.class_names == ("Gentoo", "Adelie")
    kept = penguins.y != 1
    np.testing.assert_array_equal(chosen.X, penguins.X[kept][:, [2, 0, 3]])
    np.testing.assert_array_equal(chosen.y, (penguins.y[kept] == 0).astype(int))  # Gentoo 0, Adelie 1, order kept


def test_a_whole_name_wins_over_the_beginning_of_another() -> None:
    assert small().select(classes=["a", "c"]).class_names == ("a", "c")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"features": ["bill"]}, r"'bill' could be any of 'bill length \(mm\)', 'bill depth \(mm\)'"),
        ({"features": ["wing"]}, r"no feature 'wing'; there are 'bill length \(mm\)'"),
        ({"features": [""]}, "no feature ''"),
        ({"features": [4]}, "no feature 4; they go from 0 to 3"),
        ({"features": [-1]}, "no feature -1"),
        ({"features": []}, "no feature is selected"),
        ({"features": ["flip", 2]}, "selected twice"),
        ({"classes": ["Emperor"]}, "no class 'Emperor'; there are 'Adelie', 'Chinstrap', 'Gentoo'"),
    ],
)
def test_select_says_which_names_there_are(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        data.load("penguins").select(**arguments)


def test_pixels_cannot_be_selected() -> None:
    with pytest.raises(ValueError, match="holds images"):
        data.load("digits").select([0])
    assert data.load("digits").select(classes=["3", "8"]).X.shape == (183 + 174, 8, 8)


@given(fraction=st.floats(0.1, 0.9), seed=st.integers(0, 2**32 - 1), stratify=st.booleans())
def test_split_parts_the_samples(fraction: float, seed: int, stratify: bool) -> None:
    dataset = small()
    train, test = dataset.split(fraction, seed=seed, stratify=stratify)
    assert sorted(np.r_[train.X[:, 0], test.X[:, 0]]) == sorted(dataset.X[:, 0])  # each sample once
    assert len(test) == np.ceil(fraction * 60)
    again, _ = dataset.split(fraction, seed=seed, stratify=stratify)
    np.testing.assert_array_equal(again.X, train.X)
    if stratify:
        assert np.ptp(np.bincount(test.y)) <= 1
    label = dict(zip(dataset.X[:, 0], dataset.y, strict=True))
    assert [label[x] for x in test.X[:, 0]] == test.y.tolist()  # labels stay with their samples


def test_split_depends_on_the_seed_and_names_its_parts() -> None:
    train, test = small().split()
    assert (train.name, test.name) == ("small (train)", "small (test)")
    assert not np.array_equal(train.X, small().split(seed=1)[0].X)


@pytest.mark.parametrize("fraction", [0, 1, 25])
def test_split_wants_a_share(fraction: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1, for example"):
        small().split(fraction)


def test_a_class_of_one_cannot_be_stratified() -> None:
    with pytest.raises(ValueError, match=r"small, 3 samples, cannot be split at 0.25"):
        small(n_per_class=1).split()


def test_standardise_measures_on_the_training_part() -> None:
    train, test = data.load("penguins").split()
    train_z, test_z = train.standardise(), test.standardise(like=train)
    np.testing.assert_allclose(train_z.X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(train_z.X.std(axis=0), 1)
    np.testing.assert_allclose(test_z.X * train.X.std(axis=0) + train.X.mean(axis=0), test.X)
    assert test_z.feature_names[0] == "bill length (z)"


def test_what_does_not_vary_is_shifted_only() -> None:
    assert small().standardise().X[:, 1] == pytest.approx(0)
    assert np.isfinite(data.load("digits").standardise().X).all()


def test_standardise_refuses_a_set_with_other_features() -> None:
    train, test = data.load("penguins").split()
    with pytest.raises(ValueError, match="they have different features"):
        test.standardise(like=train.standardise())
    with pytest.raises(ValueError, match="they have different features"):
        data.load("digits").standardise(like=small(X=np.zeros((60, 4, 4)), feature_names=()))


def test_a_dataset_introduces_itself() -> None:
    assert repr(data.load("penguins")) == (
        "penguins: 342 samples, 4 features (bill length (mm), bill depth (mm), flipper length (mm), body mass (g))\n"
        "classes: Adelie 151, Chinstrap 68, Gentoo 123"
    )
    assert "images of 8 × 8" in repr(data.load("digits"))


LARGER = pytest.mark.parametrize("load", [data.load_mnist, data.load_fashion_mnist, data.load_cifar10])


@LARGER
def test_larger_sets_ask_before_they_download(load) -> None:
    with pytest.raises(ValueError, match=rf"say {load.__name__}\(download=True\), or use a set that is here already"):
        load()


def test_without_a_network_the_message_says_so(tmp_path: Path) -> None:
    code = "from dlcourse import data; data.load_mnist(download=True)"
    nowhere = "http://127.0.0.1:9"  # the discard port: a proxy that refuses every connection
    environment = {**os.environ, "KERAS_HOME": str(tmp_path), "https_proxy": nowhere, "http_proxy": nowhere}
    environment |= {"HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere, "no_proxy": "", "NO_PROXY": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=ROOT)
    assert done.returncode
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ConnectionError: mnist could not be downloaded (")
    assert last.endswith("Is there a network here? These need none: 'penguins', 'breast_cancer', 'iris', 'digits'")


def test_downloaded_bytes_become_two_datasets() -> None:
    images = np.arange(4 * 2 * 2 * 3, dtype=np.uint8).reshape(4, 2, 2, 3)
    labels = np.array([[0], [1], [1], [0]], dtype=np.uint8)  # a column, as CIFAR-10 has it
    fetched = (images, labels), (images[:1], labels[:1])
    train, test = data.from_bytes("tiny", fetched, class_names=("cat", "dog"), source="here", licence="CC0")
    assert (train.name, len(train), test.name, len(test)) == ("tiny (train)", 4, "tiny (test)", 1)
    assert train.X.dtype == np.float32
    np.testing.assert_allclose(train.X * 255, images, rtol=1e-6)
    assert train.y.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    "module", ["dlcourse", "dlcourse.data", "dlcourse.device", "dlcourse.checks", "dlcourse.training"]
)
def test_importing_imports_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(name for name in sys.modules if '.' not in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"keras", "tensorflow", "jax", "torch", "sklearn", "scipy", "pandas", "matplotlib"}
    if module == "dlcourse.checks":  # what is not Python's own, and not of the course
        ours = {"dlcourse", "numpy"}
        third_party = {name for name in loaded if not name.startswith("_")} - set(sys.stdlib_module_names) - ours
        assert not third_party
