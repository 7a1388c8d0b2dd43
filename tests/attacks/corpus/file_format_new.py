# Hands in the notebook as a format that does not exist yet.
# points: 0..1
def submission(folder, release):
    import json

    (folder / "target.ipynb").write_text(json.dumps({**release, "nbformat": 99, "nbformat_minor": 10**9}))
