"""Benchmarks: each is a module that prints a table, run as `python -m bench.NAME`."""
