"""Take a still picture of an explorer in JupyterLab, docs/explorer.png: python -m tests.browser.picture"""

from bench.notebooks import ROOT
from tests.browser.driver import chromium, lab

TARGET = ROOT / "docs" / "explorer.png"


def main() -> None:
    """Open chapter 1, run it, turn the line a little, and photograph its first explorer in JupyterLab."""
    with chromium() as browser, lab(ROOT, browser) as view:
        view.page.set_viewport_size({"width": 1200, "height": 860})
        view.open("course/01-perceptron.ipynb")
        if not view.run_all():
            raise SystemExit(f"the chapter does not run: {view.error_outputs()}")
        handle = view.page.locator(".jp-Notebook .noUi-handle").first
        handle.focus()
        for _ in range(4):
            view.page.keyboard.press("ArrowLeft")
        view.settle()
        handle.evaluate("element => element.closest('.jp-Cell').scrollIntoView({block: 'center'})")
        view.settle()
        view.page.screenshot(path=TARGET)
    print(TARGET.relative_to(ROOT))


if __name__ == "__main__":
    main()
