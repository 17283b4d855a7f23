"""What paper carries around a letter: style, window, folds, logo, signature, footer, enclosures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from outreach.campaign import Campaign, Style
from outreach.errors import InputError
from outreach.export.local_map import LocalMap
from outreach.export.picture import Picture, read_picture
from outreach.letters.fit import HIGHEST_SIGNATURE, Around, step
from outreach.letters.letter import Letter

# A4, in millimetres from its top left corner. The window must lie where the sender (left of
# x 90), the logo (above y 34) and the letter (below y 90) are not.
_WINDOW_ZONE = (90.0, 34.0, 205.0, 90.0)
_UNDER_A_MAP = 2.0


@dataclass(frozen=True, slots=True)
class Window:
    """The address block on an A4 sheet, in millimetres from the top left corner.

    The default lies inside the windows of 35 × 100 and 45 × 100 mm of French DL and C5 envelopes
    (20 mm from the right and bottom edges) with 6 lines of 4 mm.
    """

    x: float = 110
    y: float = 55
    width: float = 80
    height: float = 24


@dataclass(frozen=True, slots=True)
class Paper:
    """How letters look on paper, the same for all of them.

    Attributes:
        style: one of the three looks of typst/styles.typ.
        window: where the address is printed.
        folds: heights of the fold marks in mm; none for no marks.
        duplex: a blank page after a letter of an odd number of pages, for print runs on both
            sides of the sheet.
        logo: at the head of the letter; signature: over the name of who signs.
        footer: lines at the foot of each page.
        enclosures: titles of what is enclosed.
        maps: official id → the map beside the table of that recipient's figures.
    """

    style: Style = "classique"
    window: Window = field(default_factory=Window)
    folds: tuple[float, ...] = (99, 198)
    duplex: bool = False
    logo: Picture | None = None
    signature: Picture | None = None
    footer: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    maps: Mapping[str, LocalMap] = field(default_factory=dict, compare=False)

    def around(self, official_id: str) -> Around:
        """Give what takes height on the page of one recipient, beside the words."""
        beside = self.maps.get(official_id)
        return Around(
            style=self.style,
            signature=None if self.signature is None else self.signature.height,
            enclosures=self.enclosures,
            map=0.0 if beside is None else beside.height + _UNDER_A_MAP,
        )


def with_maps(paper: Paper, letters: Iterable[Letter], maps: Mapping[str, LocalMap]) -> Paper:
    """Give the paper with the maps that leave a letter of one page on one page."""
    tried = replace(paper, maps=maps)
    kept = {
        who: maps[who]
        for letter in letters
        if (who := letter.recipient.official_id) in maps
        and (step(letter, tried.around(who)) is not None or step(letter, paper.around(who)) is None)
    }
    return replace(paper, maps=kept)


def paper_of(campaign: Campaign, *, style: Style | None = None, duplex: bool = False) -> Paper:
    """Take from a campaign what concerns paper, its pictures read and checked.

    Raises:
        InputError: a picture is missing, too big or not what it says, or the window lies where
            something else is printed; all the faults are listed.
    """
    problems: list[str] = []
    head, sender = campaign.letterhead, campaign.sender
    logo = signature = None
    try:
        if head.logo is not None:
            logo = read_picture(head.logo, sender.organisation, width=60, height=18)
    except InputError as error:
        problems.append(f"letterhead.logo: {error.message}")
    try:
        if campaign.signature.image is not None:
            name = f"Signature de {campaign.signature.name}"
            signature = read_picture(
                campaign.signature.image, name, width=50, height=HIGHEST_SIGNATURE
            )
    except InputError as error:
        problems.append(f"signature.image: {error.message}")
    window = Window(*campaign.post.window)
    problems += [f"post.window: {problem}" for problem in _misplaced(window)]
    if problems:
        raise InputError("The letter cannot be put on paper:", problems)
    return Paper(
        style=style or campaign.style,
        window=window,
        duplex=duplex,
        logo=logo,
        signature=signature,
        footer=(head.footer,) if head.footer else (),
        enclosures=campaign.post.enclosures,
    )


def _misplaced(window: Window) -> list[str]:
    left, top, right, bottom = _WINDOW_ZONE
    problems = []
    if not (left <= window.x and window.x + window.width <= right):
        problems.append(
            f"{window.x:g} to {window.x + window.width:g} mm from the left; keep between "
            f"{left:g} and {right:g}."
        )
    if not (top <= window.y and window.y + window.height <= bottom):
        problems.append(
            f"{window.y:g} to {window.y + window.height:g} mm from the top; keep between "
            f"{top:g} and {bottom:g}."
        )
    if window.width < 60 or window.height < 24:
        problems.append(
            f"{window.width:g} × {window.height:g} mm; six lines of an address need 60 × 24 mm."
        )
    return problems
