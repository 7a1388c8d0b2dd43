"""Emulate what mybinder.org does with binder/: build, launch, and run chapters in 1 GB of memory on one core.

    python -m bench.binder [--all]

There is no container: an empty virtual environment stands for the image, and a control group, where this machine lets
us make one, for the pod. Chapters 0 and 5 run by default, all of them with --all. Exits with 1 if something fails.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.cap import Cap, capped
from bench.hub import pull, run_notebook, serve
from bench.notebooks import ROOT
from dlcourse.device import THREAD_VARIABLES
from dlcourse.lab import START_PAGE

MEGABYTES, CORES = 1024, 1
LIGHT = ("00-start-here", "05-cnns")
PULLED = "pulled"  # the folder that nbgitpuller brings the notebooks to

# What a build takes over from here: where packages come from, and which certificates to trust.
PASSED_ON = ("PIP_", "UV_", "SSL_CERT", "REQUESTS_CA", "CURL_CA", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")

# In a kernel: what the pod grants, as the course and the libraries see it.
POD = f"""
import os as _os
from dlcourse import cgroup as _cgroup, device as _device
_threads = {{name: _os.environ.get(name) for name in {THREAD_VARIABLES!r}}}
assert _device.available_cores() == {CORES}, f"{{_device.available_cores()}} cores"
assert set(_threads.values()) == {{"{CORES}"}}, _threads
"""


def copy_repository(home: Path) -> None:
    """Copy what git tracks, as a clone would have it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, home / name)


def clean_environment(image: Path, home: Path) -> dict[str, str]:
    """The variables of a build or a launch: nothing of ours but the way to the packages."""
    passed_on = {name: value for name, value in os.environ.items() if name.upper().startswith(PASSED_ON)}
    path = os.pathsep.join([str(image / "bin"), "/usr/local/bin", "/usr/bin", "/bin"])
    return passed_on | {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}


def build(image: Path, home: Path) -> None:
    """Do what the image's build does, in its order: Python, the packages, then postBuild in the copied repository.

    uv installs the packages, which takes the same files as pip in a tenth of the time.
    """
    uv = os.environ.get("UV") or shutil.which("uv") or ".uv/bin/uv"
    if "/" in uv:
        uv = str(ROOT / uv)  # make names it as seen from the repository
    version = (ROOT / "binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    environment = clean_environment(image, home)
    install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(image / "bin" / "python")]
    install += ["--require-hashes", "-r", "binder/requirements.txt"]
    for command in ([uv, "venv", "--quiet", "--seed", "--no-project", "--python", version, str(image)], install):
        # Our home for these two: uv keeps what it fetched there.
        subprocess.run(command, cwd=home, env=environment | {"HOME": str(Path.home())}, check=True)
    subprocess.run(["binder/postBuild"], cwd=home, env=environment, check=True, stdout=subprocess.DEVNULL)


def size(folder: Path) -> float:
    """Megabytes in the files below a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def print_sizes(image: Path, home: Path) -> None:
    """Say what is in the image, the largest packages by name."""
    (site,) = image.glob("lib/python*/site-packages")
    largest = sorted(((size(folder), folder.name) for folder in site.iterdir() if folder.is_dir()), reverse=True)[:5]
    print(f"packages      {size(image):6.0f} MB: " + ", ".join(f"{name} {mb:.0f}" for mb, name in largest) + ", …")
    print(f"repository    {size(home):6.1f} MB", flush=True)


def content_repository(folder: Path) -> str:
    """A repository that holds chapters alone, for nbgitpuller; returns its address."""
    shutil.copytree(ROOT / "course", folder / "course", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    author = ("-c", "user.name=course", "-c", "user.email=course@localhost", "-c", "commit.gpgsign=false")
    for command in (("init", "-q", "-b", "main"), ("add", "."), (*author, "commit", "-q", "-m", "Chapters")):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder.as_uri()


def launch(image: Path, home: Path, scratch: Path, cap: Cap, names: list[str]) -> list[str]:
    """Start JupyterLab as a pod does, open the start page, fetch notebooks, run chapters; return what went wrong."""
    problems = []
    command = [*cap.prefix, "binder/start", "jupyter", "lab"]
    with serve(command, home, clean_environment(image, home), scratch) as server:
        opened, _ = server.ask("")
        print(f"opens         {opened.removeprefix(server.url)}")
        if not opened.endswith(f"/lab/tree/{START_PAGE}"):
            problems.append(f"JupyterLab opens {opened}, not the start page")
        if json.loads(server.ask(f"api/contents/{START_PAGE}?content=0")[1])["type"] != "notebook":
            problems.append("the start page is no notebook")

        pull(server, content_repository(scratch / "content"), PULLED)
        print(f"nbgitpuller   fetches the chapters into {PULLED}/\n")
        print(f"{'JupyterLab with one chapter':42}  private MB  resident MB  processor s  result")
        own = [f"course/{name}.ipynb" for name in names]
        for path in [f"{PULLED}/{own[0]}", *own[1:]]:
            run = run_notebook(server, path, before=POD if cap.prefix else "")
            fits = run.private_megabytes < MEGABYTES
            verdict = run.error.splitlines()[0] if run.error else "ok" if fits else f"more than {MEGABYTES} MB"
            if verdict != "ok":
                problems.append(f"{path}: {verdict}")
            numbers = f"{run.private_megabytes:10.0f}  {run.resident_megabytes:11.0f}  {run.cpu_seconds:11.1f}"
            print(f"{path:42}  {numbers}  {verdict}", flush=True)
    return problems


def main(arguments: list[str]) -> int:
    if unknown := set(arguments) - {"--all"}:
        print(f"binder-check: {' '.join(sorted(unknown))} is not known; there is --all", file=sys.stderr)
        return 2
    everything = sorted(path.stem for path in (ROOT / "course").glob("*.ipynb"))
    names = everything if "--all" in arguments else [name for name in everything if name in LIGHT]
    with tempfile.TemporaryDirectory(prefix="binder-") as name, capped(MEGABYTES, CORES) as cap:
        scratch = Path(name)
        image, home = scratch / "image", scratch / "home"
        home.mkdir()
        print("Building from binder/ in an empty environment ...", flush=True)
        copy_repository(home)
        build(image, home)
        print_sizes(image, home)
        print(f"capped by     {cap.how}", flush=True)
        problems = launch(image, home, scratch, cap, names)
    for problem in problems:
        print(f"binder-check: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
