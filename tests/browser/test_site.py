"""The website as its readers get it: complete, asking nothing of others, for screen readers, on a phone, in the dark.

To keep it short, only chapter 0 is run here and shown with outputs, the others as they are before a run (that all run,
and that each of their pictures has an alt text, test_chapters.py says); of the pages on the helper package, which are
all alike, axe sees one; colours, in light and dark, on one page of each kind. With `--whole-site` every chapter is run,
and axe sees every page and its colours in both schemes.
"""

import http.server
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser

from bench.notebooks import ROOT
from tests.browser.accessibility import ALL_BUT_CONTRAST, CONTRAST, serious
from tests.browser.conftest import SHOTS
from website.build import build, sources

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

CHAPTER = "course/00-start-here"
ONE_OF_EACH = ("index", "search", CHAPTER, "docs/instructors", "api/dlcourse.training")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, whole_site: bool) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Sphinx's extensions will have to change some day
        status = build(folder / "site", run=None if whole_site else [Path(CHAPTER).name], work=folder / "work")
    assert status == 0, "Sphinx warns: see above"
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    """Every page of ours: address and HTML."""
    found = (path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts)
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in found}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """A plain static host."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def lines(notebook: Path) -> set[str]:
    """Lines of code long enough to be told apart."""
    cells = nbformat.read(notebook, as_version=4).cells
    return {line.strip() for cell in cells for line in cell.source.splitlines() if len(line.strip()) >= 30}


def test_every_source_is_a_page(pages: dict[str, str]) -> None:
    assert {"index.html", "licence.html", "api/dlcourse.plots.html"} <= pages.keys()
    assert {str(Path(name).with_suffix(".html")) for name in sources()} <= pages.keys()
    assert not any("solutions" in name for name in pages)


def test_no_solution_and_no_hidden_test_is_on_it(site: Path) -> None:
    public = [*ROOT.glob("course/*.ipynb"), *ROOT.glob("exercises/*/*.ipynb")]
    known = "\n".join(cell.source for path in public for cell in nbformat.read(path, as_version=4).cells)
    known += "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("dlcourse/**/*.py"))
    secret = {line for path in ROOT.glob("solutions/*/*.ipynb") for line in lines(path) if line not in known}
    assert len(secret) > 500
    for path in site.rglob("*"):
        if path.suffix in {".html", ".ipynb", ".js", ".md"} and "_static" not in path.parts:
            text = path.read_text(encoding="utf-8")
            text = unescape(re.sub(r"<[^<>]+>", "", text)) if path.suffix == ".html" else text.replace('\\"', '"')
            assert {line for line in secret if line in text} == set(), path


def test_links_inside_lead_somewhere(site: Path, pages: dict[str, str]) -> None:
    anchors = {name: set(re.findall(r'\bid="([^"]*)"', html)) for name, html in pages.items()}
    broken = []
    for name, html in pages.items():
        for target in map(unescape, re.findall(r'\b(?:href|src)="([^"]*)"', html)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, fragment = target.partition("#")
            to = (site / name).parent / path.partition("?")[0] if path else site / name
            to = to / "index.html" if to.is_dir() else to
            at = to.resolve().relative_to(site.resolve()).as_posix()
            if not to.is_file() or (fragment and at in anchors and fragment not in anchors[at]):
                broken.append((name, target))
    assert broken == []


def test_an_explorer_is_a_picture_with_words(site: Path, pages: dict[str, str]) -> None:
    html = pages[f"{CHAPTER}.html"]
    assert "widget-view" not in html and "require.js" not in html
    (shown,) = re.findall(
        r"<figure[^>]*>(?:(?!</figure>).)*The controls appear when(?:(?!</figure>).)*</figure>", html, re.S
    )
    caption = re.search(r"<figcaption>(.+?)<br>", shown)[1]
    assert len(caption) > 40 and re.search(r'alt="([^"]+)"', shown)[1] == caption
    assert (site / "course" / re.search(r'src="([^"]+)"', shown)[1]).read_bytes().startswith(b"\x89PNG")


def test_notebooks_are_downloaded_as_they_are_in_the_repository(site: Path, pages: dict[str, str]) -> None:
    for name in (name for name in sources() if name.endswith(".ipynb")):
        assert (site / "_sources" / name).read_bytes() == (ROOT / name).read_bytes()
        html = pages[str(Path(name).with_suffix(".html"))]
        assert f'_sources/{name}"' in html
        assert re.search(rf'https://mybinder\.org/v2/gh/[\w.-]+/[\w.-]+/HEAD\?urlpath=[\w/%]*{name}"', html)
        assert re.search(rf'https://colab\.research\.google\.com/github/[\w.-]+/[\w.-]+/blob/HEAD/{name}"', html)


def test_everybody_can_read_it(
    chromium: Browser,
    address: str,
    pages: dict[str, str],
    whole_site: bool,
    record_property: Callable[[str, str], None],
) -> None:
    one_of_each = {f"{name}.html" for name in ONE_OF_EACH}
    shown = [name for name in pages if whole_site or not name.startswith("api/") or name in one_of_each]
    context = chromium.new_context(color_scheme="light", reduced_motion="reduce")
    page = context.new_page()
    asked, said, found = [], [], {}
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda one: one.type == "error" and said.append(f"{one.text} {one.location['url']}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in shown:
        page.goto(f"{address}/{name}")
        page.evaluate("document.querySelectorAll('.bd-article details').forEach(one => one.open = true)")
        page.evaluate("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
        page.wait_for_function("[...document.images].every(one => one.complete)")
        empty = page.evaluate("[...document.images].filter(one => !one.naturalWidth).map(one => one.src)")
        problems = serious(page, rules=ALL_BUT_CONTRAST)
        for scheme in ("light", "dark") if whole_site or name in one_of_each else ():
            page.evaluate("scheme => { document.documentElement.dataset.theme = scheme }", scheme)
            problems += [(f"{scheme}: {what}", where) for what, where in serious(page, rules=CONTRAST)]
        if empty or problems:
            found[name] = (empty, problems)
    context.close()
    record_property("summary", f"website: {len(shown)} of {len(pages)} pages looked at with axe")
    assert found == {}
    assert said == []
    assert [url for url in asked if not url.startswith((f"{address}/", "data:"))] == []


@pytest.mark.parametrize("name", ["index", CHAPTER, "exercises/01-perceptron/perceptron", "docs/instructors"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_on_a_phone(chromium: Browser, address: str, name: str, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/{name}.html")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"site-{name.replace('/', '-')}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is wider than the screen"
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    context.close()


def test_a_reader_searches_and_goes_on(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/search.html?q=perceptron")
    page.locator("#search-results a", has_text="1 · Perceptron").first.click()
    page.wait_for_url(f"{address}/course/01-perceptron.html**")
    page.locator("a.right-next").click()
    page.wait_for_url(f"{address}/course/02-backprop.html")
    context.close()
