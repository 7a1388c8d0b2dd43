"""The outputs of cells: recorded in the process that runs them, and checked where they arrive."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

STOP_FACTOR = 20  # a cell that writes so many times what is kept is stopped
CUT = "\n… (the rest was left out)\n"
MAX_OUTPUTS = 1000  # of one cell
_MAX_TRACEBACK = 100_000  # characters
_TEXT_KINDS = ("text/", "image/", "application/javascript")


class OutputLimitError(BaseException):
    """Stops a cell that writes without end. No `Exception`: an answer that catches those does not catch this."""


class Recorder:
    """Collects the outputs of the cell that runs, as a notebook has them, up to a size."""

    def __init__(self, megabytes: float) -> None:
        """Keep so much of each cell."""
        self._size = int(megabytes * 2**20)
        self.outputs: list[dict[str, Any]] = []
        self.start_cell()

    def start_cell(self) -> None:
        """Forget the outputs of the last cell."""
        self._written = 0
        self._clear_next = False
        self._by_display_id: dict[str, dict[str, Any]] = {}
        self.outputs = []

    def stream(self, name: str, text: str) -> None:
        """Record what was written to stdout or stderr."""
        kept = self._take(text)
        if not kept:
            return
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += kept
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": kept})

    def data(
        self,
        output_type: str,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *,
        display_id: str | None = None,
        update: bool = False,
    ) -> None:
        """Record a display or a cell's result; an update replaces what was displayed under its id."""
        data = dict(data)
        size = sum(len(value) if isinstance(value, str) else len(repr(value)) for value in data.values())
        if not self._take_whole(size):
            data, metadata = {"text/plain": f"… (an output of {size / 2**20:.1f} MB was left out)"}, {}
        output = {"output_type": output_type, "data": data, "metadata": dict(metadata or {})}
        if output_type == "execute_result":
            output["execution_count"] = None
        if update and display_id in self._by_display_id:
            self._by_display_id[display_id].update(output)
            return
        if update:
            return
        if display_id is not None:
            self._by_display_id[display_id] = output
        self._append(output)

    def error(self, name: str, message: str, traceback: Iterable[str]) -> None:
        """Record the exception that a cell ended with."""
        self.outputs.append(error_output(name, message, traceback))

    def clear(self, wait: bool = False) -> None:
        """Clear what the cell has put out so far, with `wait` as soon as something new comes."""
        if wait:
            self._clear_next = True
        else:
            self.outputs, self._by_display_id = [], {}

    def take_text(self) -> str:
        """Return the text written since the cell began, and begin anew."""
        text = "".join(output["text"] for output in self.outputs if output["output_type"] == "stream")
        self.start_cell()
        return text

    def _append(self, output: dict[str, Any]) -> None:
        if len(self.outputs) < MAX_OUTPUTS:
            self.outputs.append(output)

    def _count(self, size: int) -> int:
        """Count what is written; return how much of it can be kept."""
        if self._clear_next:
            self._clear_next = False
            self.clear()
        room = max(0, self._size - self._written)
        self._written += size
        if self._written > STOP_FACTOR * self._size:
            self._written = self._size  # so that what reports this has room to do so
            raise OutputLimitError(f"stopped: it wrote more than {STOP_FACTOR * self._size / 2**20:g} MB")
        return room

    def _take(self, text: str) -> str:
        room = self._count(len(text))
        if len(text) <= room and len(self.outputs) < MAX_OUTPUTS:
            return text
        return text[:room] + CUT if room else ""

    def _take_whole(self, size: int) -> bool:
        return size <= self._count(size)


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of cells."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        """Write to a recorder, as `name`."""
        self._recorder, self.name = recorder, f"<{name}>"
        self._kind = name

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, text: str) -> int:
        """Record some text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self._kind, text)
        return len(text)


def error_output(name: str, message: str, traceback: Iterable[str] = ()) -> dict[str, Any]:
    """Return an error as an output."""
    lines, room = [], _MAX_TRACEBACK
    for line in traceback:
        if len(line) > room:
            lines.append("… (the rest was left out)")
            break
        room -= len(line)
        lines.append(line)
    return {"output_type": "error", "ename": name, "evalue": message[:_MAX_TRACEBACK], "traceback": lines}


def checked_outputs(outputs: object, megabytes: float) -> list[dict[str, Any]]:
    """Return what a notebook may hold of the outputs that came from a process that cannot be trusted.

    Raises:
        ValueError: if they are not outputs at all.
    """
    if not isinstance(outputs, list):
        raise ValueError("the outputs are no list")
    room = int(megabytes * 2**20) + _MAX_TRACEBACK * 4
    checked = []
    for output in outputs[: MAX_OUTPUTS + 1]:
        if not isinstance(output, dict):
            raise ValueError("an output is no object")
        clean = _checked(output)
        room -= _size(clean)
        if room < 0:
            checked.append({"output_type": "stream", "name": "stdout", "text": CUT})
            break
        checked.append(clean)
    return checked


def _checked(output: dict[str, Any]) -> dict[str, Any]:
    match output.get("output_type"):
        case "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            return {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
        case "error":
            lines = output.get("traceback")
            lines = [_text(line) for line in lines] if isinstance(lines, list) else []
            return error_output(_text(output.get("ename"))[:200], _text(output.get("evalue")), lines)
        case ("display_data" | "execute_result") as kind:
            data = output.get("data")
            data = {_text(mime): _checked_data(mime, value) for mime, value in data.items()} if _is_dict(data) else {}
            metadata = output.get("metadata")
            clean = {"output_type": kind, "data": data, "metadata": metadata if _is_dict(metadata) else {}}
            if kind == "execute_result":
                clean["execution_count"] = None
            return clean
    raise ValueError("an output is of no known type")


def _is_dict(value: object) -> bool:
    return isinstance(value, dict)


def _checked_data(mime: str, value: object) -> object:
    """Texts and pictures are text; what else there is, widgets for example, stays the JSON that it is."""
    return _text(value) if mime.startswith(_TEXT_KINDS) or isinstance(value, str) else value


def _text(value: object) -> str:
    """Return text that can be written as UTF-8."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _size(output: Mapping[str, Any]) -> int:
    return sum(
        len(v) if isinstance(v, str) else len(repr(v)) for v in (*output.values(), *output.get("data", {}).values())
    )
