"""Whether a letter addresses the person to whom it goes."""

import re
from collections.abc import Iterator

from outreach.letters.facts import Facts

_TITLE = (
    r"(?P<title>(?:Madame|Monsieur|Mesdames|Messieurs|Mme|M\.)"
    r"(?:\s(?:la|le|les)\s[\w’'-]+(?:\s(?:générale?|déléguée?|d’État|et\s[\w’-]+)){0,2})?)"
)
# Called to: between commas or signs, or before "vous". "Avec Madame la Députée Martin" tells of
# somebody else.
_CALLED = re.compile(
    rf"(?:^|[,;:.!?–(]\s){_TITLE}(?=\s?[,;:.!?–)]|$)|\b{_TITLE.replace('title', 'before', 1)},?\s(?=vo(?:us|tre|s)\b)",
    re.I | re.M,
)


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
    for called in _other_titles(facts):
        yield f'calls "{called}" whom the opening calls "{title}"; print {{{{ title }}}}'


def _other_titles(facts: Facts) -> Iterator[str]:
    """Give the titles by which the subject or the body calls the recipient, beside the right one."""
    title = facts.letter.title
    text = re.sub(r"«[^»]*»", "", f"{facts.letter.subject}\n{facts.body}")
    # The right title goes first: "Madame, Monsieur" holds two that alone are wrong.
    text = re.sub(rf"\b{re.escape(title)}\b", "", text, flags=re.I)
    for found in _CALLED.finditer(text):
        called = found["title"] or found["before"]
        if called.casefold() != title.partition(" ")[0].casefold():
            yield called
