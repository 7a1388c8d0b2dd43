# Hands in a timestamp that is no time, is enormous, or holds code.
# points: 0..1
def submission(folder, release):
    (folder / "timestamp.txt").write_text(
        "9999999-99-99 __import__('os').system('touch /tmp/left-by-attack-time')" * 9999
    )
