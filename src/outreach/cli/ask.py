"""`outreach establishments read --ask`: show what is understood of the columns, let a person change it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.errors import InputError

if TYPE_CHECKING:
    from outreach.establishments.sheet import Sheet

# In the order in which a person thinks of a list.
_ASKED = (
    "name", "organisation", "address", "postcode", "commune_name", "commune_code",
    "department_code", "longitude", "latitude", "finess", "siret", "establishment_id", "field",
    "category", "category_code", "places", "measures", "staff_headcount", "staff_fte",
)  # fmt: skip


def ask_columns(
    file: Path,
    told: Mapping[str, Sequence[str]],
    sheet: str | None,
    separator: str | None,
    campaign: Path | None,
) -> tuple[dict[str, list[str]], str | None]:
    """Ask which sheet when there are several, then show each of our columns with theirs.

    Enter keeps an answer, a name or number changes it, - means none.

    Args:
        file: the list.
        told: what was said on the command line already.
        sheet: the sheet of a workbook.
        separator: of a CSV.
        campaign: a campaign.toml (or its folder) to save the answers in; None asks nothing of it.

    Returns:
        Our column → theirs, all that was asked; and the sheet chosen, None for a CSV.
    """
    from outreach.establishments.headers import find_header
    from outreach.establishments.read import choose_sheet, list_head, read_sheets

    sheets, notes = read_sheets(file, list_head(file), sheet=sheet, separator=separator)
    for note in notes:
        click.echo(note)
    chosen = choose_sheet(sheets, file.name, told)
    if len(sheets) > 1:
        chosen = _ask_sheet(sheets, chosen)
    header = find_header(chosen, file.name, told)
    names = [name for name in header.names if name]
    example = next((cells for _, cells in chosen.rows[header.position + 1 :] if any(cells)), [])
    shown = dict(zip(header.names, example, strict=False))
    click.echo("Columns of the list:")
    for number, name in enumerate(names, start=1):
        click.echo(f"  {number:>2}. {name}: {' '.join(shown.get(name, '').split())[:50]}")
    answers: dict[str, list[str]] = {}
    understood = header.named()
    click.echo(
        "For each of our columns: Enter to keep, a number, a name, several joined by +, - for none."
    )
    for ours in _ASKED:
        current = list(understood.get(ours, ()))
        while True:
            typed = click.prompt(f"  {ours}", default=" + ".join(current) or "-")
            try:
                answers[ours] = _named(typed, names)
            except InputError as error:
                click.echo(f"  {error.message}")
                continue
            break
    parts = {ours: list(theirs) for ours, theirs in understood.items() if ours not in _ASKED}
    answers = {**parts, **answers}
    if campaign is not None:
        save_columns(campaign, answers, chosen.name)
    return answers, chosen.name or None


def _ask_sheet(sheets: "Sequence[Sheet]", likeliest: "Sheet") -> "Sheet":
    """Show the sheets of a workbook and let a person choose by number."""
    click.echo("Sheets of the workbook:")
    for number, sheet in enumerate(sheets, start=1):
        click.echo(f"  {number:>2}. {sheet.name}: {len(sheet.rows)} rows")
    number = click.prompt(
        "  sheet", type=click.IntRange(1, len(sheets)), default=sheets.index(likeliest) + 1
    )
    return sheets[number - 1]


def save_columns(campaign: Path, columns: Mapping[str, Sequence[str]], sheet: str = "") -> None:
    """Write the answers under [establishments] of a campaign.toml; the rest stays as typed."""
    import tomlkit

    from outreach.files import write_file

    path = campaign / "campaign.toml" if campaign.is_dir() else campaign
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    section = document.setdefault("establishments", tomlkit.table())
    if sheet:
        section["sheet"] = sheet
    table = tomlkit.table()
    for ours, theirs in columns.items():
        if theirs:
            table[ours] = " + ".join(theirs)
    section["columns"] = table
    write_file(path, tomlkit.dumps(document))
    click.echo(f"Saved in {path}, [establishments.columns]")


def _named(typed: str, names: Sequence[str]) -> list[str]:
    """Their names from what was typed: numbers of the list shown, or names."""
    if typed.strip() in ("", "-"):
        return []
    found = []
    for part in typed.split("+"):
        word = part.strip()
        if word.isdigit() and 1 <= int(word) <= len(names):
            found.append(names[int(word) - 1])
        elif word in names:
            found.append(word)
        else:
            raise InputError(f'"{word}" is no column of the list; type its number.')
    return found
