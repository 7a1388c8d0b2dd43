"""Who on the list is meant? Names come in other orders, cases and spellings; what is not certain is not guessed."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.intake.names import fold, in_any_order, run_together, spellings
from autograder.intake.platforms import Who
from autograder.intake.roster import Person


@dataclass(frozen=True)
class Match:
    """Who is meant, or why that cannot be said."""

    person: Person | None = None
    why: str = ""
    """How somebody was found if not by an id or all of the name, or why nobody was."""


def find_person(who: Who, people: Sequence[Person], *, by_part: bool = False) -> Match:
    """Find the one person on the list who is meant.

    Numbers and ids go first, then e-mail addresses, then names with the same words in any order, then names run
    together as Canvas has them.

    Args:
        who: as the platform names them.
        people: the list.
        by_part: whether a part of a name will do if only one person has it: where the list is all of the class, so
            that it cannot be somebody else's.
    """
    ways: list[tuple[str, Callable[[Person], bool]]] = [
        ("", lambda person: _same_number(who, person)),
        ("", lambda person: _same_id(who, person)),
        ("", lambda person: _same_words(who, person)),
        ("", lambda person: _run_together(who, person)),
        ("", lambda person: _with_login(who, person)),
    ]
    if by_part:
        ways.append(("by a part of the name", lambda person: _part_of_name(who, person)))
    for number, (how, is_meant) in enumerate(ways):
        found = [person for person in people if is_meant(person) and not (number and _other_number(who, person))]
        if len(found) > 1:
            return Match(None, f"could be {' or '.join(person.student for person in found[:3])}")
        if found and number == 0 and _contradict(who, found[0]):
            person = found[0]
            return Match(None, f"has the number of {person.full_name} ({person.student}), but another name")
        if found:
            return Match(found[0], f"{how}: {found[0].full_name}" if how else "")
    return Match(None, _nearest(who, people))


def _same_number(who: Who, person: Person) -> bool:
    known = {"moodle": person.participant, "canvas": person.lms}.get(who.platform, "")
    return bool(who.number) and who.number == known


def _other_number(who: Who, person: Person) -> bool:
    """Whether Canvas has another number for them; Moodle's are others in each assignment."""
    return who.platform == "canvas" and who.number.isdigit() and person.lms.isdigit() and who.number != person.lms


def _contradict(who: Who, person: Person) -> bool:
    """Whether no word of two names is the same; an anonymous submission and a name run together say nothing."""
    if who.platform == "canvas" or fold(who.name) == ("participant",) or not person.full_name:
        return False
    words = {word for spelling in spellings(person.full_name) for word in spelling}
    return not any(words & set(spelling) for spelling in spellings(who.name))


def _same_id(who: Who, person: Person) -> bool:
    if who.platform == "canvas":  # has names run together, which may be somebody else's login
        return False
    given = who.name.casefold().strip()
    known = {text.casefold() for text in (person.student, person.email, person.lms, *person.ids) if text}
    return given in known or given == person.email.casefold().partition("@")[0] != ""


def _same_words(who: Who, person: Person) -> bool:
    return not in_any_order(who.name).isdisjoint(in_any_order(person.full_name))


def _run_together(who: Who, person: Person) -> bool:
    mine = {"".join(words) for words in spellings(who.name) if words}
    return not run_together(person.full_name).isdisjoint(mine)


def _with_login(who: Who, person: Person) -> bool:
    """Moodle can put the login before the name: "al1815 Ada Lovelace"."""
    first, _, rest = who.name.partition(" ")
    known = {text.casefold() for text in (person.student, *person.ids)}
    return first.casefold() in known and (not person.full_name or _same_words(Who(rest), person))


def _part_of_name(who: Who, person: Person) -> bool:
    """Whether one has all the words of the other, at least two of them: "Ada King Lovelace" and "Ada Lovelace"."""
    for mine in map(set, spellings(who.name)):
        for theirs in map(set, spellings(person.full_name)):
            if min(len(mine), len(theirs)) >= 2 and (mine <= theirs or theirs <= mine):
                return True
    return False


def _nearest(who: Who, people: Sequence[Person]) -> str:
    names = {" ".join(fold(person.full_name or person.student)): person for person in people}
    near = difflib.get_close_matches(" ".join(fold(who.name)), names, n=1, cutoff=0.6)
    if not near:
        return "nobody's name there is like it"
    return f"the nearest there is {names[near[0]].full_name or near[0]} ({names[near[0]].student})"
