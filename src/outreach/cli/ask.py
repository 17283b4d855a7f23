"""`outreach establishments read --ask`: show what is understood of the columns, let a person change it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from outreach.errors import InputError

if TYPE_CHECKING:
    from outreach.establishments.headers import Header
    from outreach.establishments.sheet import Sheet

# In the order in which a person thinks of a list, and what each is in plain words.
_ASKED = {
    "name": "name of the establishment",
    "organisation": "who runs it",
    "address": "number and street, or the whole address",
    "postcode": "postcode",
    "commune_name": "city",
    "commune_code": "INSEE code of the commune",
    "department_code": "département",
    "country": "country",
    "longitude": "longitude",
    "latitude": "latitude",
    "finess": "FINESS number",
    "siret": "SIRET",
    "establishment_id": "your own number",
    "field": "field of activity",
    "category": "kind of establishment",
    "category_code": "FINESS category",
    "places": "authorised places",
    "measures": "judicial measures",
    "staff_headcount": "staff, persons",
    "staff_fte": "staff, full-time equivalents",
}


def ask_columns(
    file: Path,
    told: Mapping[str, Sequence[str]],
    sheet: str | None,
    separator: str | None,
    campaign: Path | None,
) -> tuple[dict[str, list[str]], str | None]:
    """Ask which sheet when there are several, then show what is understood and let a person change it.

    Enter takes what is shown; "commune_name = 3" takes the third column, "places = -" none.

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
    _show_columns(chosen, header)
    answers = _ask_changes({ours: list(theirs) for ours, theirs in header.named().items()}, names)
    if campaign is not None:
        save_columns(campaign, answers, chosen.name)
    return answers, chosen.name or None


def _show_columns(sheet: "Sheet", header: "Header") -> None:
    """Show the columns of a list by number, each with the first cell under it."""
    names = [name for name in header.names if name]
    example = next((cells for _, cells in sheet.rows[header.position + 1 :] if any(cells)), [])
    shown = dict(zip(header.names, example, strict=False))
    click.echo("Columns of the list, with a first row:")
    width = min(max(map(len, names)), 40)
    for number, name in enumerate(names, start=1):
        click.echo(f"  {number:>2}. {name:<{width}}  {' '.join(shown.get(name, '').split())[:50]}")


def _ask_changes(answers: dict[str, list[str]], names: Sequence[str]) -> dict[str, list[str]]:
    """Show what is understood and let a person change it, one column at a time."""
    click.echo("Understood:")
    for ours in dict.fromkeys([*_ASKED, *answers]):
        click.echo(_line(ours, answers.get(ours, ())))
    while typed := click.prompt(
        "Enter when this is right, or change one (commune_name = 3, address = 4 + 5, places = -)",
        default="",
        show_default=False,
    ).strip():
        ours, _, theirs = (part.strip() for part in typed.partition("="))
        if ours not in {*_ASKED, *answers}:
            click.echo(f'  "{ours}" is none of ours; type it like commune_name = 3.')
            continue
        try:
            answers[ours] = _named(theirs, names)
        except InputError as error:
            click.echo(f"  {error.message}")
            continue
        click.echo(_line(ours, answers[ours]))
    return answers


def _line(ours: str, theirs: Sequence[str]) -> str:
    """One of our columns, theirs, and what it is in plain words."""
    return f"  {ours:<16} ← {' + '.join(theirs) or '-':<30} {_ASKED.get(ours, '')}".rstrip()


def _ask_sheet(sheets: "Sequence[Sheet]", likeliest: "Sheet") -> "Sheet":
    """Show the sheets of a workbook and let a person choose by number."""
    click.echo("Sheets of the workbook:")
    for number, sheet in enumerate(sheets, start=1):
        click.echo(f"  {number:>2}. {sheet.name}: {sheet.length} rows")
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
