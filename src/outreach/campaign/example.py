"""What a campaign still bears of the example that `outreach new` copies."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from outreach.bundle import letters_path
from outreach.campaign.campaign import FILE_NAME, Campaign

EXAMPLE: Final = "solidarite-en-danger"
# Reserved for examples (RFC 2606): nobody's mail leaves from there.
_RESERVED = r"(?:^|\.)(?:example\.(?:org|com|net)|example|invalid|test)$"
_FIELDS = (
    ("sender", "organisation"),
    ("sender", "address"),
    ("sender", "web"),
    ("sender", "phone"),
    ("signature", "name"),
    ("signature", "function"),
)


def example_names(campaign: Campaign) -> tuple[str, ...]:
    """Give the fields that say who writes and are still the bundled example's, each with its value.

    The example itself has none: it is not its own leftover.
    """
    if campaign.folder.resolve() == letters_path(EXAMPLE).resolve():
        return ()
    example = tomllib.loads(letters_path(EXAMPLE, FILE_NAME).read_text(encoding="utf-8"))
    return tuple(_equal_fields(campaign, example))


def example_address(campaign: Campaign) -> tuple[str, ...]:
    """Give sender.email when its domain is one reserved for examples, else ()."""
    reserved = re.search(_RESERVED, campaign.sender.email.rpartition("@")[2])
    return (f"sender.email: {campaign.sender.email}",) if reserved else ()


def example_warning(campaign: Campaign) -> str | None:
    """Give one line for who prepares letters, None when the names are the campaign's own."""
    fields = example_names(campaign)
    if not fields:
        return None
    return (
        f"Letters would bear names of the example ({'; '.join(fields)}); put your association into "
        "[sender] and [signature]."
    )


def _equal_fields(campaign: Campaign, example: Mapping[str, Any]) -> Iterator[str]:
    for table, name in _FIELDS:
        ours, theirs = (
            _first(value)
            for value in (getattr(getattr(campaign, table), name), example[table].get(name, ""))
        )
        if theirs and _plain(ours) == _plain(theirs):
            yield f"{table}.{name}: {ours}"


def _first(value: str | list[str] | tuple[str, ...]) -> str:
    # Of an address the street alone tells: many associations share a postcode and a city.
    return value if isinstance(value, str) else value[0]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip().rstrip("/").casefold()
