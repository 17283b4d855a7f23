"""Every letter in pieces: what does not change, and each block in each of its variants.

letters renders whole letters; comparing those that differ in one block tells which part of the
text that block is. The page joins the pieces of its choice and gets, word for word, the letter
that letters would have rendered. Blocks whose parts touch, and the list of sources, which rests
on all that is quoted, are rendered for every combination of the blocks they depend on.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from outreach.campaign import Campaign, Chamber
from outreach.errors import TemplateError
from outreach.figures.figure import LocalFigures
from outreach.letters.compose import compose
from outreach.letters.letter import Letter
from outreach.letters.pack import load_pack
from outreach.letters.text import text_of
from outreach.letters.typography import mail_text
from outreach.roster.seat import Parliamentarian, Roster

if TYPE_CHECKING:
    from outreach.figures.local import LocalFigureTable

Recipient = tuple[Parliamentarian, LocalFigures]
Choices = tuple[tuple[str, str], ...]
# Above it a build would take minutes, and no citizen would see the difference.
MOST_COMBINATIONS: Final = 48
_INCLUDED = re.compile(r"\bblocks\.([a-z][a-z0-9_]*)")


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


def citizen_campaign(campaign: Campaign) -> Campaign:
    """Give the campaign with the letters that a citizen signs, where it has any."""
    page = campaign.page
    own: dict[str, Any] = {"wave": 1}
    if page.templates.assemblee or page.templates.senat:
        own["templates"] = page.templates
        own["blocks"] = page.blocks
        chambers: list[Chamber] = [
            chamber for chamber in campaign.chambers if getattr(page.templates, chamber)
        ]
        own["chambers"] = tuple(chambers)
    return campaign.model_copy(update=own)


def page_recipients(
    rosters: Iterable[Roster], local: "LocalFigureTable"
) -> list[tuple[Recipient, str]]:
    """Give every letter that the page may need: (recipient and figures, level).

    A deputy has one more letter for citizens whose constituency is not certain: it speaks of the
    département. Where the constituency has no figures, the usual letter does so already.
    """
    wanted: list[tuple[Recipient, str]] = []
    for roster in rosters:
        for person in roster.members:
            own = local.for_recipient(person)
            wanted.append(((person, own), "own"))
            if own.level == "constituency":
                wanted.append(((person, local.for_area(person.department_code)), "department"))
    return wanted


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
    press = _Press(own, [recipient for recipient, _ in wanted], today)
    press.tell = progress
    variants = press.fitting()
    joint = _joint_blocks(press, variants)
    sourced = _blocks_of_sources(press, variants)
    return [
        _cut(press, number, level, variants[number], joint, sourced)
        for number, (_, level) in enumerate(wanted)
    ]


@dataclass(slots=True)
class _Press:
    """Renders all the letters for a choice of variants, each choice once."""

    campaign: Campaign
    recipients: list[Recipient]
    today: dt.date
    tell: Callable[[int, int], None] | None = None
    printed: dict[Choices, list[Letter]] = field(default_factory=dict)
    parted: dict[Choices, list[tuple[str, ...]]] = field(default_factory=dict)

    def letters(self, choices: Mapping[str, str]) -> list[Letter]:
        key = tuple(sorted(choices.items()))
        if key not in self.printed:
            self.printed[key] = compose(
                self.campaign, self.recipients, today=self.today, choices=choices
            )
            if self.tell is not None:
                done = len(self.printed) * len(self.recipients)
                self.tell(done, max(done, self.rounds() * len(self.recipients)))
        return self.printed[key]

    def parts(self, choices: Mapping[str, str]) -> list[tuple[str, ...]]:
        key = tuple(sorted(choices.items()))
        if key not in self.parted:
            self.parted[key] = [parts_of(letter) for letter in self.letters(choices)]
        return self.parted[key]

    def rounds(self) -> int:
        return 1 + sum(len(variants) for variants in self.blocks().values())

    def blocks(self) -> dict[str, dict[str, int]]:
        """Give the blocks that the letters include: block → variant → priority."""
        pack = load_pack(self.campaign)
        used = {name for form in pack.letters.values() for name in _INCLUDED.findall(form.text)}
        return {
            block: {variant.name: variant.front.priority for variant in variants}
            for block, variants in pack.blocks.items()
            if block in used
        }

    def fitting(self) -> list[dict[str, tuple[str, ...]]]:
        """Give, for each letter, the variants of each block that letters may choose for it."""
        found: list[dict[str, tuple[str, ...]]] = [{} for _ in self.recipients]
        for block, priorities in self.blocks().items():
            for name in priorities:
                for number, letter in enumerate(self.letters({block: name})):
                    if letter.choices.get(block) == name:
                        found[number][block] = (*found[number].get(block, ()), name)
            for of_letter in found:
                names = of_letter.get(block, ())
                best = max((priorities[name] for name in names), default=0)
                if names:
                    of_letter[block] = tuple(name for name in names if priorities[name] == best)
        return found


def parts_of(letter: Letter) -> tuple[str, ...]:
    """Give the paragraphs of a letter's text between signature and sources: opening to closing."""
    body = [text_of([block]) for block in letter.body if block["kind"] != "sources"]
    return tuple(mail_text(part) for part in (letter.opening, *body, letter.closing) if part)


