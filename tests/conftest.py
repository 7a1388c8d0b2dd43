"""Settings for all tests."""

from hypothesis import settings

# The same examples in every run, and no deadline, which a busy machine would miss.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")
