"""What the engine itself may raise."""


class EngineError(Exception):
    """The engine cannot work on this machine, or with this exercise; the text says why and what to do."""


class SetupError(EngineError):
    """A set-up cell of the exercise fails, whatever the submission holds: nobody can be graded."""
