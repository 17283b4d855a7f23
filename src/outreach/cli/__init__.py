"""The command line: prints, asks, exits. One module per command group, loaded when called."""

import contextlib
import errno
import importlib
import io
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click

from outreach import __version__
from outreach.cli.interruption import requests_to_end
from outreach.errors import OutreachError

# command name → "module:attribute". Rooms are imported inside command functions, so that
# `outreach --help` loads no pandas; the one-line help stands here for the same reason.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo:demo", "Run the bundled campaign into a folder: e-mails, PDFs, CSV, summary."),
    "new": ("new:new", "Make a campaign folder from the bundled example."),
    "find": ("find:find", "Find parliamentarians by name, place, group or commission."),
    "roster": ("roster:roster", "Build, compare and renew the lists of deputies and senators."),
    "geography": ("geography:geography", "Build and look up constituencies and communes."),
    "establishments": ("establishments:establishments", "Read a list of establishments."),
    "match": ("match:match", "Match establishments to constituencies, deputies and senators."),
    "figures": ("figures:figures", "Show the figures of a constituency or département."),
    "letters": ("letters:letters", "Check letters and document their fields."),
    "preview": ("preview:preview", "Show the letter of one recipient."),
    "export": ("export:export", "Write letters as PDF, e-mail files, CSV."),
    "page": ("page:page", "Build and serve the page where citizens write."),
    "plan": ("plan:plan", "Render and freeze every letter in the outbox; print the approval code."),
    "send": ("send:send", "Send the approved letters (a dry run without --confirm)."),
    "status": ("status:status", "Tell where each letter stands."),
    "doctor": ("doctor:doctor", "Check mailbox, domain, lists and letters before sending."),
    "outbox": ("outbox:outbox", "Resolve doubts, cancel letters, show a frozen message."),
    "optout": ("optout:optout", "Put an address or a person on the suppression list."),
    "replies": ("replies:replies", "Read reports and answers from a mailbox; note outcomes."),
    "report": ("report:report", "Write what came of the campaign as CSV, XLSX or HTML."),
    "purge": ("purge:purge", "Remove texts and personal data of a campaign that is over."),
}

_INTERRUPTED = "Interrupted; nothing is left half-written."


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order of the road."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(
            importlib.import_module(f"outreach.cli.{module}"), attribute
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def outreach() -> None:
    """Write to the deputies and senators of France.

    Exit codes: 0 done, 1 refused, 2 bad command line, 3 done in part, 75 another sender is busy,
    130 interrupted by Ctrl-C (143 or 129 when told to end or the terminal closed).
    """


def _show_every_character() -> None:
    """Let no character that we print stop a command.

    Windows gives a file or a pipe its old encoding, which lacks "→" and the narrow space before
    "!": they are UTF-8. A terminal keeps its own encoding, and "?" stands for what it lacks.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                encoding=None if stream.isatty() else "utf-8",
                errors="replace",
            )


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; the one place where our errors are caught."""
    _show_every_character()
    with requests_to_end() as asked:
        try:
            code = _run(arguments)
        except BaseException:
            # A terminal that was closed refuses also what is printed while a command cleans up.
            if not asked:
                raise
        if asked:
            with contextlib.suppress(OSError):
                click.echo(_INTERRUPTED, err=True)
            code = 128 + asked[0]
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    """Run a command; give its exit code."""
    try:
        # Without its standalone mode click returns the code of ctx.exit() instead of raising it.
        code = outreach.main(args=arguments, standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(_INTERRUPTED, err=True)
        return 128 + signal.SIGINT
    except OutreachError as error:
        click.secho("Refused: ", fg="red", nl=False, err=True)
        click.echo(str(error), err=True)
        return error.exit_code
    except OSError as error:
        # What is printed could not be written: a full disk, a pipe that closed (`| head`). Files that
        # we write ourselves have their own errors above.
        if error.filename is not None or error.errno not in (errno.ENOSPC, errno.EPIPE, errno.EIO):
            raise
        # Python would try to write the rest once more when it ends.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - it stays open until Python ends
        if error.errno != errno.EPIPE:
            click.echo(f"Refused: the output could not be written: {error.strerror}.", err=True)
        return 1
    return code if isinstance(code, int) else 0
