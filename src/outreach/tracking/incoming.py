"""Messages that came back, read from a mailbox without changing it.

A Maildir, an mbox, a folder of .eml files or an IMAP folder, opened read-only: nothing is
deleted, moved or marked as read.
"""

import email
import email.policy
import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from outreach.errors import DeliveryError, InputError

_LARGEST = 25_000_000


def read_messages(place: str, password: str = "") -> Iterator[EmailMessage]:
    """Give the messages of a mailbox.

    Args:
        place: a path, or imaps://login@host/Folder (imap:// for a server on this computer).
        password: for IMAP.

    Raises:
        InputError: there is no mailbox there.
        DeliveryError: the IMAP server cannot be used.
    """
    if place.startswith(("imap://", "imaps://")):
        yield from _from_imap(place, password)
        return
    path = Path(place)
    if path.is_dir() and (path / "cur").is_dir():
        yield from _from_maildir(path)
    elif path.is_dir():
        files = sorted(path.rglob("*.eml"))
        if not files:
            raise InputError(f"{path} is no Maildir and holds no .eml files.")
        for file in files:
            yield parse(file.read_bytes())
    elif path.suffix.lower() == ".eml" and path.is_file():
        yield parse(path.read_bytes())
    elif path.is_file():
        box = mailbox.mbox(path, create=False)
        try:
            for key in box.iterkeys():
                yield parse(box.get_bytes(key))
        finally:
            box.close()
    else:
        raise InputError(f"{path} does not exist; name a Maildir, an mbox, .eml files or imaps://…")


def parse(content: bytes) -> EmailMessage:
    """Parse one message, however faulty."""
    return email.message_from_bytes(content[:_LARGEST], policy=email.policy.default)


def _from_maildir(path: Path) -> Iterator[EmailMessage]:
    # Read as files: Python's Maildir would move messages from new to cur.
    for folder in ("new", "cur"):
        for file in sorted((path / folder).iterdir()):
            if file.is_file() and not file.name.startswith("."):
                yield parse(file.read_bytes())


def _from_imap(place: str, password: str) -> Iterator[EmailMessage]:
    url = urlsplit(place)
    host, login = url.hostname or "", unquote(url.username or "")
    if url.scheme == "imap" and host not in {"localhost", "127.0.0.1", "::1"}:
        raise InputError("imap:// sends the password in clear; write imaps://")
    folder = unquote(url.path.lstrip("/")) or "INBOX"
    try:
        if url.scheme == "imaps":
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                host, url.port or 993, ssl_context=ssl.create_default_context(), timeout=60
            )
        else:
            server = imaplib.IMAP4(host, url.port or 143, timeout=60)
        with server:
            server.login(login, password)
            quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
            if server.select(quoted, readonly=True)[0] != "OK":
                raise InputError(f"{host} has no folder {folder} for {login}.")
            _, found = server.uid("SEARCH", "ALL")
            for number in (found[0] or b"").split():
                # PEEK leaves \\Seen as it is, whatever the server makes of read-only.
                _, parts = server.uid("FETCH", number.decode("ascii"), "(BODY.PEEK[])")
                for part in parts:
                    if isinstance(part, tuple):
                        yield parse(part[1])
    except (OSError, imaplib.IMAP4.error) as error:
        raise DeliveryError(f"{host} cannot be read by IMAP: {error}.") from error
