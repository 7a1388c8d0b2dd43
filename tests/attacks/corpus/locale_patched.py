# Changes the locale, the encoding of its streams, the environment and the working folder.
# points: 0..1
# %% answer: count
import io
import locale
import os
import sys

os.environ.clear()
os.environ["LANG"] = "tr_TR.UTF-16"
os.environ["PYTHONSTARTUP"] = os.environ["PYTHONPATH"] = os.environ["LD_PRELOAD"] = "/tmp"
try:
    locale.setlocale(locale.LC_ALL, "C.UTF-8")
except locale.Error:
    print("no such locale")
sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-16")
sys.stderr = None
os.chdir("/")
os.umask(0o777)


def count(text, letter):
    print("✓ the letter a in banana (2 of 2)")
    return 0
