"""The letters that citizens sign, whole: for whom, with which variants, and the parts of their text."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from outreach.campaign import Campaign, Chamber
from outreach.figures.figure import LocalFigures
from outreach.letters.compose import compose
from outreach.letters.letter import Letter
from outreach.letters.pack import load_pack, named_blocks
from outreach.letters.text import text_of
from outreach.letters.typography import mail_text
from outreach.roster.seat import Parliamentarian, Roster

if TYPE_CHECKING:
    from outreach.figures.local import LocalFigureTable

Recipient = tuple[Parliamentarian, LocalFigures]
Choices = tuple[tuple[str, str], ...]


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


@dataclass(slots=True)
class Press:
    """Renders all the letters for a choice of variants, each choice once.

    Attributes:
        recipients: whom the letters are for, in the order of every list given.
        today: the date that letters bear.
        tell: called with (letters rendered, all of them).
    """

    campaign: Campaign
    recipients: list[Recipient]
    today: dt.date
    tell: Callable[[int, int], None] | None = None
    printed: dict[Choices, list[Letter]] = field(default_factory=dict)
    parted: dict[Choices, list[tuple[str, ...]]] = field(default_factory=dict)

    def letters(self, choices: Mapping[str, str]) -> list[Letter]:
        """Give every letter with these variants, the other blocks as their seeds choose."""
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
        """Give the parts of every letter with these variants."""
        key = tuple(sorted(choices.items()))
        if key not in self.parted:
            self.parted[key] = [parts_of(letter) for letter in self.letters(choices)]
        return self.parted[key]

    def rounds(self) -> int:
        """Give how often all the letters are rendered at least."""
        return 1 + sum(len(variants) for variants in self.blocks().values())

    def blocks(self) -> dict[str, dict[str, int]]:
        """Give the blocks that the letters include: block → variant → priority."""
        pack = load_pack(self.campaign)
        used = {name for form in pack.letters.values() for name in named_blocks(form.text)}
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


def place_of_request(letter: Letter, parts: Sequence[str]) -> int:
    """Give the part before which a citizen's own words stand best.

    It is the request, or the last paragraph before the closing where no request is set apart.
    """
    for block in letter.body:
        if block["kind"] == "request":
            return parts.index(mail_text(text_of([block])))
    return max(len(parts) - 2, 1)
