"""The list of recipients, for a spreadsheet: who gets a letter, where, how, and in which file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from outreach.export.envelope_order import in_envelope_order, letter_file_name
from outreach.letters.letter import Letter
from outreach.spreadsheets import Cell, write_csv, write_xlsx

ADDRESS_COLUMNS = tuple(f"address_{n}" for n in range(1, 7))
COLUMNS = (
    "number", "chamber", "official_id", "title", "gender", "first_name", "last_name",
    "department_code", "constituency_code", "political_group", "commission",
    "contact_method", "email", *ADDRESS_COLUMNS, "address_reason",
    "subject", "certainty", "choices", "file",
)  # fmt: skip


def write_recipients(letters: Sequence[Letter], path: Path) -> None:
    """Write the recipients in the order of the envelopes, as CSV or as XLSX by ``path``'s ending.

    Cells that a spreadsheet would run as a formula are guarded; codes stay text.

    Raises:
        OutreachError: the file cannot be written; what stood there still stands.
    """
    write = write_xlsx if path.suffix.lower() == ".xlsx" else write_csv
    write(path, COLUMNS, recipient_rows(letters))


def recipient_rows(letters: Sequence[Letter]) -> Iterator[dict[str, Cell]]:
    """Give one row a letter, in the order of the envelopes; ``number`` counts from 1."""
    for number, letter in enumerate(in_envelope_order(letters), start=1):
        who = letter.recipient
        yield {
            "number": number,
            "chamber": who.chamber,
            "official_id": who.official_id,
            "title": letter.title,
            "gender": who.gender,
            "first_name": who.first_name,
            "last_name": who.last_name,
            "department_code": who.department_code,
            "constituency_code": who.constituency_code,
            "political_group": who.political_group,
            "commission": who.commission,
            "contact_method": who.contact_method,
            "email": who.email,
            **dict(zip(ADDRESS_COLUMNS, letter.address, strict=False)),
            "address_reason": letter.address_reason,
            "subject": letter.subject,
            "certainty": letter.certainty,
            "choices": ", ".join(
                f"{block}: {variant}" for block, variant in letter.choices.items()
            ),
            "file": letter_file_name(letter, ".pdf"),
        }
