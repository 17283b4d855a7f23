"""The rules that read a letter: facts are taken from it once, rules only look at facts."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from outreach.letters.asking import requests, second_request
from outreach.letters.certainty import certainty
from outreach.letters.facts import Facts, around
from outreach.letters.fit import lines_too_many
from outreach.letters.naming import name_and_title
from outreach.letters.partial import bare_sums
from outreach.letters.repeats import repeated
from outreach.letters.sourcing import unsourced

Severity = Literal["error", "warning"]
LONGEST_SUBJECT = 100

_LEFTOVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\*\*|(?<!\w)__|\]\(|:::|\b(?i:TODO|FIXME|TBD|lorem|ipsum)\b|\bN/A\b|\?\?\?|"
    r"(?i:[\[(]\s?(?:à|a)\s(?:compléter|vérifier|préciser|confirmer|remplir|définir)\b)|"
    r"(?i:\b(?:à|a)\s(?:compléter|vérifier))(?=\s?(?:[)\].,;:!?…\n]|$))|"
    # "Louis XX" is a name, "XX places" waits for a number.
    r"\bx{2,}\b|\bX{3,}\b|\bXX(?=\s(?:[a-zé]|%|€))",
)
# "[…]", "[sic]" and words put into a quotation are usual; "[nom]" waits for a name.
_BRACKETS = re.compile(r"\[(?!sic\b)[^\W\d_][^\]\n]{0,40}\]")
_EMPTY = re.compile(
    r"\b(?:None|nan|NaN|null|undefined|NaT)\b| {2,}| [.,](?!\w)|\(\s*\)|\[\s*\]|^\s*:\s", re.M
)
_PARTICIPLE = re.compile(r"^(?:En vous|En espérant|Dans l’attente|Dans l’espoir|Restant)", re.I)
# Not after an abbreviation ("art. 12"), nor the number of a list ("1. ").
_FIRST_FIGURE = re.compile(
    r"(?:^|(?<=[.!?]\s)(?<!\b[Aa]rt\.\s)(?<!\bp\.\s)(?<!\bal\.\s)(?<!\bcf\.\s))\d+(?![\d.])", re.M
)


def _leftover(facts: Facts) -> Iterator[str]:
    quotes = [found.span() for found in re.finditer(r"«[^»]*»", facts.whole)]
    brackets = [
        found
        for found in _BRACKETS.finditer(facts.whole)
        if not any(first <= found.start() < last for first, last in quotes)
    ]
    marks = {found.start(): found for found in (*brackets, *_LEFTOVER.finditer(facts.whole))}
    for _, found in sorted(marks.items()):
        yield f'"{found.group()}" was left over: {around(facts.whole, found)}'


def _empty(facts: Facts) -> Iterator[str]:
    for found in _EMPTY.finditer(facts.whole):
        yield f"an empty value or a double space: {around(facts.whole, found)}"
    if not facts.letter.subject:
        yield "the subject is empty"
    if not facts.body.strip():
        yield "the letter is empty"


def _partial(facts: Facts) -> Iterator[str]:
    read = f"{facts.letter.subject}\n{facts.body}"
    for figure, near in bare_sums(read, facts.letter.quoted):
        where = f"there: “…{' '.join(near.split())}…”" if near else "anywhere"
        yield (
            f'"{figure.name}" is known for {figure.known} of {figure.of} establishments and the '
            f"letter does not say so {where}; print .said, .at_least or .coverage"
        )


def _too_long(facts: Facts) -> Iterator[str]:
    lines = lines_too_many(facts.letter, facts.around)
    if lines:
        much = "a line" if lines == 1 else f"{lines} lines"
        yield f"about {much} too many for one page, even set smaller; it takes two"
    if len(facts.letter.subject) > LONGEST_SUBJECT:
        yield f"the subject has {len(facts.letter.subject)} characters; an inbox shows {LONGEST_SUBJECT}"


def _closing(facts: Facts) -> Iterator[str]:
    letter = facts.letter
    if letter.opening.rstrip(",") != letter.title:
        yield f'the opening "{letter.opening}" is not the title "{letter.title}"'
    if f", {letter.title}," not in letter.closing:
        yield f'the closing does not repeat "{letter.title}" between commas'
    if _PARTICIPLE.match(letter.closing) and not re.search(r", (?:je|nous) ", letter.closing):
        yield "the closing's first words need the same subject: “En vous remerciant…, je vous prie…”"


def _address(facts: Facts) -> Iterator[str]:
    if not facts.letter.address:
        yield f"no postal address: {facts.letter.address_reason}"
    if not facts.letter.recipient.email and not facts.letter.address:
        yield "neither e-mail nor postal address: this letter cannot leave"


def _no_email(facts: Facts) -> Iterator[str]:
    if not facts.letter.recipient.email:
        yield "no public e-mail address: this letter goes on paper"


def _figure_first(facts: Facts) -> Iterator[str]:
    for found in _FIRST_FIGURE.finditer(facts.body):
        yield f"a sentence begins with digits; write words or turn it: {around(facts.body, found)}"


def _typography(facts: Facts) -> Iterator[str]:
    text = re.sub(r"https?://\S+|\S+@\S+", "", facts.whole)
    if text.count("«") != text.count("»"):
        yield "a quotation mark stands alone"
    for found in re.finditer(
        r"(?<=\w)'(?=\w)|\b1ère|\b\d+(?:ème|ième)\b|\w[;!?](?=\s|$)| [;!?:»]|« |\.\.\.", text
    ):
        yield f"not as French prints it: {around(text, found)}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it looks for, in words, and whether a hit is an error."""

    severity: Severity
    words: str
    find: Callable[[Facts], Iterator[str]]


RULES: Mapping[str, Rule] = {
    "leftover": Rule("error", "marks of templates or notes to oneself", _leftover),
    "empty": Rule("error", "empty values, “None”, double spaces, empty subject", _empty),
    "unsourced": Rule(
        "error", "a number that no quoted figure with source and date gives", unsourced
    ),
    "partial": Rule(
        "error",
        "a sum known for part of the establishments that does not say so beside it",
        _partial,
    ),
    "request": Rule("error", "not exactly one request with one question", requests),
    "second-request": Rule(
        "warning", "another request outside the block ::: request", second_request
    ),
    "too-long": Rule("warning", "more than a page, or a subject that is cut", _too_long),
    "closing": Rule(
        "error", "opening and closing differ, or the closing lacks its subject", _closing
    ),
    "certainty": Rule("error", "“votre circonscription” of what is less certain", certainty),
    "name-title": Rule(
        "error",
        "title against gender or chamber, name in the opening, another title in the body",
        name_and_title,
    ),
    "repeated": Rule("warning", "the same five words or more twice in one letter", repeated),
    "address": Rule("error", "no postal address", _address),
    "no-email": Rule("warning", "no e-mail address", _no_email),
    "figure-first": Rule("warning", "a sentence that begins with digits", _figure_first),
    "typography": Rule("error", "spaces, quotes, apostrophes, ordinals", _typography),
}
