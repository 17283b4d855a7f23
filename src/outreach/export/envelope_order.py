"""The order in which letters, labels and envelopes lie on the table, and the names of files.

Print runs, labels, envelopes and the list of recipients all follow it, so that the n-th letter
meets the n-th envelope.
"""

from collections.abc import Iterable

from outreach.files import ascii_slug, file_name
from outreach.letters.letter import Letter
from outreach.roster.seat import Parliamentarian


def in_envelope_order(letters: Iterable[Letter]) -> list[Letter]:
    """Sort by chamber, constituency (for senators: département), last name, official id."""
    return sorted(letters, key=lambda letter: envelope_rank(letter.recipient))


def area_code(recipient: Parliamentarian) -> str:
    """Give "01-04" for a deputy, "01" for a senator."""
    return recipient.constituency_code or recipient.department_code


def letter_file_name(letter: Letter, suffix: str) -> str:
    """Name a letter's file: chamber, area, official id, last name.

    ``assemblee_01-01_pa900001_garnier.pdf`` sorts like the envelopes, and the official id,
    before the name, keeps it unique however long the name is.
    """
    who = letter.recipient
    return file_name(
        who.chamber, area_code(who), who.official_id, who.last_name[:40], suffix=suffix
    )


def envelope_rank(who: Parliamentarian) -> tuple[str, str, str, str]:
    """Give what in_envelope_order() sorts by."""
    return who.chamber, area_code(who), ascii_slug(who.last_name), who.official_id
