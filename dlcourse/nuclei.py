"""Cell nuclei under the microscope: the picture, measurements of each nucleus, and small pictures of single ones.

    tile = nuclei.load()
    shapes = nuclei.measure(tile)
    X, y = nuclei.portraits(tile, shapes.where(shapes.column < 320), 1200, shift=0, seed=0)

Places are (row, column) in pixels, rows counted downwards. Angles are counted as on paper: 0° is level, and 45°
rises to the right.
"""

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

import numpy as np

DIRECTIONS = ("level", "rising", "upright", "falling")  # class 0 to 3: 0°, 45°, 90°, 135°
PIXEL = 2.4  # pixels of the tile that one pixel of a portrait is wide
MARGIN = 44  # half the side of what is cut out around a nucleus, in pixels of the tile


@dataclass(frozen=True, eq=False)
class Tile:
    """One field of view.

    Attributes:
        image: (512, 512) brightness of the DNA stain, 0 to 235 (arbitrary units), float64.
        labels: (512, 512) which nucleus a pixel belongs to, 0 for none; drawn by experts.
        source, licence: where it comes from, and what it may be used for.
    """

    image: np.ndarray
    labels: np.ndarray
    source: str
    licence: str

    @property
    def background(self) -> float:
        """Median brightness outside of nuclei."""
        return float(np.median(self.image[self.labels == 0]))


