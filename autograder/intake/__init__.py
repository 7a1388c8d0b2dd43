"""Taking in what students hand in: read a folder or a zip file, see whose is what, and keep it for grading.

`folder` and `archive` list files, `platforms` says whose they are, `roster` and `people` who that is, `attempts` which
of several counts, `lateness` whether it came in time, `keep` writes it down. `autograder.collect` puts them together.
"""
