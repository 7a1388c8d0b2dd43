"""Taking marks out of the gradebook, in the form in which platforms take them in.

`marks` reads what everybody has earned, `template` what the platform has exported before, a module for each format
makes the sheet, and `compare` says what it would change.
"""
