"""Helpers for the deep-learning course: data, devices, training, plots, explorers and checks.

Chapters write out the idea they teach in their own cells; this package holds what would distract from it. Importing
it imports neither Keras nor a backend: each module does so only where it needs them.
"""

import os
import sys

# TensorFlow reads these when it is imported. Its start-up messages go to stderr, which learners read as errors and
# nbgrader counts as one; oneDNN's kernels round differently from machine to machine.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# A GPU is shared by the kernels of all notebooks that are open: take memory as it is needed, not all of it at once.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

if os.environ.get("KERAS_BACKEND") == "jax":
    from dlcourse.keras_on_jax import WithoutTensorFlow

    sys.meta_path.insert(0, WithoutTensorFlow)
