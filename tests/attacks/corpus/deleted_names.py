# Deletes the names of the set-up, of builtins and of modules.
# points: 0..1
# %% answer: scale
import builtins
import sys

del np, checks
del builtins.AssertionError, builtins.abs, builtins.len
for name in list(sys.modules):
    if name.startswith(("numpy.testing", "dlcourse", "autograder", "json")):
        del sys.modules[name]
