# Gives all its cells the same id, or ids that are paths and scripts.
def submission(folder, release):
    import json

    for number, cell in enumerate(release.cells):
        cell.id = "biggest_test" if number % 2 else "../../left-by-attack-id"
    (folder / "target.ipynb").write_text(json.dumps(release))
