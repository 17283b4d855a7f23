"""The rules that read a letter: facts are taken from it once, rules only look at facts."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from outreach.campaign import Campaign
from outreach.letters import numbers
from outreach.letters.fit import Around, lines_too_many
from outreach.letters.letter import Letter, Node
from outreach.letters.partial import NUMBER, bare_sums
from outreach.letters.text import text_of
from outreach.letters.typography import MONTHS

Severity = Literal["error", "warning"]
LONGEST_SUBJECT = 100


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may look at: a letter's words, cut up once."""

    letter: Letter
    body: str
    whole: str
    sentences: tuple[str, ...]
    requests: tuple[str, ...]
    around: Around
    national: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, letter: Letter, campaign: Campaign) -> "Facts":
        """Take the facts from a letter."""
        blocks = [block for block in letter.body if block["kind"] != "sources"]
        body = text_of(blocks)
        return cls(
            letter=letter,
            body=body,
            whole="\n".join((letter.subject, letter.opening, body, letter.closing)),
            sentences=tuple(re.split(r"(?<=[.!?])\s+|\n+", body)),
            requests=tuple(text_of([block]) for block in _of_kind(letter.body, "request")),
            around=Around.of(campaign),
            national={f"national.{item.key}": item.text for item in campaign.national_figures},
        )


def _of_kind(blocks: Iterable[Node], kind: str) -> Iterator[Node]:
    for block in blocks:
        if block["kind"] == kind:
            yield block
        yield from _of_kind(block.get("blocks", ()), kind)


_LEFTOVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\*\*|(?<!\w)__|\]\(|:::|\bTODO\b|\bXXX+\b|\blorem\b|\[(?:à|a) compléter|\?\?\?",
    re.I,
)
_EMPTY = re.compile(
    r"\b(?:None|nan|NaN|null|undefined|NaT)\b| {2,}| [.,](?!\w)|\(\s*\)|\[\s*\]|^\s*:\s", re.M
)
_NUMBER = re.compile(NUMBER)
_MONTH = re.compile(rf"[\u00a0 ](?:{MONTHS})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAMED_NUMBER = re.compile(
    r"(?:n°|article|articles|loi|scrutin|page|alinéa)[\u00a0\u202f ]*$", re.I
)
_PARTICIPLE = re.compile(r"^(?:En vous|En espérant|Dans l’attente|Dans l’espoir|Restant)", re.I)
# Not after an abbreviation ("art. 12"), nor the number of a list ("1. ").
_FIRST_FIGURE = re.compile(
    r"(?:^|(?<=[.!?]\s)(?<!\b[Aa]rt\.\s)(?<!\bp\.\s)(?<!\bal\.\s)(?<!\bcf\.\s))\d+(?![\d.])", re.M
)


def _leftover(facts: Facts) -> Iterator[str]:
    for found in _LEFTOVER.finditer(facts.whole):
        yield f'"{found.group()}" was left over: {_around(facts.whole, found)}'


def _empty(facts: Facts) -> Iterator[str]:
    for found in _EMPTY.finditer(facts.whole):
        yield f"an empty value or a double space: {_around(facts.whole, found)}"
    if not facts.letter.subject:
        yield "the subject is empty"
    if not facts.body.strip():
        yield "the letter is empty"


def _unsourced(facts: Facts) -> Iterator[str]:
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
            yield f"the number {found.group()} has no source: {_around(facts.body, found)}"


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


def _partial(facts: Facts) -> Iterator[str]:
    read = f"{facts.letter.subject}\n{facts.body}"
    for figure, around in bare_sums(read, facts.letter.quoted):
        where = f"there: “…{' '.join(around.split())}…”" if around else "anywhere"
        yield (
            f'"{figure.name}" is known for {figure.known} of {figure.of} establishments and the '
            f"letter does not say so {where}; print .said, .at_least or .coverage"
        )


def _requests(facts: Facts) -> Iterator[str]:
    if len(facts.requests) != 1:
        yield f"there are {len(facts.requests)} blocks ::: request and there must be one"
    for request in facts.requests:
        questions = request.count("?")
        if questions != 1:
            yield f"the request holds {questions} questions; ask one that takes a yes or a no"


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


def _certainty(facts: Facts) -> Iterator[str]:
    if facts.letter.certainty in {"address", "commune", "postcode"}:
        return
    sums = {
        re.sub(r"[\u202f\u00a0 ]", "", numbers.number(figure.value))
        for figure in facts.letter.quoted
        if figure.of and figure.value is not None
    }
    sums |= {
        word
        for figure in facts.letter.quoted
        if figure.of and figure.value is not None
        if (word := numbers.in_words(figure.value, "")).isalpha()
    }
    for sentence in facts.sentences:
        said = {re.sub(r"[\u202f\u00a0 ]", "", item) for item in _NUMBER.findall(sentence)}
        said |= set(re.findall(r"[a-zé]+", sentence.lower()))
        if "votre circonscription" in sentence and said & sums:
            yield f'says "votre circonscription" of what is not known there: {sentence[:80]}'


def _name_and_title(facts: Facts) -> Iterator[str]:
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
        yield f"a sentence begins with digits; write words or turn it: {_around(facts.body, found)}"


def _typography(facts: Facts) -> Iterator[str]:
    text = re.sub(r"https?://\S+|\S+@\S+", "", facts.whole)
    if text.count("«") != text.count("»"):
        yield "a quotation mark stands alone"
    for found in re.finditer(
        r"(?<=\w)'(?=\w)|\b1ère|\b\d+(?:ème|ième)\b|\w[;!?](?=\s|$)| [;!?:»]|« |\.\.\.", text
    ):
        yield f"not as French prints it: {_around(text, found)}"


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
        "error", "a number that no quoted figure with source and date gives", _unsourced
    ),
    "partial": Rule(
        "error",
        "a sum known for part of the establishments that does not say so beside it",
        _partial,
    ),
    "request": Rule("error", "not exactly one request with one question", _requests),
    "too-long": Rule("warning", "more than a page, or a subject that is cut", _too_long),
    "closing": Rule(
        "error", "opening and closing differ, or the closing lacks its subject", _closing
    ),
    "certainty": Rule("error", "“votre circonscription” of what is less certain", _certainty),
    "name-title": Rule(
        "error", "title against gender or chamber, name in the opening", _name_and_title
    ),
    "address": Rule("error", "no postal address", _address),
    "no-email": Rule("warning", "no e-mail address", _no_email),
    "figure-first": Rule("warning", "a sentence that begins with digits", _figure_first),
    "typography": Rule("error", "spaces, quotes, apostrophes, ordinals", _typography),
}


def _around(text: str, found: "re.Match[str]") -> str:
    start, end = max(0, found.start() - 25), min(len(text), found.end() + 25)
    return f"“…{' '.join(text[start:end].split())}…”"
