"""Settings of Sphinx for the course's website; `website.build` lays out the pages and runs it."""

import tomllib

from sphinx.application import Sphinx

from bench.notebooks import ROOT
from website.api import mark_code
from website.links import ADDRESS

_project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

project = html_title = "Deep learning, hands on"
author = "the deep-learning-course authors"
copyright = f"{author}. Text and figures: CC BY 4.0; code: BSD 3-Clause"
version = release = _project["version"]
language = "en-GB"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.githubpages",
    "sphinx.ext.napoleon",
    "website.formulas",
]
nitpicky = True  # a reference that leads nowhere is a warning, and a warning ends the build
nitpick_ignore_regex = [("py:.*", r".*")]  # types of other packages, whose pages are elsewhere

# Notebooks have their outputs already (website/executed.py).
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 4
myst_heading_slug_func = "website.links.anchor"  # JupyterLab's, so that a link works there and here

html_math_renderer = "mathml"
html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["course.css"]
html_favicon = "static/icon.svg"
html_copy_source = True  # behind the download button
html_show_sphinx = False
html_last_updated_fmt = None  # the same files give the same pages
html_context = {"default_mode": "auto"}  # light or dark as the reader's system has it, until they choose
html_theme_options = {
    "repository_url": ADDRESS,
    "repository_branch": "HEAD",
    "path_to_docs": "",
    "use_repository_button": True,
    "use_issues_button": True,
    "use_download_button": True,
    "launch_buttons": {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "notebook_interface": "jupyterlab",
    },
    "navbar_persistent": [],  # the search field is in the sidebar
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

default_role = "code"  # docstrings mark code by single backticks
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_rtype = False


def setup(app: Sphinx) -> None:
    app.connect("autodoc-process-docstring", mark_code, priority=400)  # before napoleon
