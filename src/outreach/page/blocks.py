"""Every letter in pieces: what does not change, and each block in each of its variants.

letters renders whole letters; comparing those that differ in one block tells which part of the
text that block is. The page joins the pieces of its choice and gets, word for word, the letter
that letters would have rendered. Blocks whose parts touch, and the list of sources, which rests
on all that is quoted, are rendered for every combination of the blocks they depend on.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from outreach.campaign import Campaign
from outreach.errors import TemplateError
from outreach.page.press import (
    Press,
    citizen_campaign,
    page_recipients,
    place_of_request,
    sources_of,
)
from outreach.roster.seat import Parliamentarian, Roster

if TYPE_CHECKING:
    from outreach.figures.local import LocalFigureTable

# Above it a build would take minutes, and no citizen would see the difference.
MOST_COMBINATIONS: Final = 48


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a letter: a text for each choice of the blocks that it depends on.

    Attributes:
        by: names of blocks, none for a part that never changes.
        texts: variants of these blocks, in their order → text.
    """

    by: tuple[str, ...]
    texts: Mapping[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class CutLetter:
    """One letter in pieces.

    Attributes:
        recipient: whom it is for.
        level: "own" when the citizen's constituency is certain, "department" otherwise.
        blocks: block → variants that fit this recipient.
        pieces: opening, body, closing; personal is the number of the piece before which the
            citizen's own passage goes.
        sources: what stands under the signature, empty without any figure.
    """

    recipient: Parliamentarian
    level: str
    subject: str
    blocks: Mapping[str, tuple[str, ...]]
    pieces: tuple[Piece, ...]
    personal: int
    sources: Piece
    address: tuple[str, ...]


def cut_letters(
    campaign: Campaign,
    rosters: Iterable[Roster],
    local: "LocalFigureTable",
    *,
    today: dt.date,
    progress: Callable[[int, int], None] | None = None,
) -> list[CutLetter]:
    """Render and cut every letter that the page may need.

    Args:
        campaign: as load_campaign gives it; its page.templates are used where it has any.
        rosters: who is written to; vacant seats have no letter.
        local: figures of every area.
        today: the date that letters bear.
        progress: called with (letters rendered, all of them).

    Raises:
        TemplateError: a letter cannot be rendered, or the variants have too many combinations.
    """
    own = citizen_campaign(campaign)
    kept = [roster for roster in rosters if roster.chamber in own.chambers]
    wanted = page_recipients(kept, local)
    press = Press(own, [recipient for recipient, _ in wanted], today)
    press.tell = progress
    variants = press.fitting()
    joint = _joint_blocks(press, variants)
    sourced = _blocks_of_sources(press, variants)
    return [
        _cut(press, number, level, variants[number], joint, sourced)
        for number, (_, level) in enumerate(wanted)
    ]


def _span(versions: Sequence[tuple[str, ...]]) -> tuple[int, int] | None:
    """Give how many first and last parts all versions share; None when they do not differ."""
    first = versions[0]
    if all(version == first for version in versions):
        return None  # one variant, or a block that this letter does not include
    shortest = min(map(len, versions))
    head = 0
    while head < shortest and all(version[head] == first[head] for version in versions):
        head += 1
    tail = 0
    while tail < shortest - head and all(
        version[-1 - tail] == first[-1 - tail] for version in versions
    ):
        tail += 1
    return head, tail


def _combinations(
    blocks: Sequence[str], variants: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, ...]]:
    return list(itertools.product(*(variants[block] for block in blocks)))


