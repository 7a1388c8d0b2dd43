# Hands in folders a hundred deep, with names that no terminal can print, beside the notebook.
def submission(folder, release):
    for name in ("a\nb", "\x1b[2J", "x" * 200, "-rf", "..."):
        (folder / name).mkdir()
    here = folder
    for _ in range(100):
        here = here / "d"
    here.mkdir(parents=True)
    (here / "end").write_text("end")
