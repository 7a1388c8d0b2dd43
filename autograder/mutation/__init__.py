"""Mutation of the solutions: small changes that make an answer wrong, and whether the tests see them.

`mutants` changes a text, `trial` runs what it made on the engine, `equivalent` reads which changes make no difference,
`report` prints what came of it. It needs mutmut, of the extra `dev`.
"""
