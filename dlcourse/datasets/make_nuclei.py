"""Write `nuclei.npz` from the PyPI package stardist 0.9.2: a fluorescence image and the outlines that experts drew.

The package ships them as `stardist/data/images/img2d.tif` and `mask2d.tif`, and says in `stardist/data/__init__.py`
that they are from the 2018 Data Science Bowl: image set BBBC038 of the Broad Bioimage Benchmark Collection (CC0 1.0).
The grey values (0 to 235) and the labels (0 to 183) fit into a byte; nothing else is changed.

Fetch it into a throw-away environment, so that no package of it becomes a dependency of the course:

    python -m venv /tmp/nuclei && /tmp/nuclei/bin/pip install --no-deps stardist==0.9.2 numpy pillow
    PYTHONPATH=. /tmp/nuclei/bin/python -m dlcourse.datasets.make_nuclei
"""

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np

TARGET = Path(__file__).with_name("nuclei.npz")


def main() -> None:
    """Copy both pictures into one file beside this one, by way of a temporary name."""
    from PIL import Image

    spec = find_spec("stardist")  # finds the package without importing it, hence without TensorFlow
    if spec is None or spec.origin is None:
        raise SystemExit("stardist is not installed here: see the top of dlcourse/datasets/make_nuclei.py")
    folder = Path(spec.origin).parent / "data" / "images"
    arrays = {name: np.asarray(Image.open(folder / file)) for name, file in FILES.items()}
    if any(array.shape != (512, 512) or array.max() > 255 for array in arrays.values()):
        raise SystemExit("the pictures in this version of stardist are others than those in 0.9.2")
    temporary = TARGET.with_suffix(".tmp")
    write(temporary, {name: array.astype(np.uint8) for name, array in arrays.items()})
    temporary.replace(TARGET)
    print(f"{TARGET}: {len(np.unique(arrays['labels'])) - 1} nuclei")


FILES = {"image": "img2d.tif", "labels": "mask2d.tif"}


def write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write an npz without the time of day in it, so that the same arrays give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue())


if __name__ == "__main__":
    main()
