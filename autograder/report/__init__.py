"""What an instructor reads: on the terminal and as a table after grading, and as a page about the class."""

from autograder.report.scores import full_report, lost_marks, score_table, what_was_done, what_would_change, write_csv

__all__ = ["full_report", "lost_marks", "score_table", "what_was_done", "what_would_change", "write_csv"]
