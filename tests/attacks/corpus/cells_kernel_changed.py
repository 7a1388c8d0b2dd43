# Asks for another kernel: one that runs a command, one that does not exist, one of another language.
def submission(folder, release):
    import json

    import nbformat

    release.metadata.kernelspec = {"name": "evil", "display_name": "evil", "language": "bash"}
    release.metadata.language_info = {"name": "bash", "file_extension": "/../../x", "mimetype": "text/html"}
    nbformat.write(release, folder / "target.ipynb")
    for name in ("kernels/evil", ".local/share/jupyter/kernels/evil", "share/jupyter/kernels/evil"):
        (folder / name).mkdir(parents=True)
        command = ["touch", "/tmp/left-by-attack-kernel", "{connection_file}"]
        (folder / name / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "evil"}))
