# Hands in JSON with numbers of a million digits, infinities and nan.
# points: 0..1
def submission(folder, release):
    import json

    release.metadata["a"] = "BIG"
    release.nbformat_minor = 5
    text = json.dumps(release)
    text = text.replace('"BIG"', "[1" + "0" * 10**6 + ", 1e999999999, NaN, -Infinity]")
    (folder / "target.ipynb").write_text(text)
