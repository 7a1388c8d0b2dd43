# Puts a file of 64 MB, a sparse file of 1 TB and five thousand small ones beside the notebook.
def submission(folder, release):
    (folder / "large.bin").write_bytes(bytes(64 * 2**20))
    with (folder / "sparse.bin").open("wb") as file:
        file.truncate(2**40)
    (folder / "many").mkdir()
    for number in range(5000):
        (folder / "many" / str(number)).touch()
