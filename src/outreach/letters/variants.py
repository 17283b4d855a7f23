"""Which variant of each block a recipient gets: what fits, then a seed of their own.

The same campaign, wave and person give the same choice on every machine and every day, whoever
else is written to; it is recorded in the letter, and can be forced.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from outreach.figures.figure import LocalFigures
from outreach.letters.pack import Pack, Variant
from outreach.letters.values import FigureView
from outreach.roster.seat import Parliamentarian


def choose_variants(
    pack: Pack,
    recipient: Parliamentarian,
    local: LocalFigures,
    context: Mapping[str, Any],
    *,
    seed: str,
    forced: Mapping[str, str],
) -> dict[str, Variant]:
    """Choose a variant of each block; a block of which none fits is left out.

    Args:
        pack: its blocks.
        recipient: chamber, group and commission are compared with a variant's conditions.
        local: for the level.
        context: what templates read, for the stance and the fields that a variant needs.
        seed: the campaign and its wave.
        forced: block → variant, used where it fits.
    """
    chosen = {}
    for block, variants in pack.blocks.items():
        fitting = [item for item in variants if _fits(item, recipient, local, context)]
        best = max((item.front.priority for item in fitting), default=0)
        wanted = [item for item in fitting if item.name == forced.get(block)]
        among = wanted or [item for item in fitting if item.front.priority == best]
        if among:
            chosen[block] = among[_number(seed, recipient, block) % len(among)]
    return chosen


def _number(seed: str, recipient: Parliamentarian, block: str) -> int:
    said = f"{seed}\0{recipient.official_id}\0{block}"
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big")


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
