"""Whether this machine can grade: the layers of the sandbox, each tried, and the versions of what matters."""

import os
import platform
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from autograder.engine.sandbox.probe import Layer, probe
from autograder.keys import environment
from autograder.runner import available_cores


@dataclass(frozen=True)
class Diagnosis:
    """What `autograder doctor` found."""

    layers: list[Layer]
    facts: list[tuple[str, str]]

    @property
    def well(self) -> bool:
        """Whether grading works with the sandbox."""
        return all(layer.active for layer in self.layers if layer.required)

    @property
    def verdict(self) -> str:
        """One line that says so."""
        if self.well:
            missing = [layer.name for layer in self.layers if not layer.active]
            without = f" (without: {', '.join(missing)})" if missing else ""
            return f"Submissions can be kept apart from all else on this machine{without}."
        missing = [layer.name for layer in self.layers if layer.required and not layer.active]
        return (
            f"Submissions cannot be kept apart from all else on this machine: it lacks {', '.join(missing)}. "
            "`autograder grade` works here with --sandbox none only, for people whom you trust."
        )

    def tables(self) -> list[Table]:
        """What to show."""
        sandbox = Table(title="Sandbox", title_justify="left")
        sandbox.add_column("layer", no_wrap=True)
        sandbox.add_column("", no_wrap=True)
        sandbox.add_column("what it is for, or what is wrong", overflow="fold")
        for layer in self.layers:
            mark = Text("✓", "green") if layer.active else Text("✗", "red" if layer.required else "yellow")
            detail = layer.detail if layer.active or not layer.fix else f"{layer.detail}. {layer.fix}"
            sandbox.add_row(layer.name, mark, Text(detail))
        machine = Table(title="Machine", title_justify="left", show_header=False)
        for name, value in self.facts:
            machine.add_row(name, Text(value))
        return [sandbox, machine]


def diagnose() -> Diagnosis:
    """Try every layer of the sandbox, and look at the machine."""
    facts = [("system", f"{platform.system()} {platform.release()} {platform.machine()}")]
    facts.append(("user", "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "not root"))
    facts.append(("cores", str(available_cores())))
    facts += [(name, version) for name, _, version in (entry.partition(" ") for entry in environment())]
    return Diagnosis(probe(), facts)
