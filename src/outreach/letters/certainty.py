"""Whether a letter says of a constituency only what is known to lie in it.

A letter with figures of the département or the country may name the recipient's constituency: to
say that the list has nothing there, or to quote what Insee publishes of it. It may not claim an
establishment, a team or a sum of ours for it.
"""

import re
from collections.abc import Iterable, Iterator

from outreach.figures.figure import Figure
from outreach.letters import numbers
from outreach.letters.facts import Facts
from outreach.letters.partial import NUMBER, digits, forms

# What LocalFigures.certainty says of the figures of a constituency.
_SURE = frozenset(["address", "commune", "postcode"])
_PLACE = r"(?:\b(?:votre|cette)|\b\d+(?:re|e)|\b(?:première|[a-zé]+ième))\scirconscription\b"
_NAMED = re.compile(_PLACE, re.I)
_KINDS = (
    r"(?:établissements?|structures?|foyers?|résidences?|Ehpad|Esat|IME|Itep|MECS|Sessad|Ssiad|"
    r"adhérents?|(?:nos|notre)\s(?:services?|associations?|équipes?))\b"
)
_CLAIMED = re.compile(rf"\b{_KINDS}", re.I)
# These are in every letter; they claim something of the place that they stand beside.
_PEOPLE = r"\b(?:équipes?|professionnel(?:le)?s?|salariée?s?|bénévoles?|associations?|services?)\b"
_FEW = r"(?:\s[\w’'-]+){0,4}?"
_BESIDE = re.compile(
    rf"{_PEOPLE}{_FEW}\s(?:de|dans|en)(?:\sla)?\s{_PLACE}|"
    rf"{_PLACE}(?:\sd(?:e|u|es)\s\w+|\sd’\w+)?,?{_FEW}\s(?:d’|l’)?{_PEOPLE}",
    re.I,
)
_NONE_THERE = re.compile(
    rf"\b(?:faute|sans|(?:pas|point)(?:\sencore)?)\s(?:d[’']|de\s)?(?:un\s)?{_KINDS}|"
    rf"\b(?:aucune?|nul(?:le)?)\s(?:de\s(?:nos|vos)\s)?{_KINDS}|"
    rf"\bbesoin\sd(?:[’']|e\s)(?:un\s)?{_KINDS}",
    re.I,
)
_PART = re.compile(r"(?<=[,;:()])")


def certainty(facts: Facts) -> Iterator[str]:
    """Find sentences that claim for a constituency what is only known of a larger area."""
    if facts.letter.certainty in _SURE:
        return
    for sentence in (facts.letter.subject, *facts.sentences):
        if _claims(sentence, facts.letter.quoted):
            yield (
                f"claims for the constituency what is not known there: {sentence[:80]}; print "
                "area.within or area.of, which follow what is known"
            )


def _claims(sentence: str, quoted: Iterable[Figure]) -> bool:
    said = sentence
    if _NONE_THERE.search(sentence):
        # "Faute d’établissement dans la 1re circonscription, nous …": the rest speaks for itself.
        said = "".join(part for part in _PART.split(sentence) if not _NONE_THERE.search(part))
    if not _NAMED.search(said):
        return False
    return bool(_CLAIMED.search(said) or _BESIDE.search(said)) or _holds_a_sum(said, list(quoted))


def _holds_a_sum(sentence: str, quoted: list[Figure]) -> bool:
    """Tell whether a number of the sentence is that of a sum of ours."""
    sums = {form for item in quoted if item.of and item.value is not None for form in forms(item)}
    published = [item for item in quoted if not item.of and item.value is not None]
    if {*re.findall(r"[a-zé]+", sentence.lower())} & {form for form in sums if form.isalpha()}:
        return True
    return any(
        digits(found.group()) in sums
        and not any(_is_of(item, found.group(), sentence[found.end() :]) for item in published)
        for found in re.finditer(NUMBER, sentence)
    )


def _is_of(figure: Figure, number: str, after: str) -> bool:
    """Tell whether a number is that of a published figure, which may have the digits of a sum."""
    unit = after.lstrip("\u202f\u00a0 ")
    return digits(number) in forms(figure) and unit.startswith(
        (figure.unit, numbers.plural(figure.unit))
    )
