"""Whether every number that a letter prints is one of a figure with source and date."""

import re
from collections.abc import Iterator

from outreach.letters import numbers
from outreach.letters.facts import Facts, around
from outreach.letters.partial import NUMBER
from outreach.letters.typography import MONTHS

_NUMBER = re.compile(NUMBER)
_MONTH = re.compile(rf"[\u00a0 ](?:{MONTHS})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED_NUMBER = re.compile(
    r"(?:n°|article|articles|loi|scrutin|page|alinéa)[\u00a0\u202f ]*$", re.I
)


def unsourced(facts: Facts) -> Iterator[str]:
    """Find figures without source or date, and numbers that no quoted figure gives."""
    for figure in facts.letter.quoted:
        if not (figure.source and figure.as_of):
            yield f'the figure "{figure.name}" is quoted without {"date" if figure.source else "source"}'
    allowed = _sourced_numbers(facts)
    for found in _NUMBER.finditer(facts.body):
        said = re.sub(r"[\u202f\u00a0 ]", "", found.group())
        before, after = facts.body[: found.start()], facts.body[found.end() :]
        dated = bool(_MONTH.match(after)) or bool(_YEAR.fullmatch(said))
        counted = before.endswith(("\n", "\n   ")) and after.startswith(".")  # a numbered list
        if said not in allowed and not dated and not counted and not _NAMED_NUMBER.search(before):
            yield f"the number {found.group()} has no source: {around(facts.body, found)}"


def _sourced_numbers(facts: Facts) -> set[str]:
    allowed: set[str] = set()
    for figure in facts.letter.quoted:
        texts = [facts.national.get(figure.name, ""), figure.source]
        if figure.value is not None:
            texts += [numbers.number(figure.value), numbers.about(figure.value)]
        texts += [str(figure.known), str(figure.of)]
        for text in texts:
            allowed |= {re.sub(r"[\u202f\u00a0 ]", "", item) for item in _NUMBER.findall(text)}
    # Numbers in the names of establishments, and of the recipient's own constituency.
    for text in re.findall(r"«[^»]*»", facts.body):
        allowed |= {re.sub(r"[\u202f\u00a0 ]", "", item) for item in _NUMBER.findall(text)}
    return allowed
