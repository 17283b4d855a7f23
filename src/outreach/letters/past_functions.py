"""Who may hold a function that an older list told: letters do not claim it, a person confirms it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from outreach.letters.letter import Letter
from outreach.letters.salutation import TitleRule, salutation


def to_confirm(letters: Iterable[Letter], rules: Sequence[TitleRule]) -> list[tuple[Letter, str]]:
    """Name those whom a function of an older list would give another title than their letter's.

    A row of titles.csv for the person settles it, whichever title it gives.

    Returns:
        Each letter with the function and the list's date: "Président du Sénat, in the list of …".
    """
    found = []
    for letter in letters:
        recipient = letter.recipient
        for function in recipient.last_known_functions:
            then = salutation(replace(recipient, functions=(function,)), rules)
            if then.title != letter.title:
                found.append((letter, f"{function}, in the list of {recipient.last_known_on}"))
                break
    return found
