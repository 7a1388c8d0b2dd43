"""What a newcomer sees first is there without a network: the moving picture, the buttons, and words for both."""

import re
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

from tests.browser.animation import PAUSE, on_white, write_gif

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PICTURES = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)


def test_pictures_are_shipped_small_and_described() -> None:
    assert [path for _, path in PICTURES if path.endswith(".gif")] == ["docs/explorer.gif"]
    for alt, path in PICTURES:
        assert len(alt) > 10 and (ROOT / path).stat().st_size < 1e6


def test_picture_and_buttons_stand_above_everything_long() -> None:
    top = README.split("\n## ")[0]
    assert all(path in top for _, path in PICTURES) and len(top.splitlines()) < 25


def test_buttons_say_what_they_do() -> None:
    buttons = re.findall(r"\[!\[([^\]]+)\]\((docs/buttons/\w+\.svg)\)\]\((https://[^)]+)\)", README)
    assert [alt for alt, _, _ in buttons] == ["Open in Binder", "Open in Codespaces", "Open in Colab"]
    for alt, path, link in buttons:
        svg = ElementTree.parse(ROOT / path).getroot()
        assert svg.get("aria-label") == alt and alt.split()[-1].lower() in link
        assert "".join(svg.itertext()).split() == alt.split() * 2  # its title, and what is painted


def test_the_animation_moves_and_pauses() -> None:
    with Image.open(ROOT / "docs" / "explorer.gif") as picture:
        durations = []
        for frame in range(picture.n_frames):
            picture.seek(frame)
            durations.append(picture.info["duration"])
    assert len(durations) > 10 and durations[0] == durations[-1] == PAUSE  # a look at its beginning and its end


def test_the_same_frames_make_the_same_file(tmp_path: Path) -> None:
    frames = [on_white(Image.new("RGB", (620, 40 + shade), (shade, 94, 0)), 60) for shade in range(0, 20, 5)]
    for name in ("one.gif", "two.gif"):
        write_gif(frames, [100] * len(frames), tmp_path / name)
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "two.gif").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.gif", "two.gif"]
