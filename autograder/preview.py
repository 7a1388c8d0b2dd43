"""What grading would change, before anything of it is written."""

from autograder.course import CourseError
from autograder.finish import Finished, changed_cells, changes_since, make_record, points_before, result_of, scores_of
from autograder.gradebook import Row, Rows
from autograder.plan import Assignment, Plan


def preview(assignment: Assignment, plan: Plan, rows: Rows | None, *, review: bool) -> Finished:
    """Return what `finish` would, and write nothing.

    Args:
        assignment: whose.
        plan: with the results of all notebooks that can be run.
        rows: what the gradebook holds of the submission; None if nothing.
        review: as for `finish`.

    Raises:
        CourseError: if the gradebook holds other cells, with which grading would stop.
    """
    record, judged, _ = make_record(assignment, plan)
    would_be: dict[str, dict[str, Row]] = {}
    to_review = []
    for name, of in judged.items():
        now = (rows or {}).get(name, {})
        if now and set(now) != set(scores_of(of)):
            from autograder.release import CELLS_CHANGED

            raise CourseError(CELLS_CHANGED.format(assignment.name))
        changed = changed_cells(plan, record, name, review=review)
        would_be[name] = {
            cell: now.get(cell, Row(None)).regraded(score, changed=cell in changed)
            for cell, score in scores_of(of).items()
        }
        to_review += [
            cell for cell, row in would_be[name].items() if row.manual is not None and row.waits and not now[cell].waits
        ]
    result = result_of(assignment, plan.student, record, would_be)
    changes = changes_since(points_before(assignment, plan, rows), result)
    return Finished(result, plan.todo.value, changes, tuple(record["sandbox"]), tuple(to_review))
