"""`outreach new`: a campaign folder of one's own, from the bundled example."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Make a campaign in FOLDER from the bundled example, with an identifier of its own.

    FOLDER is new or empty. Then replace [sender] and [signature] in its campaign.toml, and write
    the letters: docs/letters.md tells how.

    \b
    Example:
      outreach new my-campaign
      outreach preview 01-04 --campaign my-campaign
    """
    from outreach.bundle import letters_path
    from outreach.letters.copying import copy_campaign

    copy_campaign(letters_path("solidarite-en-danger"), folder)
    click.echo(f"{folder} holds a campaign. Next:")
    click.echo(f"  1. put your association into {folder / 'campaign.toml'}: [sender], [signature];")
    click.echo(f"  2. look at a letter: outreach preview 01-04 --campaign {folder}")
    click.echo(f"  3. have them all read: outreach letters check --campaign {folder}")
