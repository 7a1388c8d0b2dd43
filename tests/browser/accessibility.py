"""What axe-core finds on a page that would keep somebody from reading or using it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# https://www.w3.org/TR/WCAG22/, levels A and AA
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = {"runOnly": {"type": "tag", "values": _WCAG}}
# Contrast is all that another colour scheme can change, and takes most of the time.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
ALL_BUT_CONTRAST = ALL | {"rules": {"color-contrast": {"enabled": False}}}


def serious(page: Page, within: str | None = None, rules: dict[str, object] = ALL) -> list[tuple[str, list[str]]]:
    """Return what is serious or critical, with the first places; within a CSS selector if one is given."""
    # preload: axe would fetch the style sheets once more, and take their imports for files beside the page.
    options = rules | {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [
        (f"{one['id']}: {one['help']}", [node["html"][:200] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
