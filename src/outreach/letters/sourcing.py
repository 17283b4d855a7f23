"""Whether every number that a letter prints is one of a figure with source and date."""

import re
from collections.abc import Iterator

from outreach.letters import numbers
from outreach.letters.facts import Facts, around
from outreach.letters.partial import NUMBER, digits
from outreach.letters.typography import MONTHS

_NUMBER = re.compile(NUMBER)
_MONTH = re.compile(rf"[\u00a0 ](?:{MONTHS})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED_NUMBER = re.compile(
    r"(?:n°|article|articles|loi|scrutin|page|alinéa)[\u00a0\u202f ]*$", re.I
)
_NAMES = re.compile(r"«[^»]*»")
_SMALL = (
    r"une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|"
    r"vingts?|trente|quarante|cinquante|soixante|cents?|demie?"
)
# Amounts in words. Up to a hundred they count what a reader sees ("deux questions") and need no
# source; shares and large numbers are claims like those in digits.
_IN_WORDS = re.compile(
    rf"(?<![\w-])(?:(?:{_SMALL}|et|\d+(?:[.,]\d+)?)[\s-]+){{0,6}}?(?:"
    r"mille(?!\s(?:mercis|fois|excuses|raisons|et\sune))|millions?|milliards?|milliers?|centaines?)"
    rf"(?![\w-])|(?<![\w-])(?:(?:{_SMALL}|et)[\s-]+){{1,6}}?pour\scent\b|"
    r"\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf)[\s-]cents?(?![\w-])|"
    r"\b(?:une?|le|du|au|des?|les|deux|trois|aux|\d)\s(?:tiers|quarts?)(?=\sd(?:es?|u)\s|\sd’)"
    r"(?!\sd(?:e\sconfiance|’heure))|\b(?:deux\stiers|trois\squarts)(?!\sd’heure)\b|"
    rf"(?<!\bà\s)\bmoitié\b|\bune?(?:\s[\w’-]+){{0,2}}\ssur\s(?:{_SMALL})(?![\w-])",
    re.I,
)


def unsourced(facts: Facts) -> Iterator[str]:
    """Find figures without source or date, and numbers that no quoted figure gives."""
    for figure in facts.letter.quoted:
        if not (figure.source and figure.as_of):
            yield f'the figure "{figure.name}" is quoted without {"date" if figure.source else "source"}'
    text = f"{facts.letter.subject}\n{facts.body}"
    in_words = list(_amounts_in_words(text, facts))
    allowed = _sourced_numbers(facts)
    spans = [found.span() for found in in_words]
    in_digits = [
        found
        for found in _NUMBER.finditer(text)
        if digits(found.group()) not in allowed
        and not _is_no_figure(text, found)
        and not any(first <= found.start() < last for first, last in spans)
    ]
    for found in sorted((*in_words, *in_digits), key=lambda one: one.start()):
        yield f"the number {found.group()} has no source: {around(text, found)}"


def _is_no_figure(text: str, found: "re.Match[str]") -> bool:
    """Tell whether a number is a date, that of a law or page, or the mark of a list."""
    before, after = text[: found.start()], text[found.end() :]
    dated = bool(_MONTH.match(after)) or bool(_YEAR.fullmatch(found.group()))
    counted = before.endswith(("\n", "\n   ")) and after.startswith(".")
    return dated or counted or bool(_NAMED_NUMBER.search(before))


def _amounts_in_words(text: str, facts: Facts) -> Iterator["re.Match[str]"]:
    """Find amounts in words that no quoted figure is said with."""
    names = [found.span() for found in _NAMES.finditer(text)]
    sourced = "\n".join(_plain(said) for said in _sourced_words(facts))
    for found in _IN_WORDS.finditer(text):
        named = any(first <= found.start() < last for first, last in names)
        if not named and not re.search(
            rf"(?<!\w){re.escape(_plain(found.group()))}(?!\w)", sourced
        ):
            yield found


def _sourced_words(facts: Facts) -> Iterator[str]:
    for figure in facts.letter.quoted:
        yield facts.national.get(figure.name, "")
        if figure.value is not None:
            yield numbers.counted(figure.value, figure.unit)


def _plain(said: str) -> str:
    return re.sub(r"\s+", " ", said).replace("'", "’").casefold()


def _sourced_numbers(facts: Facts) -> set[str]:
    allowed: set[str] = set()
    for figure in facts.letter.quoted:
        texts = [facts.national.get(figure.name, ""), figure.source]
        if figure.value is not None:
            texts += [numbers.number(figure.value), numbers.about(figure.value)]
        texts += [str(figure.known), str(figure.of)]
        for text in texts:
            allowed |= {digits(item) for item in _NUMBER.findall(text)}
    # Numbers in the names of establishments, and of the recipient's own constituency.
    for text in _NAMES.findall(facts.body):
        allowed |= {digits(item) for item in _NUMBER.findall(text)}
    return allowed
