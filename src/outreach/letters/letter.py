"""One letter, rendered: the neutral tree from which each form is written.

letters makes these; export, outbox and page receive them. No pandas, no I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outreach.figures.figure import Figure
from outreach.roster.seat import Parliamentarian

# A node of the body, JSON-able. Blocks:
#   {"kind": "paragraph", "inline": [...]}
#   {"kind": "heading", "level": 2, "inline": [...]}
#   {"kind": "list", "ordered": False, "items": [[block, ...], ...]}
#   {"kind": "table", "header": [[inline, ...], ...], "rows": [[[inline, ...], ...], ...],
#    "align": ["left" | "right" | "center", ...]}
#   {"kind": "quote", "blocks": [...]}
#   {"kind": "request", "blocks": [...]}   the one request, set apart
#   {"kind": "sources", "blocks": [...]}   sources of the figures, small
# Inlines:
#   {"kind": "text", "text": "…"}  {"kind": "strong" | "emphasis", "inline": [...]}
#   {"kind": "link", "href": "https://…" | "mailto:…", "inline": [...]}
#   {"kind": "superscript", "text": "re"}  {"kind": "break"}
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one recipient, typographed, in every part that a form needs.

    Attributes:
        campaign_uid: the campaign's own identifier; wave: 1 for the first letter.
        recipient: the holder of the seat.
        subject: one line, no-break spaces only of the kind that mail allows.
        opening: "Madame la Députée," with its comma; title: "Madame la Députée".
        body: blocks between opening and closing.
        closing: the sentence that repeats the title.
        signature: lines under the closing (name, function, organisation).
        sender: lines of the letterhead (organisation, street, city, web).
        dateline: "Paris, le 12 novembre 2026".
        address: NF Z10-011 lines of the postal address, at most 6 of 38 characters;
            address_reason: why this address and not another.
        text: the e-mail's text part; html: its HTML part, CSS inlined.
        certainty: the weakest certainty that its local wording rests on, or "" without any.
        choices: block name → variant chosen.
        quoted: the figures that the letter quotes.
        template_digest: sha256 of the template pack.
    """

    campaign_uid: str
    wave: int
    recipient: Parliamentarian
    subject: str
    title: str
    opening: str
    body: tuple[Node, ...]
    closing: str
    signature: tuple[str, ...]
    sender: tuple[str, ...]
    dateline: str
    address: tuple[str, ...]
    address_reason: str
    text: str
    html: str
    certainty: str
    choices: Mapping[str, str]
    quoted: tuple[Figure, ...]
    template_digest: str
