"""Helpers for the deep-learning course: data, devices, training, plots, explorers and checks.

Chapters write out the idea they teach in their own cells; this package holds what would distract from it. Importing
it imports neither Keras nor a backend: each module does so only where it needs them.
"""
