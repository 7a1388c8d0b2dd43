# Hides scripts in text cells, attachments, widget states and titles, for the page that a grader looks at.
def submission(folder, release):
    import nbformat

    script = "<script>fetch('http://127.0.0.1:7007/page')</script><img src=x onerror=alert(1)></textarea></pre>"
    release.cells.append(nbformat.v4.new_markdown_cell(script, attachments={script: {"image/png": script}}))
    release.cells.append(
        nbformat.v4.new_raw_cell(script, metadata={"format": "text/html", "raw_mimetype": "text/html"})
    )
    release.metadata.title = script
    release.metadata.authors = [{"name": script}]
    release.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {script: script}}}
    nbformat.write(release, folder / "target.ipynb")
