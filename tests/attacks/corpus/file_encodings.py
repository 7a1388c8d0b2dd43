# Hands in a notebook with a byte order mark, NULs, lone surrogates and characters that turn text around.
# points: 0..1
def submission(folder, release):
    import json

    for cell in release.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade_id") == "biggest":
            cell.source = "\ufeff# \ud800 \x00 \u202e\u2066\ndef biggest(numbers):\n    return '\udfff'\n"
    (folder / "target.ipynb").write_bytes(b"\xef\xbb\xbf" + json.dumps(release).encode())
