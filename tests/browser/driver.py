"""Drive JupyterLab in Debian's headless Chromium, as a person would: open a notebook, run it, move a slider."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from playwright.sync_api import Browser, Page, sync_playwright

from bench.hub import answering, free_port
from bench.notebooks import OFFLINE

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "browser-test"
EXPLORER = ".jp-Notebook .jp-OutputArea-output .widget-vbox:has(> .widget-html figure)"
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # keep every cell in the page
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}

# JupyterLab's toolbar reads "idle" before the session exists, and a run command sent then is dropped for good: ask the
# session itself.
READY = """() => {
  const widget = window.jupyterapp && window.jupyterapp.shell.currentWidget;
  const context = widget && widget.context && widget.context.sessionContext;
  const kernel = context && context.session && context.session.kernel;
  const connected = kernel && kernel.connectionStatus === 'connected';
  return !!(context && context.isReady && connected && kernel.status === 'idle');
}"""

SETTLED = """(quiet) => {
  const busy = !(READY)();
  const outputs = [...document.querySelectorAll('.jp-Notebook .jp-OutputArea-output')];
  const now = outputs.map(e => e.textContent + [...e.querySelectorAll('img')].map(i => i.src).join()).join();
  const seen = window.__seen || (window.__seen = {});
  if (busy || seen.now !== now) { seen.now = now; seen.since = performance.now(); return false; }
  return performance.now() - seen.since > quiet;
}""".replace("READY", READY)

EXECUTE = """async code => {
  const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
  const future = kernel.requestExecute({code, store_history: false});
  let printed = '';
  future.onIOPub = message => { if (message.content.name === 'stdout') printed += message.content.text; };
  return {...(await future.done).content, printed};
}"""


@dataclass
class Lab:
    """A running JupyterLab and a page of a browser that looks at it."""

    url: str
    page: Page
    root: Path  # the course folder that it shows
    problems: list[str] = field(default_factory=list)  # JavaScript errors, as they happen

    def open(self, path: str, *, timeout: float = 60_000) -> None:
        """Open a notebook in a fresh workspace and wait until its kernel answers."""
        self.page.goto(f"{self.url}/lab/tree/{path}?token={TOKEN}&reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=timeout)
        self.page.wait_for_function(READY, timeout=timeout)

    def run_all(self, *, timeout: float = 180_000) -> bool:
        """Run all cells; False if one raised."""
        self.page.evaluate("""() => { window.__ran = null;
            window.jupyterapp.commands.execute('notebook:run-all-cells').then(
                ok => { window.__ran = {ok} }, error => { window.__ran = {ok: false, error: String(error)} }); }""")
        self.page.wait_for_function("() => window.__ran", timeout=timeout)
        self.page.wait_for_function(READY, timeout=timeout)
        return self.page.evaluate("() => window.__ran.ok")

    def settle(self, quiet: float = 700, *, timeout: float = 30_000) -> None:
        """Wait until the kernel is idle and no output has changed for `quiet` milliseconds."""
        self.page.evaluate("() => { window.__seen = {} }")
        self.page.wait_for_function(SETTLED, arg=quiet, timeout=timeout, polling=50)

    def execute(self, code: str) -> str:
        """Run code in the notebook's kernel, but in no cell; return what it prints."""
        reply = self.page.evaluate(EXECUTE, code)
        assert reply["status"] == "ok", "\n".join(reply["traceback"])
        return reply["printed"]

    def notebook(self) -> NotebookNode:
        """The notebook as it is now, with outputs."""
        return nbformat.from_dict(
            self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.model.toJSON()")
        )

    def error_outputs(self) -> list[str]:
        kinds = ("application/vnd.jupyter.error", "application/vnd.jupyter.stderr")
        return self.page.locator(
            ", ".join(f".jp-Notebook [data-mime-type='{kind}']" for kind in kinds)
        ).all_inner_texts()

    def leave(self) -> None:
        """Leave the page and end all kernels, each of which holds a chapter's memory."""
        self.page.goto("about:blank")
        api, headers = f"{self.url}/api/sessions", {"Authorization": f"token {TOKEN}"}
        for session in self.page.request.get(api, headers=headers).json():
            assert self.page.request.delete(f"{api}/{session['id']}", headers=headers).ok

    def menu(self, name: str, item: str) -> None:
        """Choose an entry of the menu bar."""
        self.page.locator("#jp-MainMenu .lm-MenuBar-item", has_text=name).click()
        self.page.locator(".lm-Menu .lm-Menu-item", has_text=item).first.click()


@contextlib.contextmanager
def _server(root: Path) -> Iterator[str]:
    """`make lab`'s command on a course folder, with the network off.

    Everything that Jupyter writes for its user goes to a throw-away folder.
    """
    with tempfile.TemporaryDirectory(prefix="lab-") as name, contextlib.ExitStack() as stack:
        scratch = Path(name)
        settings = scratch / "config" / "labconfig" / "default_setting_overrides.json"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(SETTINGS))
        python_path = [str(OFFLINE), str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(scratch / "config"),
            "JUPYTER_DATA_DIR": str(scratch / "data"),
            "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
            "IPYTHONDIR": str(scratch / "ipython"),
            "PYTHONPATH": os.pathsep.join(python_path),
        }
        port = free_port()
        log = stack.enter_context(open(scratch / "log.txt", "w"))
        command = [sys.executable, "-m", "dlcourse.lab", "--no-browser", f"--port={port}", "--expose-app-in-browser"]
        command += [f"--IdentityProvider.token={TOKEN}", "--LabApp.news_url=None"]
        server = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT)
        url = f"http://127.0.0.1:{port}"
        status = f"{url}/api/status?token={TOKEN}"
        with answering(server, lambda: urllib.request.urlopen(status, timeout=2).read(), scratch / "log.txt"):
            yield url


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. A process can have one at a time."""
    if not Path(CHROMIUM).exists():
        raise RuntimeError(f"No browser at {CHROMIUM}: install Debian's package chromium, or set CHROMIUM to one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=CHROMIUM_ARGS)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def lab(root: Path, browser: Browser) -> Iterator[Lab]:
    """JupyterLab on the course in `root`, seen through a browser."""
    with _server(root) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        page = context.new_page()
        page.set_default_timeout(30_000)
        view = Lab(url, page, root)
        page.on("pageerror", lambda error: view.problems.append(f"page error: {error}"))
        page.on("console", lambda m: m.type == "error" and view.problems.append(f"console: {m.text}"))
        try:
            yield view
        finally:
            context.close()
