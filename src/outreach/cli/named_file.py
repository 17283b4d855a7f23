"""Names of the documents that commands write, refused where something would be lost."""

from pathlib import Path

import click


def named_pdf(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Refuse, for a PDF, another ending, a folder, or a file that outreach did not write."""
    path = _ends_in(context, path, "a PDF", ".pdf")
    # Typst, which sets our PDFs, names itself in each.
    if path is not None and path.exists() and b"Typst" not in path.read_bytes():
        raise click.UsageError(
            f"{path} exists and was not written by outreach; give another name or move it away.",
            context,
        )
    return path


def named_html(
    context: click.Context, parameter: click.Parameter, path: Path | None
) -> Path | None:
    """Refuse, for an HTML page, another ending or a folder."""
    return _ends_in(context, path, "a page", ".html", ".htm")


def _ends_in(context: click.Context, path: Path | None, what: str, *endings: str) -> Path | None:
    if path is None:
        return None
    if path.suffix.lower() not in endings:
        raise click.UsageError(
            f"{path}: {what} is written; give a name that ends in {endings[0]}.", context
        )
    if path.is_dir():
        raise click.UsageError(f"{path} is a folder; give the name of a file.", context)
    return path
