"""Whether each partial sum that a letter prints says, where it is printed, that it is partial.

A letter's text is searched for the numbers of its figures. Each place where a partial sum stands
needs words of its own: "au moins" before it, or its own coverage beside it. The coverage of one
sum never covers another.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from outreach.figures.figure import Figure
from outreach.letters import numbers
from outreach.letters.typography import MONTHS

_SPACE = r"[\u202f\u00a0 ]"
NUMBER = rf"(?<![\w°])\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:,\d+)?|(?<![\w°/,.-])\d+(?:,\d+)?(?![\w/])"
COVERAGE = re.compile(
    rf"nombre connu pour (?P<known>\d[\d\u202f\u00a0 ]*?){_SPACE}établissements? "
    rf"sur (?P<of>\d+(?:{_SPACE}\d{{3}})*)",
    re.I,
)
_AT_LEAST = re.compile(rf"\bau moins{_SPACE}$", re.I)
_NAMES = re.compile(r"«[^»]*»")
_SAID = re.compile(
    rf"{NUMBER}|\b(?:{'|'.join(numbers.in_words(n, '') for n in range(2, 17))})\b", re.I
)
# What follows a number that is no sum: a share, a price, a day, a round national number.
_OTHERWISE = re.compile(rf"{_SPACE}?(?:%|€|euros?\b|millions?\b|milliards?\b|(?:{MONTHS})\b)")
_NOUN = re.compile(rf"{_SPACE}[^\W\d_]")


@dataclass(slots=True)
class _Mention:
    """A place where the number of a partial sum is printed; figures that it may be of."""

    start: int
    around: str
    figures: Sequence[Figure]
    named: bool  # followed by the unit of a figure
    noun: bool  # followed by another word
    at_least: bool
    covered: bool = False  # by its own coverage

    @property
    def partial(self) -> list[Figure]:
        return [figure for figure in self.figures if is_partial(figure)]


def is_partial(figure: Figure) -> bool:
    """Tell whether a sum leaves out rows whose number is not known."""
    return 0 < figure.known < figure.of and figure.value is not None


def bare_sums(text: str, quoted: Iterable[Figure]) -> Iterator[tuple[Figure, str]]:
    """Find the partial sums that are printed as if they were whole, one for each such place.

    Args:
        text: what the recipient reads, one line per paragraph or row of a table.
        quoted: every figure that the letter prints, whole ones too: a number may be theirs.

    Yields:
        The figure and the words around it; no words when only its coverage is missing.
    """
    figures = [figure for figure in quoted if figure.value is not None]
    partial = [figure for figure in figures if is_partial(figure)]
    if not partial:
        return
    mentions: list[_Mention] = []
    said: list[Figure] = []
    for line in text.split("\n"):
        found = list(_mentions(line, figures))
        said += _claimed(line, found, partial)
        mentions += found
    named = {figure for mention in mentions if mention.named for figure in mention.figures}
    mentions = [item for item in mentions if not (item.noun and set(item.partial) <= named)]
    for mention in mentions:
        left = [figure for figure in mention.partial if figure not in said]
        if mention.at_least:
            said += left[:1]
        elif not mention.covered and len(mention.partial) == len(mention.figures):
            figure = (left or mention.partial)[0]
            said.append(figure)
            yield figure, mention.around
    yield from ((figure, "") for figure in partial if figure not in said)


def _mentions(line: str, figures: Sequence[Figure]) -> Iterator[_Mention]:
    """Give the places of a line where the number of a partial sum stands."""
    elsewhere = [found.span() for found in (*COVERAGE.finditer(line), *_NAMES.finditer(line))]
    for found in _SAID.finditer(line):
        after = line[found.end() :]
        if any(first <= found.start() < last for first, last in elsewhere):
            continue
        same = [figure for figure in figures if digits(found.group()) in forms(figure)]
        counted = [figure for figure in same if _counts(figure.unit, after)]
        meant = counted or same
        in_words = found.group().isalpha()
        if _OTHERWISE.match(after) or (in_words and not counted):
            continue
        if any(map(is_partial, meant)):
            yield _Mention(
                found.start(),
                line[max(0, found.start() - 25) : found.end() + 25].strip(),
                meant,
                named=bool(counted),
                noun=not counted and bool(_NOUN.match(after)),
                at_least=bool(_AT_LEAST.search(line[: found.start()])),
            )


def _claimed(line: str, mentions: Sequence[_Mention], partial: Sequence[Figure]) -> list[Figure]:
    """Give each coverage of a line to the nearest number that it fits, before it or else after."""
    said = []
    for found in COVERAGE.finditer(line):
        rows = (digits(found["known"]), digits(found["of"]))
        fitting = [figure for figure in partial if (str(figure.known), str(figure.of)) == rows]
        near = sorted(
            mentions, key=lambda m: (m.start > found.start(), abs(m.start - found.start()))
        )
        for mention in near:
            own = [figure for figure in fitting if figure in mention.figures]
            if own and not (mention.covered or mention.at_least):
                mention.covered = True
                said += own[:1]
                break
        else:
            # Its number is written in a way that is not known here: rounded by hand, or computed.
            said += [figure for figure in fitting if not _printed(figure, mentions)][:1]
    return said


def _printed(figure: Figure, mentions: Sequence[_Mention]) -> bool:
    return any(figure in mention.figures for mention in mentions)


def forms(figure: Figure) -> set[str]:
    """Give the ways to write a figure's number, without spaces."""
    value = figure.value or 0
    written = {numbers.number(value), numbers.in_words(value, "")}
    written |= set(re.findall(NUMBER, numbers.about(value)))
    return {digits(form) for form in written}


def _counts(unit: str, after: str) -> bool:
    """Tell whether the unit, one or many, follows a number."""
    both = "|".join(re.escape(word) for word in (numbers.plural(unit), unit))
    return bool(unit and re.match(rf"{_SPACE}(?:{both})(?!\w)", after))


def digits(said: str) -> str:
    """Write a number found in a text as it is compared: "1 200" → "1200", "Trois" → "trois"."""
    return re.sub(_SPACE, "", said).lower()
