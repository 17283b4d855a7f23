"""Whether a letter says the same words twice: blocks that were written apart meet in one letter."""

import re
from collections.abc import Iterator
from typing import Final

from outreach.geography.french import constituency_name, in_department, of_department
from outreach.letters.facts import Facts
from outreach.letters.partial import COVERAGE
from outreach.letters.text import text_of

SHORTEST: Final = 5
_WORD = re.compile(r"\w+(?:[’'-]\w+)*[’']?")
# Has no shorter name, and a letter may need it twice.
_LAW = "projet de loi de financement de la sécurité sociale"


def repeated(facts: Facts) -> Iterator[str]:
    """Find runs of five words or more that stand twice, each told once, as long as it is."""
    sentences = [_WORD.findall(part) for part in _sentences(facts)]
    seen: set[tuple[str, ...]] = set()
    for words in sentences:
        # "Derrière ces chiffres" repeats "Derrière ce chiffre".
        low = [word.casefold().rstrip("sx") for word in words]
        runs = [tuple(low[at : at + SHORTEST]) for at in range(len(low) - SHORTEST + 1)]
        again = [run in seen for run in runs]
        seen.update(runs)
        start = None
        for at, twice in enumerate([*again, False]):
            if twice and start is None:
                start = at
            elif not twice and start is not None:
                said = " ".join(words[start : at + SHORTEST - 1]).replace("’ ", "’")
                yield f"says “{said}” twice; word one of the two otherwise"
                start = None


def _sentences(facts: Facts) -> Iterator[str]:
    """Give the sentences without what has one name only; rows of a table are alike by nature."""
    kept = [block for block in facts.letter.body if block["kind"] not in {"sources", "table"}]
    text = COVERAGE.sub(" . ", re.sub(r"«[^»]*»", " . ", text_of(kept)))
    recipient = facts.letter.recipient
    code = recipient.department_code
    names = [_LAW, in_department(code), of_department(code)]
    if recipient.constituency_code:
        names.insert(0, constituency_name(recipient.constituency_code))
    for name in names:
        typed = re.escape(name).replace(r"\ ", r"\s").replace("'", "[’']")
        text = re.sub(typed, " . ", text, flags=re.I)
    yield from re.split(r"[.!?;:]\s|\n+", text)
