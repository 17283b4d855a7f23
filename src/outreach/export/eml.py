"""Letters as .eml files: the very messages that would leave, to be opened in a mail program."""

import datetime as dt
import mimetypes
from collections.abc import Sequence
from pathlib import Path

from outreach.campaign import Sender
from outreach.errors import InputError
from outreach.export.envelope_order import in_envelope_order, letter_file_name
from outreach.export.typesetting import Progress
from outreach.files import whole_folder
from outreach.letters.letter import Letter
from outreach.letters.message import Attachment, message_bytes, message_id
from outreach.outbox.message import check_weight


def write_emls(
    letters: Sequence[Letter],
    folder: Path,
    sender: Sender,
    *,
    date: dt.datetime,
    attachments: Sequence[Attachment] = (),
    progress: Progress | None = None,
) -> list[Path]:
    """Write one .eml for each recipient who has an e-mail address.

    Args:
        letters: rendered letters; those without an address get no file.
        folder: appears whole or not at all; replaced if outreach wrote it.
        sender: From and Reply-To.
        date: an aware time, the Date of every message.
        attachments: files that go with each message.
        progress: called with (messages written, messages in all).

    Returns:
        The files, in the order of the envelopes.

    Raises:
        InputError: messages that cannot be built; all of them are listed.
        OutreachError: the folder cannot be written.
    """
    domain = sender.email.rpartition("@")[2]
    addressed = [letter for letter in in_envelope_order(letters) if letter.recipient.email]
    names = []
    faults: list[str] = []
    with whole_folder(folder) as beside:
        for done, letter in enumerate(addressed, start=1):
            try:
                content = message_bytes(
                    letter,
                    sender,
                    date=date,
                    message_id=message_id(letter, domain, attachments),
                    attachments=attachments,
                )
            except InputError as error:
                faults += [error.message, *error.problems]
                continue
            names.append(letter_file_name(letter, ".eml"))
            (beside / names[-1]).write_bytes(content)
            if progress is not None:
                progress(done, len(addressed))
        if faults:
            raise InputError("The e-mails cannot be built:", faults)
    return [folder / name for name in names]


def read_attachments(paths: Sequence[Path]) -> tuple[Attachment, ...]:
    """Read the files that go with each e-mail, their kind taken from their ending.

    Raises:
        InputError: files that cannot be read, or are too heavy for mail; all of them are listed.
    """
    attachments = []
    problems = []
    for path in paths:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        try:
            attachments.append(Attachment(path.name, kind, path.read_bytes()))
        except OSError as error:
            problems.append(f"{path}: {error.strerror}; check its name.")
    if problems:
        raise InputError("Attachments cannot be read:", problems)
    if heavy := check_weight(attachments):
        raise InputError("The attachments are too heavy:", heavy)
    return tuple(attachments)
