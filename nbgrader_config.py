"""nbgrader's settings for this course: plain `nbgrader`, its formgrader and the command `autograder` all read them.

solutions/ is what instructors write, exercises/ what participants get; everything else stands in grading/.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader and JupyterLab define it when they read this file)

ROOT = Path(__file__).resolve().parent
GRADING = ROOT / "grading"
# SQLite makes the gradebook, but not the folder that it is in; nbgrader's release and collect want theirs to be there.
(GRADING / "exchange").mkdir(parents=True, exist_ok=True)

# nbgrader asks the program `alembic` which version a new gradebook has, and looks for it on the PATH.
ENVIRONMENT = str(Path(sys.executable).parent)
if ENVIRONMENT not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join(filter(None, [ENVIRONMENT, os.environ.get("PATH")]))

# nbgrader takes anything on stderr for a failed test, and TensorFlow's greetings go there.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

# --- folders --------------------------------------------------------------------------------------------------------

c.CourseDirectory.course_id = "deep-learning-course"
c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{GRADING / 'gradebook.db'}"
c.Exchange.root = str(GRADING / "exchange")

# --- grading --------------------------------------------------------------------------------------------------------

c.OverwriteCells.add_missing_cells = True  # a deleted test cell comes back, instead of waiting for a person

CELL_SECONDS = 30  # how long one cell may run; `autograder grade --timeout` overrides it for once
# What else a submission may use, where that is not what autograder/engine/limits.py says:
# c.Autograder.limits = {"memory_megabytes": 1024}
c.Execute.timeout = CELL_SECONDS
c.Execute.error_on_timeout = {
    "ename": "CellTimeoutError",
    "evalue": f"stopped after {CELL_SECONDS} s",
    "traceback": [f"CellTimeoutError: stopped after {CELL_SECONDS} s"],
}
c.Execute.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    "--IPKernelApp.log_level=40",  # errors only: a kernel's remarks about its own connection help nobody here
]

# --- feedback -------------------------------------------------------------------------------------------------------

# As nbgrader has it, and hidden tests stay hidden.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "autograder.feedback.HideTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
