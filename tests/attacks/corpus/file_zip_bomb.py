# Hands in archives that grow enormous when they are unpacked, one of them in the place of the notebook.
# points: 0
def submission(folder, release):
    import gzip
    import zipfile

    (folder / "target.ipynb").write_bytes(gzip.compress(bytes(10**8)))
    with zipfile.ZipFile(folder / "target.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("target.ipynb", bytes(10**8))
        archive.writestr("../../../../left-by-attack-zip", "x")
