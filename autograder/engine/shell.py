"""An IPython shell that records outputs, much as a kernel would send them."""

import ast
import contextlib
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type
from traitlets.config import Config

from autograder.engine.outputs import Recorder, Stream

_SETTINGS = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})


class _Results(DisplayHook):
    """Records the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """Nothing: prompts are not part of an output."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Record the value."""
        self.shell.recorder.data("execute_result", _as_text(format_dict), md_dict)

    def finish_displayhook(self) -> None:
        """Nothing: there is no line to end."""


class _Displays(DisplayPublisher):
    """Records what cells display."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        """Record what is displayed, or displayed anew."""
        display_id = (transient or {}).get("display_id")
        self.shell.recorder.data("display_data", _as_text(data), metadata, display_id=display_id, update=update)

    def clear_output(self, wait: bool = False) -> None:
        """Clear the cell's outputs."""
        self.shell.recorder.clear(wait)


class RecordingShell(InteractiveShell):
    """An IPython shell whose outputs go to `recorder`."""

    recorder = Instance(Recorder, (2.0,))
    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)

    def transform_cell(self, raw_cell: str) -> str:
        """Look for what only IPython understands, magics and shell commands, in what is not plain Python."""
        try:
            ast.parse(raw_cell)
        except Exception:  # the cell may hold anything
            return super().transform_cell(raw_cell)
        return raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        try:
            message = str(evalue)
        except Exception:  # the exception may be of a class that the student wrote
            message = ""
        self.recorder.error(etype.__name__, message, [str(line) for line in stb])

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no event loop here to enable."""

    def ask_exit(self) -> None:
        """`exit()` in a cell ends nothing but the cell."""


def make_shell(recorder: Recorder) -> RecordingShell:
    """Make the shell of this process: output recorded, matplotlib's figures shown below the cell that draws them."""
    shell = RecordingShell.instance(config=_SETTINGS)
    shell.recorder = recorder
    sys.stdout, sys.stderr = Stream(recorder, "stdout"), Stream(recorder, "stderr")
    sys.path.insert(0, "")  # as in a kernel: the notebook's folder
    if "matplotlib" in sys.modules:
        from matplotlib_inline.backend_inline import configure_inline_support, flush_figures

        with contextlib.suppress(Exception):  # a broken matplotlib is the student's to find out
            sys.modules["matplotlib"].interactive(True)
            configure_inline_support(shell, "inline")
            if flush_figures not in shell.events.callbacks["post_execute"]:
                shell.events.register("post_execute", flush_figures)
    return shell


def _as_text(data: dict[str, Any]) -> dict[str, Any]:
    """Write what is binary, pictures, as a notebook does."""
    from base64 import b64encode

    return {kind: b64encode(v).decode() if isinstance(v, bytes) else v for kind, v in data.items()}
