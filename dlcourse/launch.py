"""Links that open the course by one click: Binder, a JupyterHub, GitHub Codespaces, Google Colab.

    python -m dlcourse.launch
    python -m dlcourse.launch --content https://github.com/me/my-course --environment https://github.com/me/my-image
    python -m dlcourse.launch --hub https://hub.example.org

An nbgitpuller link, for Binder and for hubs, keeps two things apart: the *environment* (packages, in an image that is
built once) and the *content* (notebooks, which the link fetches from another repository or branch whenever it is
followed, and merges with what its reader has changed; https://nbgitpuller.readthedocs.io). So new chapters build no
image.
"""

import argparse
import re
import sys
from importlib.metadata import metadata
from urllib.parse import quote, urlencode, urlsplit

from dlcourse.lab import START_PAGE


def repository() -> str:
    """The address of this course's repository, as pyproject.toml names it."""
    return dict(line.split(", ", 1) for line in metadata("deep-learning-course").get_all("Project-URL"))["Repository"]


def binder(
    environment: str, path: str = START_PAGE, *, ref: str = "HEAD", content: str | None = None, branch: str = "main"
) -> str:
    """Link to Binder, https://mybinder.org.

    Args:
        environment: GitHub repository that the image is built from.
        path: of the notebook to open, in the repository that has it.
        ref: branch, tag or commit of `environment`. Binder builds an image for each of its commits: where `content` is
            named, choose a tag.
        content: repository to fetch the notebooks from, anywhere that git can read; by default `environment`'s own are
            opened.
        branch: of `content`.

    Raises:
        ValueError: an address that is no repository's.
    """
    opened = f"lab/tree/{path}" if content is None else git_pull(content, path, branch=branch)
    return f"https://mybinder.org/v2/gh/{_slug(environment)}/{quote(ref, safe='')}?{urlencode({'urlpath': opened})}"


def hub(address: str, content: str, path: str = START_PAGE, *, branch: str = "main") -> str:
    """Link to a JupyterHub on which nbgitpuller and the course's packages are installed.

    Args:
        address: of the hub.
        content: repository to fetch the notebooks from.
        path: of the notebook to open, in `content`.
        branch: of `content`.

    Raises:
        ValueError: an address that is no web address.
    """
    _split(address)
    return f"{address.rstrip('/')}/hub/user-redirect/{git_pull(content, path, branch=branch)}"


def git_pull(content: str, path: str = START_PAGE, *, branch: str = "main") -> str:
    """The part of a link that nbgitpuller reads: fetch `branch` of `content` into a folder of its name, open `path`.

    Raises:
        ValueError: `content` is no repository's address.
    """
    _split(content)
    content = content.rstrip("/")
    folder = content.rsplit("/", 1)[-1]  # as nbgitpuller names it
    return "git-pull?" + urlencode({"repo": content, "branch": branch, "urlpath": f"lab/tree/{folder}/{path}"})


def codespaces(environment: str) -> str:
    """Link to GitHub Codespaces, which read .devcontainer/.

    Raises:
        ValueError: an address that is no GitHub repository's.
    """
    return f"https://codespaces.new/{_slug(environment)}"


def colab(environment: str, path: str = START_PAGE, *, branch: str = "main") -> str:
    """Link to Google Colab, which opens a single notebook; its first cell says how to get the course's package.

    Raises:
        ValueError: an address that is no GitHub repository's.
    """
    return f"https://colab.research.google.com/github/{_slug(environment)}/blob/{quote(branch)}/{quote(path)}"


def _slug(address: str) -> str:
    """Owner/name of a GitHub repository."""
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", address)
    if not found:
        raise ValueError(f"{address!r} is no GitHub repository: it should read like https://github.com/owner/name")
    return found[1]


def _split(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or any(character.isspace() for character in address):
        raise ValueError(f"{address!r} is no web address: it should begin with https://")


def main(arguments: list[str] | None = None) -> int:
    """Print the links."""
    parser = argparse.ArgumentParser(prog="python -m dlcourse.launch", description=__doc__.splitlines()[0])
    parser.add_argument("--environment", help="repository that holds binder/ (default: this course's)")
    parser.add_argument("--ref", default="HEAD", help="its branch, tag or commit (default: %(default)s)")
    parser.add_argument("--content", help="repository that holds the notebooks, if it is another")
    parser.add_argument("--branch", default="main", help="its branch (default: %(default)s)")
    parser.add_argument("--path", default=START_PAGE, help="of the notebook to open (default: %(default)s)")
    parser.add_argument("--hub", help="address of a JupyterHub")
    options = parser.parse_args(arguments)
    environment = options.environment or repository()
    content = options.content or environment
    apart = options.content is not None
    try:
        links = {
            "Binder": binder(
                environment,
                options.path,
                ref=options.ref,
                content=content if apart else None,
                branch=options.branch,
            ),
            "JupyterHub": options.hub and hub(options.hub, content, options.path, branch=options.branch),
            "Codespaces": None if apart else codespaces(environment),
            "Colab": "github.com" in content and colab(content, options.path, branch=options.branch),
        }
    except ValueError as error:
        print(f"launch: {error}", file=sys.stderr)
        return 2
    for name, link in links.items():
        if link:
            print(f"{name:10}  {link}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
