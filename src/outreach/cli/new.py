"""`outreach new`: a campaign folder of one's own, from the bundled example."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "pack",
    type=click.Path(path_type=Path),
    help="A template pack (ZIP) of another association; by default the bundled example.",
)
def new(folder: Path, pack: Path | None) -> None:
    """Make a campaign in FOLDER from the bundled example or a pack, with an identifier of its own.

    FOLDER is new or empty. Then replace [sender] and [signature] in its campaign.toml, and write
    the letters: docs/letters.md tells how.

    \b
    Example:
      outreach new my-campaign
      outreach preview 01-04 --campaign my-campaign
      outreach new ours --from their-pack.zip
    """
    from outreach.bundle import letters_path
    from outreach.cli.campaign_outbox import at_folder
    from outreach.letters.copying import copy_campaign
    from outreach.letters.packing import unpack

    example = letters_path("solidarite-en-danger")
    if pack is None:
        copy_campaign(example, folder)
    else:
        unpack(pack, folder, example)
    click.echo(f"{folder} holds a campaign. Next:")
    click.echo(f"  1. put your association into {folder / 'campaign.toml'}: [sender], [signature];")
    click.echo(f"  2. look at a letter: outreach preview 01-04{at_folder(folder)}")
    click.echo(f"  3. have them all read: outreach letters check{at_folder(folder)}")
