"""Make the README's moving picture: python -m tests.browser.animation

Chapter 1's first explorer in JupyterLab, moved by keyboard: turn the line, then shift it until it parts the penguins.
The same chapter, browser and fonts give the same bytes.
"""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from bench.notebooks import ROOT
from dlcourse.lab import START_PAGE
from tests.browser.driver import Lab, chromium, lab
from tests.browser.explorer import ExplorerInLab

TARGET = ROOT / "docs" / "explorer.gif"
WIDTH, MARGIN = 620, 8  # of the picture, in pixels
STEP, PAUSE = 220, 1800  # milliseconds that a frame stands; the last of a move stands longer
N_COLOURS = 96  # flat colours: more make the file larger, and nothing better
MOVES = ((0, "ArrowLeft", 12), (2, "ArrowLeft", 4))  # which slider, which key, how often: to -60° and a bias of 0.1


# As chapter 1 has it.
CELL = """\
from dlcourse import data
from dlcourse.widgets import line

bills = data.load("penguins").select(features=["bill length", "bill depth"], classes=["Adelie", "Gentoo"])
line.explorer(bills.standardise())
"""


def photograph(explorer: ExplorerInLab) -> Image.Image:
    """The explorer as it stands."""
    picture = Image.open(io.BytesIO(explorer.box.screenshot())).convert("RGB")
    return picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)


def film(view: Lab) -> tuple[list[Image.Image], list[int]]:
    """Move the explorer; return the frames, and how long each stands in milliseconds."""
    view.page.set_viewport_size({"width": 1060, "height": 1100})
    explorer = ExplorerInLab(view, "film", CELL)
    frames, durations = [photograph(explorer)], [PAUSE]
    for slider, key, times in MOVES:
        explorer.focus(".noUi-handle", slider)
        for _ in range(times):
            explorer.keyboard.press(key)
            explorer.changed()
            frames.append(photograph(explorer))
            durations.append(STEP)
        durations[-1] = PAUSE
    if " 0 mistakes" not in explorer.caption:
        raise SystemExit(f"the moves no longer part the penguins: {explorer.caption}")
    height = max(frame.height for frame in frames)  # the caption may take a line more
    return [on_white(frame, height) for frame in frames], durations


def on_white(frame: Image.Image, height: int) -> Image.Image:
    """A frame with a margin around it, on a page of that height."""
    page = Image.new("RGB", (WIDTH + 2 * MARGIN, height + 2 * MARGIN), "white")
    page.paste(frame, (MARGIN, MARGIN))
    return page


def write_gif(frames: list[Image.Image], durations: list[int], target: Path) -> None:
    """Write an endless animation in one palette, which keeps what stands still from flickering."""
    together = Image.new("RGB", (frames[0].width, sum(frame.height for frame in frames)))
    for number, frame in enumerate(frames):
        together.paste(frame, (0, number * frames[0].height))
    palette = together.quantize(N_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    first, *rest = (frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames)
    new = target.with_name(f".{target.name}.new")
    first.save(new, "GIF", save_all=True, append_images=rest, duration=durations, loop=0, optimize=True)
    new.replace(target)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        root = Path(name)
        (root / START_PAGE).parent.mkdir()
        shutil.copy(ROOT / START_PAGE, root / START_PAGE)
        (root / "dlcourse").symlink_to(ROOT / "dlcourse")
        with lab(root, browser) as view:
            frames, durations = film(view)
    write_gif(frames, durations, TARGET)
    print(f"{TARGET.relative_to(ROOT)}: {len(frames)} frames, {TARGET.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
