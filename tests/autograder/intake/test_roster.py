"""Lists of a class: whatever platforms export, and names however people write them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from autograder.collect import ClassList, Outcome, collect, known_as, not_handed_in
from autograder.course import Course, CourseError
from autograder.intake.names import fold
from autograder.intake.people import find_person
from autograder.intake.platforms import Who
from autograder.intake.roster import Person, read_roster
from autograder.students import read_students, write_students
from tests.autograder.intake.conftest import notebook_bytes
from tests.autograder.small_course import ASSIGNMENT

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Numbers (4711),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,8,(read only)
"Lovelace, Ada",12345,S-1,al1815,A,,
"O'Neil, Zoë",12346,S-2,zo,A,,
"Student, Test",99999,,,A,,
"""
MOODLE = """\
"First name",Surname,"ID number","Email address"
Ada,Lovelace,S-1,ada@example.org
Zoë,O'Neil,,zoe@example.org
"""
WORKSHEET = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (submission)","Feedback comments"
"Participant 1234567","Ada Lovelace",ada@example.org,"Submitted for grading - 3 mins 31 secs late - ",,8.00,\
"Tuesday, 3 March 2026, 5:15 PM",
"Participant 1234568","Zoë O'Neil",zoe@example.org,"No submission - ",,8.00,-,
"""
NBGRADER = "id,first_name,last_name,email\nada,Ada,Lovelace,ada@example.org\nzoe,Zoë,O'Neil,\n"
GERMAN = "Vorname;Nachname;Matrikelnummer;E-Mail-Adresse\nAda;Lovelace;S-1;ada@example.org\nZoë;O'Neil;S-2;\n"


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[Person]:
    (tmp_path / "list.csv").write_text(text, encoding=encoding)
    return read_roster(tmp_path / "list.csv")


@pytest.mark.parametrize(
    ("text", "students"),
    [
        (CANVAS, ["al1815", "zo"]),
        (MOODLE, ["S-1", "zoe@example.org"]),
        (WORKSHEET, ["ada@example.org", "zoe@example.org"]),
        (NBGRADER, ["ada", "zoe"]),
        (GERMAN, ["S-1", "S-2"]),
        ("Name\nLovelace, Ada\nZoë O'Neil\n".replace(", Ada", " Ada"), ["Lovelace Ada", "Zoë O'Neil"]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lists(tmp_path: Path, text: str, students: list[str], encoding: str) -> None:
    people = roster(tmp_path, text, encoding)
    assert [person.student for person in people] == students
    assert all(find_person(Who("zoe o'NEIL"), people).person is people[1] for _ in "x")


def test_moodles_worksheet_knows_times_and_numbers(tmp_path: Path) -> None:
    ada, zoe = roster(tmp_path, WORKSHEET)
    assert (ada.participant, ada.time, ada.late) == ("1234567", datetime(2026, 3, 3, 17, 15), True)
    assert (zoe.time, zoe.late) == (None, None)
    assert find_person(Who("Participant", "moodle", "1234568"), [ada, zoe]).person is zoe
    match = find_person(Who("Zoë O'Neil", "moodle", "1234567"), [ada, zoe])
    assert match.person is None and "has the number of Ada Lovelace" in match.why


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("colour,shape\nred,round\n", "is no list of a class: none of its columns (colour, shape)"),
        ("name\n", "names nobody"),
        ("id,name\nada,Ada\nada,Ada B\n", "line 3: 'ada' stands on line 2 as well"),
        ("id\n../x\n", "line 2: nothing there can be a student's name"),
        ("PK\0\0", "is no CSV file. Save it as CSV"),
    ],
)
def test_lists_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CourseError) as raised:
        roster(tmp_path, text)
    assert message in str(raised.value)


PEOPLE = [
    Person("s1", "Ada", "Lovelace", email="ada.l@example.org", ids=("al1815",), lms="12345"),
    Person("s2", "Zoë", "Müller", email="zm@example.org"),
    Person("s3", "Jan", "van der Berg"),
    Person("s4", name="Ng, Mei Ling"),
    Person("s5", "Łukasz", "Øster"),
    Person("s6", "Sean", "O'Neil", lms="777"),
]


@pytest.mark.parametrize(
    ("who", "student"),
    [
        (Who("s1"), "s1"),
        (Who("S1"), "s1"),
        (Who("AL1815"), "s1"),
        (Who("ada.l@EXAMPLE.org"), "s1"),
        (Who("ada.l"), "s1"),
        (Who("lovelace ada"), "s1"),
        (Who("Lovelace, Ada"), "s1"),
        (Who("Ada King Lovelace", "moodle", "9"), "s1"),
        (Who("al1815 Ada Lovelace", "moodle", "9"), "s1"),
        (Who("whoever", "canvas", "12345"), "s1"),
        (Who("lovelaceada", "canvas", "5"), None),  # Canvas has another number for Ada Lovelace
        (Who("zoe muller"), "s2"),
        (Who("Zoe Mueller"), "s2"),
        (Who("müllerzoë", "canvas", "4"), "s2"),
        (Who("vanderbergjan", "canvas", "4"), "s3"),
        (Who("Berg van der Jan"), "s3"),
        (Who("ngmeiling", "canvas", "4"), "s4"),
        (Who("Mei Ling NG"), "s4"),
        (Who("Lukasz Oster"), "s5"),
        (Who("ONeil Sean"), "s6"),
        (Who("Ada"), None),
        (Who("Grace Hopper"), None),
        (Who(""), None),
    ],
)
def test_who_is_meant(who: Who, student: str | None) -> None:
    match = find_person(who, PEOPLE, by_part=True)
    assert (match.person and match.person.student) == student
    assert student or match.why


def test_what_is_not_certain_is_not_guessed() -> None:
    two = [Person("a", "Ann", "Lee"), Person("b", "Lee", "Ann"), Person("c", "Ann", "Lea")]
    assert find_person(Who("ann lee"), two).why == "could be a or b"
    assert find_person(Who("An Lea"), two).why == "the nearest there is Ann Lea (c)"


NAMES = st.lists(st.text("abcxyzäöüéßøłñ", min_size=2, max_size=8), min_size=2, max_size=4, unique_by=fold)


@given(NAMES, st.randoms(use_true_random=False))
def test_order_case_and_accents_never_matter(words: list[str], random: object) -> None:
    person = Person("s", " ".join(words[:-1]), words[-1])
    shuffled = list(words)
    random.shuffle(shuffled)
    assert find_person(Who(" ".join(shuffled).upper()), [person]).person is person
    assert find_person(Who(", ".join(" ".join(fold(word)) for word in shuffled)), [person]).person is person
    assert find_person(Who("".join([words[-1], *words[:-1]]).lower(), "canvas", "1"), [person]).person is person


def test_a_part_of_a_name_will_do_only_in_a_whole_list(course: Course, tmp_path: Path) -> None:
    """Without it, it could be somebody who is not on the list, and take another's place."""
    assert find_person(Who("Ada King Lovelace"), PEOPLE).person is None
    (tmp_path / "class" / "Ada King Lovelace").mkdir(parents=True)
    (tmp_path / "class" / "Ada King Lovelace" / "numbers.ipynb").write_bytes(notebook_bytes(course))
    (one,) = collect(course, ASSIGNMENT, tmp_path / "class", people=ClassList(PEOPLE))
    assert one.student == "Ada King Lovelace"
    (one,) = collect(course, ASSIGNMENT, tmp_path / "class", people=ClassList(PEOPLE, is_whole=True))
    assert (one.student, one.notes) == ("s1", ("found by a part of the name: Ada Lovelace",))


