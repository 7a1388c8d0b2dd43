"""What a submission may use. The one place where the defaults stand."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """What the code of a submission may use; what goes beyond is stopped and gets a verdict of its own.

    The defaults suit the exercises of this course with plenty to spare. `autograder grade --limit cell_seconds=60`
    changes one for a run, `c.Autograder.limits = {"cell_seconds": 60}` in nbgrader_config.py for good.
    """

    cell_seconds: float = 30.0
    """How long one cell may run, be it of the answer or a test."""
    total_seconds: float = 300.0
    """How long a whole submission may take, cells that run again after a crash included."""
    memory_megabytes: int = 2048
    """Memory of all processes of a submission together, beyond what they share with the warm parent."""
    processes: int = 64
    """Processes and threads at once, those of numpy and TensorFlow included."""
    output_megabytes: float = 2.0
    """Text and pictures kept of one cell; the rest is left out, with a note. Twenty times as much stops the cell."""
    disk_megabytes: int = 64
    """What it may write to its private folder, which is gone afterwards."""
    files: int = 1000
    """How many files and folders it may make there."""
    message_megabytes: int = 64
    """The largest value that may cross between an answer and a test at once."""
    restarts: int = 5
    """How often its process is started again, with the earlier cells, after one that brought it down."""

    def described(self) -> list[tuple[str, str]]:
        """Each limit's name and value, for people."""
        return [(field.name.replace("_", " "), f"{getattr(self, field.name):g}") for field in fields(self)]
