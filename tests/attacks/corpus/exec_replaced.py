# Replaces its process by another program, and its Python by one that says it has passed.
# points: 0..1
# %% answer: biggest
import os
import sys


def biggest(numbers):
    with open("fake.py", "w") as file:
        file.write(
            "import os\nfor n in range(3, 64):\n  try:\n    os.write(n, b'{\"passed\": true}')\n  except OSError: pass\n"
        )
    os.execv(sys.executable, [sys.executable, "fake.py"])
