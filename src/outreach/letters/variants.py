"""Which variant of each block a recipient gets: what fits, then a draw.

The same campaign and seat give the same choice on every machine and every day, whoever else is
written to; it is recorded in the letter and the outbox, and can be forced. A reminder asks what
the outbox says was asked: senators have no numbered seats, so one who goes renumbers the others.

The members of a département compare what they get. Their seats are numbered, and the number of a
seat is written with a digit for each block, as many values as variants fit: two seats differ in
a digit until every combination is used. What a digit stands for is shuffled by the campaign, the
département and the digits before it, so that neighbours differ in more than one block.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.figures.figure import LocalFigures
from outreach.letters.pack import Pack, Variant
from outreach.letters.values import FigureView
from outreach.roster.seat import Parliamentarian


@dataclass(frozen=True, slots=True)
class Draw:
    """What a draw rests on, besides who is written to.

    Attributes:
        campaign_uid, wave: blocks that last from wave to wave are drawn without the wave.
        number: of the recipient's seat in its département, from 0 on.
        forced: block → variant, used where it fits.
        asked: block → variant of the wave before, used where it fits in blocks that last.
    """

    campaign_uid: str
    wave: int
    number: int
    forced: Mapping[str, str]
    asked: Mapping[str, str]


def seat_numbers(seats: Iterable[tuple[str, str, str, str]]) -> dict[str, int]:
    """Number the seats of each département: deputies by constituency, then senators by id.

    Args:
        seats: (département, chamber, constituency or "", official id) of every seat, written to
            or not; a vacant one has no id and keeps its number.

    Returns:
        official id → number; the other wave numbers the same seats the same.
    """
    numbers: dict[str, int] = {}
    counted: dict[str, int] = defaultdict(int)
    for department, _, _, person in sorted(set(seats)):
        if person:
            numbers[person] = counted[department]
        counted[department] += 1
    return numbers


def seat_of(member: Parliamentarian) -> tuple[str, str, str, str]:
    """Give what seat_numbers() needs of a member."""
    return (
        member.department_code, member.chamber, member.constituency_code, member.official_id,
    )  # fmt: skip


def choose_variants(
    pack: Pack,
    recipient: Parliamentarian,
    local: LocalFigures,
    context: Mapping[str, Any],
    draw: Draw,
) -> dict[str, Variant]:
    """Choose a variant of each block; a block of which none fits is left out.

    Args:
        pack: its blocks.
        recipient: chamber, group and commission are compared with a variant's conditions.
        local: for the level.
        context: what templates read, for the stance and the fields that a variant needs.
        draw: the campaign, the wave and the seat.
    """
    chosen: dict[str, Variant] = {}
    rest, said = draw.number, f"{draw.campaign_uid}\0{recipient.department_code}"
    lasting, own = pack.drawn[recipient.chamber]
    for block in (*lasting, *own):
        fitting = [item for item in pack.blocks[block] if _fits(item, recipient, local, context)]
        best = max((item.front.priority for item in fitting), default=0)
        forced = [item for item in fitting if item.name == draw.forced.get(block)]
        asked = [item for item in fitting if item.name == draw.asked.get(block)]
        among = (
            forced
            or (asked if block in lasting else [])
            or [item for item in fitting if item.front.priority == best]
        )
        if not among:
            continue
        wave = "" if block in lasting else draw.wave
        rest, digit = divmod(rest, len(among))
        start = hashlib.sha256(f"{said}\0{wave}\0{block}".encode()).digest()
        chosen[block] = among[(int.from_bytes(start[:8], "big") + digit) % len(among)]
        said += f"\0{digit}"
    return {block: chosen[block] for block in pack.blocks if block in chosen}


def _fits(
    variant: Variant, recipient: Parliamentarian, local: LocalFigures, context: Mapping[str, Any]
) -> bool:
    when = variant.front.when
    commission = recipient.commission.casefold()
    return (
        (not when.chamber or recipient.chamber in when.chamber)
        and (not when.level or local.level in when.level)
        and (not when.group or recipient.political_group in when.group)
        and (
            not when.commission
            or any(bool(commission) and words.casefold() in commission for words in when.commission)
        )
        and (not when.stance or context["stance"] in when.stance)
        and all(bool(_at(context, path)) for path in when.needs)
        and all(_is_above(context, path) for path in when.above)
    )


def _at(context: Mapping[str, Any], path: str) -> Any:
    here: Any = context
    for name in path.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def _is_above(context: Mapping[str, Any], path: str) -> bool:
    # A place below the country's own rate argues against the letter that quotes it.
    here, country = _at(context, path), _at(context, f"country.{path.rpartition('.')[2]}")
    both = isinstance(here, FigureView) and isinstance(country, FigureView)
    return both and here.value > country.value
