"""`outreach find`: who holds which seat, by name, place, group or commission."""

import json
import sys
from typing import TYPE_CHECKING

import click

from outreach.cli.address import find_at_address, is_address

if TYPE_CHECKING:
    from outreach.roster.find import Found
    from outreach.roster.seat import Chamber, Parliamentarian, Roster, Vacancy

_COLUMNS = (
    "chamber",
    "official_id",
    "gender",
    "first_name",
    "last_name",
    "department_code",
    "constituency_code",
    "political_group",
    "political_group_name",
    "commission",
    "functions",
    "last_known_commission",
    "last_known_functions",
    "last_known_on",
    "contact_method",
    "email",
    "vacant_since",
    "vacancy_reason",
)

# A narrower terminal shows no commissions: names would be broken for them.
_WIDE = 130
_CHAMBERS: "dict[str, tuple[Chamber]]" = {"deputies": ("assemblee",), "senators": ("senat",)}
_SHOWN = ("seat", "id", "name", "group", "commission", "e-mail")


@click.command()
@click.argument("question", required=False)
@click.option("--name", help="A name: accents, case, particles and small typos do not matter.")
@click.option("--department", help='A département: "69", "2A", "Rhône", "ZZ" for French abroad.')
@click.option("--constituency", help='A constituency in any coding: "01-04", "0104", "ZA003".')
@click.option("--commune", help="A commune of today or before, by name or INSEE code; a country.")
@click.option("--postcode", help="A postcode.")
@click.option("--group", help='A political group, by label or name: "SER", "Droite Républicaine".')
@click.option("--commission", help='Words of a commission: "affaires sociales".')
@click.option("--chamber", type=click.Choice(["deputies", "senators"]), help="Only this chamber.")
@click.option(
    "--geocode",
    is_flag=True,
    help="For an address in a split commune: ask the national geocoder. Only the address is sent.",
)
@click.option("--geocoder", metavar="URL", help="Another address of the geocoder.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV for a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def find(
    question: str | None,
    chamber: str | None,
    geocode: bool,
    geocoder: str | None,
    as_csv: bool,
    as_json: bool,
    **criteria: str | None,
) -> None:
    """Find parliamentarians by name, place, address, group or commission.

    QUESTION may be any of these; when it means several, all are shown and said. Options say
    which is meant, and all of them must hold.

    \b
    Example:
      outreach find breton
      outreach find 01-04
      outreach find 69002
      outreach find "12 rue de la République, 69002 Lyon"
      outreach find --department 69 --group RN
      outreach find --commission "affaires sociales" --chamber senators --csv > list.csv
    """
    from outreach.cli.rosters_in_use import rosters_in_use

    if as_csv and as_json:
        raise click.UsageError("Give either --csv or --json.")
    asked = {kind: text for kind, text in criteria.items() if text}
    if bool(question) == bool(asked):
        raise click.UsageError("Give either one QUESTION or options that say what is meant.")
    rosters = rosters_in_use(chambers=_CHAMBERS.get(chamber or "", ("assemblee", "senat")))
    if question and is_address(question):
        from outreach.matching.geocoder import BAN

        found = find_at_address(question, rosters, geocoder or (BAN if geocode else None))
    elif geocode or geocoder:
        raise click.UsageError("--geocode goes with an address: street, postcode and city.")
    else:
        found = _answer(question, asked, rosters)
    for note in found.notes:
        click.echo(note, err=True)
    if as_csv or as_json:
        _print_rows(found, as_json=as_json)
    else:
        _print_table(found)


def _answer(question: str | None, asked: dict[str, str], rosters: "list[Roster]") -> "Found":
    from outreach.bundle import data_path
    from outreach.geography.places import load_geography
    from outreach.roster.find import Directory, find_by
    from outreach.roster.find import find as find_free
    from outreach.roster.labels import read_labels

    directory = Directory(
        rosters,
        load_geography,
        {
            "assemblee": read_labels(data_path("deputies")),
            "senat": read_labels(data_path("senators")),
        },
    )
    return find_free(question, directory) if question else find_by(asked, directory)


def _print_table(found: "Found") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = [_cells(person) for person in found.people]
    rows += [_vacant_cells(vacancy) for vacancy in found.vacancies]
    console = Console(width=None if sys.stdout.isatty() else 200)
    shown = [name for name in _SHOWN if name != "commission" or console.width >= _WIDE]
    widths = _widths(shown, rows, console.width)
    if widths is None:
        # One block a row, each value on a line of its own.
        for row in rows:
            lines = [f"{column:>10}  {row[column]}" for column in _SHOWN if row.get(column)]
            click.echo("\n".join([*lines, ""]))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column, width in zip(shown, widths, strict=True):
        table.add_column(column, width=width)
    for row in rows:
        table.add_row(*(Text(row.get(column, "")) for column in shown))
    console.print(table)


def _widths(shown: list[str], rows: list[dict[str, str]], room: int) -> list[int] | None:
    """Give the width of each column, or None where an id, an address or a word would be cut."""
    texts = {name: [name, *(row.get(name, "") for row in rows)] for name in shown}
    widths = {name: max(map(len, texts[name])) for name in shown}
    # rich draws two spaces and a line between columns, and one at each edge.
    over = sum(widths.values()) + 3 * len(shown) - room
    # An id or an address on two lines cannot be copied; the others are folded at spaces.
    for name in ("commission", "name", "group"):
        if name in widths:
            least = max(len(word) for text in texts[name] for word in text.split())
            less = max(0, min(over, widths[name] - least))
            widths[name] -= less
            over -= less
    return None if over > 0 else list(widths.values())


def _cells(person: "Parliamentarian") -> dict[str, str]:
    return {
        "seat": person.constituency_code or person.department_code,
        "id": person.official_id,
        "name": person.full_name,
        "group": person.political_group,
        "commission": person.commission or _last_known(person),
        "e-mail": person.email or "(by post)",
    }


def _vacant_cells(vacancy: "Vacancy") -> dict[str, str]:
    return {
        "seat": vacancy.constituency_code or vacancy.department_code,
        "name": f"vacant since {vacancy.since:%Y-%m-%d} ({vacancy.former_holder})",
        "commission": vacancy.reason,
    }


def _last_known(person: "Parliamentarian") -> str:
    if not person.last_known_commission:
        return ""
    return f"{person.last_known_commission} (on {person.last_known_on:%Y-%m-%d})"


def _print_rows(found: "Found", *, as_json: bool) -> None:
    from outreach.spreadsheets import csv_text

    rows = [_person_row(person) for person in found.people]
    rows += [_vacancy_row(vacancy) for vacancy in found.vacancies]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        click.echo(csv_text(_COLUMNS, rows), nl=False)


def _person_row(person: "Parliamentarian") -> dict[str, str]:
    known_on = person.last_known_on
    values = {
        **{name: getattr(person, name) for name in _COLUMNS if hasattr(person, name)},
        "functions": " | ".join(person.functions),
        "last_known_functions": " | ".join(person.last_known_functions),
        "last_known_on": f"{known_on:%Y-%m-%d}" if known_on else "",
    }
    return {name: values.get(name, "") for name in _COLUMNS}


def _vacancy_row(vacancy: "Vacancy") -> dict[str, str]:
    values = {
        "chamber": vacancy.chamber,
        "department_code": vacancy.department_code,
        "constituency_code": vacancy.constituency_code,
        "vacant_since": f"{vacancy.since:%Y-%m-%d}",
        "vacancy_reason": vacancy.reason,
    }
    return {name: values.get(name, "") for name in _COLUMNS}
