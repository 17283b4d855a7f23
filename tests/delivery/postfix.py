"""A Postfix of this test run: its own configuration, queue and port; nothing can leave it.

Debian's programs, started by root as Postfix wants it. It has no SMTP client, so that whatever is
sent to it stays here: each message in a Maildir, with the envelope in headers on top.
"""

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path("/usr/sbin/postfix")
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.org
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:nothing leaves this server
virtual_transport = virtual
virtual_mailbox_domains = static:all
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = regexp:{folder}/etc/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
# Accepted first, reported afterwards: that is what a bounce is.
smtpd_reject_unlisted_recipient = no
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
strict_rfc821_envelopes = yes
strict_7bit_headers = yes
strict_8bitmime = yes
strict_mime_encoding_domain = yes
in_flow_delay = 0
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """A running Postfix.

    Attributes:
        port: where it takes mail.
        letters: the Maildir of everybody but us.
        returns: the Maildir of example.org, where delivery reports come.
    """

    port: int
    folder: Path

    @property
    def letters(self) -> Path:
        """Where letters arrive."""
        return self.folder / "mail" / "letters"

    @property
    def returns(self) -> Path:
        """Where delivery reports arrive."""
        return self.folder / "mail" / "returns"

    def wait_for(self, letters: int, returns: int) -> None:
        """Wait until so many messages have been delivered, or nothing moves for ten seconds."""
        before, deadline = (-1, -1), time.monotonic() + 10
        while time.monotonic() < deadline:
            found = (len(arrived(self.letters)), len(arrived(self.returns)))
            if found[0] >= letters and found[1] >= returns:
                return
            if found != before:
                before, deadline = found, time.monotonic() + 10
            time.sleep(0.1)


def arrived(box: Path) -> list[Path]:
    """Give the messages of a Maildir."""
    return sorted((box / "new").iterdir()) if (box / "new").exists() else []


@contextmanager
def running_postfix(unknown: Collection[str] = ()) -> Iterator[Postfix]:
    """Run a Postfix.

    Args:
        unknown: addresses that it takes letters for and then reports as undeliverable.
    """
    folder = Path(tempfile.mkdtemp(prefix="outreach-postfix."))
    folder.chmod(0o755)
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", "nobody", "nogroup")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    owner = (folder / "mail").stat()
    main = MAIN.format(folder=folder, uid=owner.st_uid, gid=owner.st_gid)
    (folder / "etc" / "main.cf").write_text(main)
    (folder / "etc" / "master.cf").write_text(MASTER.format(port=port))
    known = "|".join(map(re.escape, ["nobody@invalid", *unknown]))
    (folder / "etc" / "mailboxes").write_text(
        f"/@example\\.org$/ returns/\n!/^({known})$/ letters/\n"
    )
    command = [str(PROGRAM), "-c", str(folder / "etc")]
    try:
        subprocess.run([*command, "start"], check=True, capture_output=True, text=True)
        _wait_for_port(port)
        yield Postfix(port, folder)
    finally:
        subprocess.run([*command, "abort"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_port(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("Postfix did not start")