@dataclass(frozen=True, eq=False)
class Shapes:
    """Measurements of nuclei, one array entry for each.

    Attributes:
        label: number of the nucleus in `Tile.labels`.
        row, column: of its centre (pixels).
        area: in pixels.
        elongation: long axis divided by short axis, 1 for a circle.
        angle: of the long axis (degrees, 0 to 180).
        whole: it is not cut off by the edge of the tile.
        alone: no other nucleus is nearer than two pixels.
    """

    label: np.ndarray
    row: np.ndarray
    column: np.ndarray
    area: np.ndarray
    elongation: np.ndarray
    angle: np.ndarray
    whole: np.ndarray
    alone: np.ndarray

    def __len__(self) -> int:
        """Number of nuclei."""
        return len(self.label)

    def where(self, chosen: np.ndarray) -> "Shapes":
        """Keep those for which `chosen`, an (n_nuclei,) array of bool, is True."""
        chosen = np.asarray(chosen, dtype=bool)
        if chosen.shape != self.label.shape:
            raise ValueError(f"`chosen` has shape {chosen.shape}; there are {len(self)} nuclei: one bool for each")
        return Shapes(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


@cache
def load() -> Tile:
    """Load 125 stained nuclei with their outlines, 512 × 512 pixels. The arrays are read-only."""
    path = files("dlcourse").joinpath("datasets", "nuclei.npz")
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        image, labels = arrays["image"].astype(np.float64), arrays["labels"].astype(np.int64)
    for array in (image, labels):
        array.setflags(write=False)
    return Tile(
        image,
        labels,
        source="Caicedo and others (2019), Nature Methods 16: 1247, 2018 Data Science Bowl, image set BBBC038; "
        "the tile in the package stardist",
        licence="CC0 1.0",
    )


def measure(tile: Tile) -> Shapes:
    """Measure every nucleus of a tile on its outline; its axes are those of the ellipse of equal second moments."""
    from scipy.ndimage import binary_dilation

    rows = []
    for label in np.unique(tile.labels[tile.labels > 0]):
        own = tile.labels == label
        row, column = np.nonzero(own)
        spread, axes = np.linalg.eigh(np.cov(column, -row))  # x to the right, y upwards
        x, y = axes[:, 1]
        near = tile.labels[binary_dilation(own, iterations=2)]
        limits = (
            row.min(),
            column.min(),
            tile.labels.shape[0] - 1 - row.max(),
            tile.labels.shape[1] - 1 - column.max(),
        )
        rows.append(
            (
                label,
                row.mean(),
                column.mean(),
                len(row),
                np.sqrt(spread[1] / spread[0]),
                np.degrees(np.arctan2(y, x)) % 180,
                min(limits) > 0,
                not ((near != 0) & (near != label)).any(),
            )
        )
    return Shapes(*(np.array(values) for values in zip(*rows, strict=True)))


def portraits(
    tile: Tile,
    shapes: Shapes,
    n_samples: int,
    *,
    shift: float,
    seed: int,
    size: int = 24,
    noise: float = 0.2,
    n_directions: int = 4,
) -> tuple[np.ndarray, np.ndarray]:
    """Make small pictures of single nuclei, turned so that each direction is equally frequent.

    Each picture shows one nucleus, drawn at random from `shapes`, cut out along its outline, perhaps mirrored, turned,
    moved, scaled to a mean brightness of 1 on a background of 0, with noise added.

    Args:
        tile: which `shapes` were measured on.
        shapes: the nuclei to choose from.
        n_samples: how many pictures.
        shift: the centre lies at most so many pixels of the picture from the middle, up and down and across.
        seed: of everything that is random.
        size: pixels on each side; one pixel is `PIXEL` pixels of the tile wide.
        noise: standard deviation of the noise.
        n_directions: that divide 180°. With 4 they are `DIRECTIONS`; the long axis of a nucleus lies within a quarter
            of a step (there 11.25°) of its direction.

    Returns:
        X (n_samples, size, size, 1) float32, and y (n_samples,) the direction: 0 is level, 1 rises a step, and so on.

    Raises:
        ValueError: if there is no nucleus to choose from.
    """
    from scipy.ndimage import map_coordinates

    if len(shapes) == 0:
        raise ValueError("portraits: there are no nuclei to choose from")
    rng = np.random.default_rng(seed)
    cutouts = [_cutout(tile, *place) for place in zip(shapes.label, shapes.row, shapes.column, strict=True)]
    offsets = (np.arange(size) - (size - 1) / 2) * PIXEL
    down, across = np.meshgrid(offsets, offsets, indexing="ij")
    X, y = np.empty((n_samples, size, size, 1), np.float32), np.arange(n_samples) % n_directions
    step = 180 / n_directions
    for sample, direction in enumerate(y):
        which, mirror = rng.integers(len(shapes)), rng.choice((-1, 1))
        wanted = step * (direction + rng.uniform(-0.25, 0.25))
        turn = np.radians(wanted - mirror * shapes.angle[which])
        move = PIXEL * rng.uniform(-shift, shift, 2)
        right, up = across - move[1], -(down - move[0])
        # Where in the cut-out a pixel of the picture comes from: turned back, then mirrored back.
        x = np.cos(turn) * right + np.sin(turn) * up
        y_up = mirror * (np.cos(turn) * up - np.sin(turn) * right)
        X[sample, :, :, 0] = map_coordinates(cutouts[which], [MARGIN - y_up, MARGIN + x], order=1)
    return X + rng.normal(0, noise, X.shape).astype(np.float32), y


def _cutout(tile: Tile, label: int, row: float, column: float) -> np.ndarray:
    """One nucleus and its soft edge on a background of 0, (2 · MARGIN + 1)², its centre in the middle."""
    from scipy.ndimage import binary_dilation, gaussian_filter

    r, c = round(row), round(column)
    window = np.s_[r : r + 2 * MARGIN + 1, c : c + 2 * MARGIN + 1]
    labels, image = np.pad(tile.labels, MARGIN)[window], np.pad(tile.image, MARGIN, mode="edge")[window]
    own, others = labels == label, (labels != 0) & (labels != label)
    weight = gaussian_filter(binary_dilation(own, iterations=4).astype(float), 1.5)
    weight *= 1 - gaussian_filter(binary_dilation(others, iterations=2).astype(float), 1) * ~own
    smooth = gaussian_filter(image, 0.7) - tile.background
    return weight * np.clip(smooth, 0, None) / (image[own].mean() - tile.background)
