"""What the rules look at: the words of a letter, cut up once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from outreach.campaign import Campaign
from outreach.letters.fit import Around
from outreach.letters.letter import Letter, Node
from outreach.letters.text import text_of


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may look at: a letter's words, cut up once.

    Attributes:
        body: between opening and closing, without sources; whole: with subject, opening, closing.
        sentences: of the body; beside: those of them that stand outside the request.
        requests: the text of each request block.
        around: what else stands on the page.
        national: "national.KEY" → the words of campaign.toml for it.
    """

    letter: Letter
    body: str
    whole: str
    sentences: tuple[str, ...]
    beside: tuple[str, ...]
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
            sentences=_sentences(body),
            beside=_sentences(text_of([block for block in blocks if block["kind"] != "request"])),
            requests=tuple(text_of([block]) for block in _of_kind(letter.body, "request")),
            around=Around.of(campaign),
            national={f"national.{item.key}": item.text for item in campaign.national_figures},
        )


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"(?<=[.!?])\s+|\n+", text))


def _of_kind(blocks: Iterable[Node], kind: str) -> Iterator[Node]:
    for block in blocks:
        if block["kind"] == kind:
            yield block
        yield from _of_kind(block.get("blocks", ()), kind)


def around(text: str, found: "re.Match[str]") -> str:
    """Quote a find with the words about it."""
    start, end = max(0, found.start() - 25), min(len(text), found.end() + 25)
    return f"“…{' '.join(text[start:end].split())}…”"