# --- with submissions -------------------------------------------------------------------------------------------------


def test_collecting_with_a_list(course: Course, make_zip: Callable[..., Path], tmp_path: Path) -> None:
    path = make_zip(
        {
            "lovelaceada_12345_1_numbers.ipynb": notebook_bytes(course),
            "hoppergrace_12399_2_numbers.ipynb": notebook_bytes(course),
        }
    )
    people = roster(tmp_path, CANVAS)
    results = {one.student: one for one in collect(course, ASSIGNMENT, path, people=ClassList(people, is_whole=True))}
    assert results["al1815"].outcome is Outcome.NEW
    stranger = results["hoppergrace (12399)"]
    assert stranger.outcome is Outcome.UNMATCHED and stranger.notes == ("nobody's name there is like it",)
    assert [p.student for p in not_handed_in(course, ASSIGNMENT, people)] == ["zo"]
    assert [path.name for path in course.submitted.iterdir()] == ["al1815"]


def test_two_people_with_one_name_are_not_mixed_up(course: Course, make_zip: Callable[..., Path]) -> None:
    def moodle(number: int) -> dict[str, bytes]:
        return {f"Ann Lee_{number}_assignsubmission_file/numbers.ipynb": notebook_bytes(course, f"add = {number}")}

    (both,) = collect(course, ASSIGNMENT, make_zip(moodle(1) | moodle(2)))
    assert both.outcome is Outcome.REFUSED and "tell them apart with a list" in both.notes[-1]
    (one,) = collect(course, ASSIGNMENT, make_zip(moodle(1)))
    assert one.outcome is Outcome.NEW
    (other,) = collect(course, ASSIGNMENT, make_zip(moodle(2)))
    assert other.outcome is Outcome.REFUSED and "what was collected before stays" in other.notes
    assert b"add = 1" in (course.submitted / "Ann Lee" / ASSIGNMENT / "numbers.ipynb").read_bytes()
    people = ClassList([Person("a", "Ann", "Lee", participant="1"), Person("b", "Ann", "Lee", participant="2")], True)
    found = list(collect(course, ASSIGNMENT, make_zip(moodle(1) | moodle(2)), people=people))
    assert [(one.student, one.outcome) for one in found] == [("a", Outcome.NEW), ("b", Outcome.NEW)]


