"""Write `penguins.csv` from the PyPI package palmerpenguins 0.1.6, unchanged but for line ends.

Run it in a throw-away environment, so that neither that package nor its pandas becomes a dependency of the course:

    uv venv /tmp/penguins && uv pip install --python /tmp/penguins --no-deps palmerpenguins==0.1.6
    /tmp/penguins/bin/python -m dlcourse.datasets.make_penguins
"""

from importlib.util import find_spec
from pathlib import Path

TARGET = Path(__file__).with_name("penguins.csv")


def main() -> None:
    """Copy the table beside this file, by way of a temporary name."""
    spec = find_spec("palmerpenguins")  # finds the package without importing it, hence without pandas
    if spec is None or spec.origin is None:
        raise SystemExit("palmerpenguins is not installed here: see the top of dlcourse/datasets/make_penguins.py")
    text = Path(spec.origin).parent.joinpath("data", "penguins.csv").read_text(encoding="utf-8")
    temporary = TARGET.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(TARGET)
    print(f"{TARGET}: {len(text.splitlines()) - 1} penguins")


if __name__ == "__main__":
    main()
