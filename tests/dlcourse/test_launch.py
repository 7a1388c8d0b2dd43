"""Launch links are what Binder, nbgitpuller, Codespaces and Colab read."""

import string
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcourse import launch

ROOT = Path(__file__).resolve().parents[2]
HERE = "https://github.com/owner/image"

names = st.text(string.ascii_letters + string.digits + "-_. ü&?=%+#/", min_size=1).filter(lambda text: "//" not in text)


def queries(link: str) -> dict[str, str]:
    """The parameters of a link, decoded once."""
    return {name: value for name, (value,) in parse_qs(urlsplit(link).query, strict_parsing=True).items()}


def test_the_repository_is_pyprojects() -> None:
    assert launch.repository() == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"]


def test_plain_links() -> None:
    assert launch.binder(HERE, "a b.ipynb") == (
        "https://mybinder.org/v2/gh/owner/image/HEAD?urlpath=lab%2Ftree%2Fa+b.ipynb"
    )
    assert launch.codespaces(HERE + "/") == "https://codespaces.new/owner/image"
    assert launch.colab(HERE + ".git", "a b.ipynb", branch="new/one") == (
        "https://colab.research.google.com/github/owner/image/blob/new/one/a%20b.ipynb"
    )


@given(path=names, branch=names, ref=names)
def test_content_comes_from_its_own_repository_whatever_the_names(path: str, branch: str, ref: str) -> None:
    content = "https://git.example.org/group/talks/"
    link = launch.binder(HERE, path, ref=ref, content=content, branch=branch)
    assert urlsplit(link).path.count("/") == 5  # a slash in the reference would be taken for another part
    opened = queries(link)["urlpath"]  # Binder decodes once and hands the rest to JupyterLab
    assert opened.startswith("git-pull?")
    wanted = {"repo": "https://git.example.org/group/talks", "branch": branch, "urlpath": f"lab/tree/talks/{path}"}
    assert queries(opened) == wanted
    link = launch.hub("https://hub.example.org/", content, path, branch=branch)
    assert link.startswith("https://hub.example.org/hub/user-redirect/git-pull?") and queries(link) == wanted


@pytest.mark.parametrize("address", ["", "owner/image", "https://gitlab.com/owner/image", "https://github.com/owner"])
def test_binder_wants_a_github_repository(address: str) -> None:
    with pytest.raises(ValueError, match="no GitHub repository: it should read like"):
        launch.binder(address)


@pytest.mark.parametrize("address", ["", "git@example.org:me/talk", "file:///home/me/talk", "https://", "https://a b"])
def test_nbgitpuller_wants_a_web_address(address: str) -> None:
    with pytest.raises(ValueError, match="no web address: it should begin with"):
        launch.git_pull(address)


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert launch.main([]) == 0
    printed = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    here = launch.repository()
    assert printed == {
        "Binder": launch.binder(here),
        "Codespaces": launch.codespaces(here),
        "Colab": launch.colab(here),
    }
    readme, hosts = ((ROOT / name).read_text() for name in ("README.md", "docs/binder.md"))
    assert [link for link in printed.values() if link not in readme] == []
    talks = launch.binder(here, "monday/intro.ipynb", ref="v0.1.0", content="https://github.com/me/my-talks")
    assert talks in hosts

    assert launch.main(["--content", "https://example.org/talk", "--ref", "v1", "--hub", "https://hub.org"]) == 0
    printed = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert printed == {
        "Binder": launch.binder(here, ref="v1", content="https://example.org/talk"),
        "JupyterHub": launch.hub("https://hub.org", "https://example.org/talk"),
    }

    assert launch.main(["--content", "nowhere"]) == 2
    assert capsys.readouterr().err.startswith("launch: 'nowhere' is no web address")
