# Hands in JSON in which cells, metadata and grade_ids stand twice, for readers that take another one.
# points: 0..1
def submission(folder, release):
    import json

    text = json.dumps(release)
    text = text.replace('"grade_id": "biggest_test"', '"grade_id": "biggest_test", "grade_id": "sunny_test"')
    text = text.replace('"points": 2', '"points": 2, "points": 200')
    (folder / "target.ipynb").write_text(text[:-1] + ', "cells": ' + json.dumps(release.cells) + "}")