def test_two_folders_for_one_person_are_refused(course: Course, tmp_path: Path) -> None:
    for name in ("Ann Lee", "Lee Ann"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "numbers.ipynb").write_bytes(notebook_bytes(course, f"add = {name!r}"))
    people = ClassList([Person("a", "Ann", "Lee")], True)
    (one,) = collect(course, ASSIGNMENT, tmp_path / "class", people=people)
    assert one.outcome is Outcome.REFUSED and "Ann Lee and Lee Ann" in one.notes[-1]


def test_people_keep_the_names_that_they_have(tmp_path: Path) -> None:
    people = roster(tmp_path, CANVAS)
    assert [p.student for p in known_as(people, ["Ada Lovelace", "S-2"])] == ["Ada Lovelace", "S-2"]


def test_the_gradebook_learns_the_class(course: Course, tmp_path: Path) -> None:
    people = roster(tmp_path, CANVAS)
    assert write_students(course, people) == 2
    assert write_students(course, people) == 0
    ada = next(person for person in read_students(course) if person.student == "al1815")
    assert (ada.first, ada.last, ada.lms) == ("Ada", "Lovelace", "12345")
    assert write_students(course, [Person("al1815", email="ada@example.org")]) == 1
    ada = next(person for person in read_students(course) if person.student == "al1815")
    assert (ada.first, ada.email) == ("Ada", "ada@example.org")  # what a list does not say stays


def test_a_list_is_written_as_a_whole(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A half of it would look like a class."""
    write = Gradebook.update_or_create_student

    def fail_at_bob(gradebook: Gradebook, student: str, **values: str) -> object:
        if student == "bob":
            raise OSError(28, "No space left on device")
        return write(gradebook, student, **values)

    people = [Person("ada", "Ada"), Person("bob", "Bob")]
    monkeypatch.setattr(Gradebook, "update_or_create_student", fail_at_bob)
    with pytest.raises(OSError, match="No space"):
        write_students(course, people)
    assert read_students(course) == []
    monkeypatch.undo()
    assert (write_students(course, people), write_students(course, people)) == (2, 0)
    assert [person.first for person in read_students(course)] == ["Ada", "Bob"]
