# Imports the solutions, the corpus and the tests from the repository, if they can be imported.
# %% answer: biggest
import glob
import importlib
import os
import sys

import dlcourse

root = os.path.dirname(os.path.dirname(dlcourse.__file__))
print(os.path.isdir(f"{root}/solutions"), glob.glob(f"{root}/solutions/*/*"), glob.glob(f"{root}/sources/*/*"))
sys.path.insert(0, root)
for name in ("tests.attacks.exercise", "autograder.grade", "sources.solutions"):
    try:
        module = importlib.import_module(name)
        exec(getattr(module, "BIGGEST", ""))
        print(name)
    except Exception as error:
        print(type(error).__name__)
