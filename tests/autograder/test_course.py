"""Finding a course and what is in it, and saying what is wrong when there is none."""

import shutil
from pathlib import Path

import pytest

from autograder.course import CONFIG_FILE, Course, CourseError, check_student, find_course, load_config
from tests.autograder.small_course import ASSIGNMENT, REPOSITORY


def test_looks_upwards(course: Course) -> None:
    assert find_course(course.solutions / ASSIGNMENT).root == course.root


def test_no_course(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"is in no course.*nbgrader_config\.py.*--course FOLDER"):
        find_course(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="There is no folder"):
        find_course(tmp_path / "nowhere")


def test_folders_are_where_nbgrader_config_says(course: Course) -> None:
    root = course.root
    assert course.solutions == root / "solutions"
    assert course.exercises == root / "exercises"
    assert course.submitted == root / "grading" / "submitted"
    assert course.grading == root / "grading"
    assert course.gradebook_url == f"sqlite:///{root / 'grading' / 'gradebook.db'}"


def test_config_that_does_not_run(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_text("c = get_config()\n1 / 0\n")
    with pytest.raises(CourseError, match="does not run: ZeroDivisionError"):
        find_course(tmp_path)


def test_no_config_is_an_empty_one(tmp_path: Path) -> None:
    assert load_config(tmp_path) == {}


def test_config_makes_the_folder_of_a_new_gradebook(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / CONFIG_FILE, tmp_path)
    load_config(tmp_path)
    assert (tmp_path / "grading").is_dir()


def test_wrong_assignment_names_the_nearest(course: Course) -> None:
    with pytest.raises(CourseError, match=r"no assignment '01-number' in solutions/\. Did you mean '01-numbers'\?"):
        course.notebooks("01-number")
    with pytest.raises(CourseError, match=r"Known: 01-numbers\."):
        course.notebooks("zzz")


@pytest.mark.parametrize("name", ["", ".", "..", "../solutions/01-numbers", "*"])
def test_names_that_are_paths_are_no_assignments(course: Course, name: str) -> None:
    with pytest.raises(CourseError, match="There is no assignment"):
        course.notebooks(name)


def test_course_without_assignments(course: Course) -> None:
    shutil.rmtree(course.solutions)
    with pytest.raises(CourseError, match="solutions/ holds no notebook"):
        course.notebooks(ASSIGNMENT)


@pytest.mark.parametrize("name", ["ann", "Ann Lee", "o'neil", "a.b@c-d_e", "łukasz", "20261234"])
def test_students(name: str) -> None:
    assert check_student(name) == name


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "a\nb", "a*", " ann", "ann ", "x" * 129, "a{0}"])
def test_no_students(name: str) -> None:
    with pytest.raises(CourseError, match="cannot be a student's name"):
        check_student(name)