def sources_of(letter: Letter) -> str:
    """Give the text under the signature: where the figures come from."""
    return mail_text(text_of([block for block in letter.body if block["kind"] == "sources"]))


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
    press: _Press, number: int, variants: Mapping[str, tuple[str, ...]], blocks: Sequence[str]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Give a letter's parts for every combination of some blocks, the others as seeded."""
    return {
        names: press.parts(dict(zip(blocks, names, strict=True)))[number]
        for names in _combinations(blocks, variants)
    }


def _joint_blocks(
    press: _Press, variants: Sequence[Mapping[str, tuple[str, ...]]]
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
    press: _Press, variants: Sequence[Mapping[str, tuple[str, ...]]]
) -> tuple[str, ...]:
    """Give the blocks whose choice changes the list of sources of any letter."""
    found: set[str] = set()
    for number, of_letter in enumerate(variants):
        for block in set(of_letter) - found:
            said = {sources_of(press.letters({block: name})[number]) for name in of_letter[block]}
            if len(said) > 1:
                found.add(block)
    return tuple(sorted(found))


def _cut(
    press: _Press,
    number: int,
    level: str,
    variants: Mapping[str, tuple[str, ...]],
    joint: Sequence[tuple[str, ...]],
    sourced: Sequence[str],
) -> CutLetter:
    letter, parts = press.letters({})[number], press.parts({})[number]
    spans = []
    for group in joint:
        blocks = tuple(block for block in group if variants.get(block))
        _bounded(blocks, variants)
        versions = _versions(press, number, variants, blocks) if blocks else {}
        span = _span(list(versions.values())) if versions else None
        if span is not None:
            spans.append((span[0], span[1], blocks, versions))
    spans.sort(key=lambda span: span[0])
    pieces: list[Piece] = []
    personal, ask = None, _place_of_request(letter, parts)
    position = 0
    for head, tail, blocks, versions in [*spans, (len(parts), 0, (), {})]:
        for part in range(position, head):
            if personal is None and part >= ask:
                personal = len(pieces)
            pieces.append(Piece((), {(): parts[part]}))
        position = len(parts) - tail
        if blocks:
            if personal is None and position > ask:
                personal = len(pieces)
            pieces.append(
                Piece(
                    blocks,
                    {
                        names: "\n\n".join(version[head : len(version) - tail])
                        for names, version in versions.items()
                    },
                )
            )
    with_sources = tuple(block for block in sourced if variants.get(block))
    _bounded(with_sources, variants)
    sources = Piece(
        with_sources,
        {
            names: sources_of(press.letters(dict(zip(with_sources, names, strict=True)))[number])
            for names in _combinations(with_sources, variants)
        },
    )
    used = {block for piece in (*pieces, sources) for block in piece.by}
    return CutLetter(
        letter.recipient,
        level,
        letter.subject,
        {block: names for block, names in variants.items() if block in used},
        tuple(pieces),
        len(pieces) - 1 if personal is None else personal,
        sources,
        letter.address,
    )


def _place_of_request(letter: Letter, parts: Sequence[str]) -> int:
    """Give the part before which a citizen's own words stand best.

    It is the request, or the last paragraph before the closing where no request is set apart.
    """
    for block in letter.body:
        if block["kind"] == "request":
            return parts.index(mail_text(text_of([block])))
    return max(len(parts) - 2, 1)


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
