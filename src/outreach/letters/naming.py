"""Whether a letter addresses the person to whom it goes."""

import re
from collections.abc import Iterator

from outreach.letters.facts import Facts


def name_and_title(facts: Facts) -> Iterator[str]:
    """Find a title against gender or chamber, and an opening that holds more than the title."""
    recipient, title = facts.letter.recipient, facts.letter.title
    civility = {"F": "Madame", "M": "Monsieur", "": ""}[recipient.gender]
    if not title.startswith(civility) or (civility and title.startswith("Madame, Monsieur")):
        yield f'the title "{title}" does not agree with the person'
    other = {"assemblee": "énat", "senat": "éput"}[recipient.chamber]
    if other in title and "Président" not in title:
        yield f'the title "{title}" is of the other chamber'
    if re.search(rf"\b{re.escape(recipient.last_name)}\b", facts.letter.opening):
        yield "the opening names the person; the title stands alone"
    if re.search(r"\b(?:Mme|M\.|Mr|Mlle)", facts.letter.opening):
        yield "the opening holds an abbreviation"
