# Hands in JSON that is nested a million deep.
# points: 0..1
def submission(folder, release):
    import json

    deep = "[" * 10**6 + "]" * 10**6
    text = json.dumps({**release, "metadata": {"deep": "DEEP"}})
    (folder / "target.ipynb").write_text(text.replace('"DEEP"', deep))