def _versions(
    press: Press, number: int, variants: Mapping[str, tuple[str, ...]], blocks: Sequence[str]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Give a letter's parts for every combination of some blocks, the others as seeded."""
    return {
        names: press.parts(dict(zip(blocks, names, strict=True)))[number]
        for names in _combinations(blocks, variants)
    }


def _joint_blocks(
    press: Press, variants: Sequence[Mapping[str, tuple[str, ...]]]
) -> list[tuple[str, ...]]:
    """Group the blocks whose parts touch in any letter; most groups are of one block."""
    groups: list[set[str]] = []
    for number, of_letter in enumerate(variants):
        length = len(press.parts({})[number])
        spans = []
        for block in of_letter:
            span = _span(list(_versions(press, number, of_letter, [block]).values()))
            if span is not None:
                spans.append((span[0], length - span[1], block))
        spans.sort()
        for (start, end, block), (next_start, _, other) in itertools.pairwise(spans):
            if next_start < end or next_start == start:
                groups.append({block, other})
        groups = _merged([*groups, *({block} for _, _, block in spans)])
    return sorted(tuple(sorted(group)) for group in groups)


def _merged(groups: Iterable[set[str]]) -> list[set[str]]:
    merged: list[set[str]] = []
    for group in groups:
        touching = [other for other in merged if other & group]
        merged = [other for other in merged if not other & group]
        merged.append(group.union(*touching))
    return merged


def _blocks_of_sources(
    press: Press, variants: Sequence[Mapping[str, tuple[str, ...]]]
) -> tuple[str, ...]:
    """Give the blocks whose choice changes the list of sources of any letter."""
    found: set[str] = set()
    for number, of_letter in enumerate(variants):
        for block in set(of_letter) - found:
            said = {sources_of(press.letters({block: name})[number]) for name in of_letter[block]}
            if len(said) > 1:
                found.add(block)
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class _Span:
    """Where the parts of some blocks stand in a letter, and what they are for each choice.

    Attributes:
        head, tail: how many parts of the letter stand before them and after them.
        versions: variants of the blocks → all parts of the letter.
    """

    head: int
    tail: int
    blocks: tuple[str, ...]
    versions: Mapping[tuple[str, ...], tuple[str, ...]]

    def piece(self) -> Piece:
        return Piece(
            self.blocks,
            {
                names: "\n\n".join(version[self.head : len(version) - self.tail])
                for names, version in self.versions.items()
            },
        )


def _cut(
    press: Press,
    number: int,
    level: str,
    variants: Mapping[str, tuple[str, ...]],
    joint: Sequence[tuple[str, ...]],
    sourced: Sequence[str],
) -> CutLetter:
    letter, parts = press.letters({})[number], press.parts({})[number]
    spans = _spans(press, number, variants, joint)
    pieces, personal = _pieces(parts, spans, place_of_request(letter, parts))
    sources = _sources(press, number, variants, sourced)
    used = {block for piece in (*pieces, sources) for block in piece.by}
    return CutLetter(
        letter.recipient,
        level,
        letter.subject,
        {block: names for block, names in variants.items() if block in used},
        pieces,
        personal,
        sources,
        letter.address,
    )


def _spans(
    press: Press,
    number: int,
    variants: Mapping[str, tuple[str, ...]],
    joint: Sequence[tuple[str, ...]],
) -> list[_Span]:
    """Give where each group of blocks stands in a letter, in the letter's order."""
    spans = []
    for group in joint:
        blocks = tuple(block for block in group if variants.get(block))
        _bounded(blocks, variants)
        versions = _versions(press, number, variants, blocks) if blocks else {}
        span = _span(list(versions.values())) if versions else None
        if span is not None:
            spans.append(_Span(*span, blocks, versions))
    return sorted(spans, key=lambda span: span.head)


def _pieces(
    parts: Sequence[str], spans: Sequence[_Span], ask: int
) -> tuple[tuple[Piece, ...], int]:
    """Give the pieces of a letter, and the number of the one that the citizen's words stand before.

    Args:
        parts: of the letter as seeded.
        spans: of its blocks.
        ask: the part before which a citizen's own words stand best.
    """
    pieces: list[Piece] = []
    personal = None
    position = 0
    for span in [*spans, _Span(len(parts), 0, (), {})]:
        for part in range(position, span.head):
            if personal is None and part >= ask:
                personal = len(pieces)
            pieces.append(Piece((), {(): parts[part]}))
        position = len(parts) - span.tail
        if span.blocks:
            if personal is None and position > ask:
                personal = len(pieces)
            pieces.append(span.piece())
    return tuple(pieces), len(pieces) - 1 if personal is None else personal


def _sources(
    press: Press,
    number: int,
    variants: Mapping[str, tuple[str, ...]],
    sourced: Sequence[str],
) -> Piece:
    """Give the list of sources for every choice of the blocks that it rests on."""
    blocks = tuple(block for block in sourced if variants.get(block))
    _bounded(blocks, variants)
    return Piece(
        blocks,
        {
            names: sources_of(press.letters(dict(zip(blocks, names, strict=True)))[number])
            for names in _combinations(blocks, variants)
        },
    )


def _bounded(blocks: Sequence[str], variants: Mapping[str, tuple[str, ...]]) -> None:
    count = 1
    for block in blocks:
        count *= len(variants[block])
    if count > MOST_COMBINATIONS:
        raise TemplateError(
            f"The blocks {', '.join(blocks)} depend on one another and have {count} combinations, "
            f"more than {MOST_COMBINATIONS}: put a fixed paragraph between them, quote figures in "
            "fewer of them, or take variants away."
        )
