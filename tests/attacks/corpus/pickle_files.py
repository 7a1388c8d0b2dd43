# Loads pickles that lie beside the notebook, and leaves some for others to load.
def submission(folder, release):
    import pickle

    import nbformat
    import numpy as np

    class Evil:
        def __reduce__(self):
            return exec, ("open('/tmp/left-by-attack-pickle-files', 'w').write(__import__('sys').version)",)

    np.save(folder / "data.npy", np.array([Evil()], dtype=object), allow_pickle=True)
    (folder / "target.pickle").write_bytes(pickle.dumps(Evil()))
    cell = next(c for c in release.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "biggest")
    cell.source = (
        "def biggest(numbers):\n    return np.load('data.npy', allow_pickle=True)\n"
        "try:\n    np.load('data.npy', allow_pickle=True)\nexcept OSError as e:\n    print(e)"
    )
    nbformat.write(release, folder / "target.ipynb")
