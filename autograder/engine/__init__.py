"""Runs one submission at a time: its code in one sandboxed process, the tests on it in another."""
