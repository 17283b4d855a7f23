"""`outreach match --review`: the doubtful rows one by one in the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from outreach.errors import InputError

if TYPE_CHECKING:
    from outreach.geography.places import Geography
    from outreach.matching.review import Decision, ReviewRow


def walk_through(rows: "Sequence[ReviewRow]", geography: "Geography") -> "dict[str, Decision]":
    """Show each doubtful row and take the person's decision; Enter leaves it, q or Ctrl-C stops.

    Returns:
        The decisions taken, by key; those taken before q or Ctrl-C are kept.
    """
    from outreach.matching.review import LEFT_OPEN, Decision

    taken: dict[str, Decision] = {}
    click.echo(
        f"{len(rows)} rows to decide: a number or a constituency (69-02), - when nobody can tell, Enter for later, q to stop."
    )
    for at, row in enumerate(rows, start=1):
        candidates = str(row["candidates"] or "").split()
        click.echo(f"\n{at}/{len(rows)}  {row['name']}")
        city = f"{row['postcode']} {row['commune_name']}".strip()
        click.echo(f"  {', '.join(filter(None, (str(row['address']), city)))}")
        click.echo(f"  {row['reason']}")
        for number, code in enumerate(candidates, start=1):
            click.echo(f"  {number}. {code} {geography.constituencies[code].name}")
        while True:
            try:
                answer = click.prompt("  decision", default="", show_default=False).strip()
            except click.Abort:
                click.echo()
                answer = "q"
            if answer in ("", "q"):
                break
            try:
                code = _choice(answer, candidates, geography)
            except InputError as error:
                click.echo(f"  {error.message}")
                continue
            note = ""
            if code and candidates and code not in candidates:
                if not click.confirm(f"  {code} is none of the candidates; take it all the same?"):
                    continue
                note = "hors des candidats, confirmé"
            taken[str(row["key"])] = Decision(
                code, note, str(row["name"]), str(row["commune_name"])
            )
            click.echo(f"  → {code or LEFT_OPEN}")
            break
        if answer == "q":
            break
    return taken


def _choice(answer: str, candidates: list[str], geography: "Geography") -> str:
    if answer == "-":
        return ""
    if answer.isdigit() and 1 <= int(answer) <= len(candidates):
        return candidates[int(answer) - 1]
    return geography.constituency(answer).code
