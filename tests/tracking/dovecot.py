"""A Dovecot of this test run: its own configuration, ports and Maildir, on loopback only."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path("/usr/sbin/dovecot")
LOGIN, PASSWORD = "contact@example.org", "secret-of-tests"
MAIN = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
mail_location = maildir:{folder}/mail
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = user={login} password={password}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/home
}}
first_valid_uid = 1
"""


@dataclass(frozen=True)
class Dovecot:
    """A running Dovecot.

    Attributes:
        plain, tls: its ports.
        maildir: the INBOX.
    """

    plain: int
    tls: int
    maildir: Path

    def deliver(self, name: str, content: bytes) -> None:
        """Put a message into the INBOX, unread."""
        file = self.maildir / "new" / name
        file.write_bytes(content)
        shutil.chown(file, "nobody", "nogroup")


@contextmanager
def running_dovecot(certificate: bytes, key: bytes, tokens: str) -> Iterator[Dovecot]:
    """Run a Dovecot.

    Args:
        certificate, key: PEM, for the TLS port.
        tokens: the address that it asks whether an access token is good, less the token.
    """
    folder = Path(tempfile.mkdtemp(prefix="outreach-dovecot."))
    folder.chmod(0o755)
    (folder / "cert.pem").write_bytes(certificate)
    (folder / "key.pem").write_bytes(key)
    (folder / "oauth2.conf").write_text(f"tokeninfo_url = {tokens}\nusername_attribute = email\n")
    for name in ("run", "home", "mail", "mail/new", "mail/cur", "mail/tmp"):
        (folder / name).mkdir()
        if name != "run":
            shutil.chown(folder / name, "nobody", "nogroup")
    plain, tls = _free_ports(2)
    (folder / "dovecot.conf").write_text(
        MAIN.format(folder=folder, plain=plain, tls=tls, login=LOGIN, password=PASSWORD)
    )
    # -F: in the foreground, so that it ends with us.
    with subprocess.Popen(
        [str(PROGRAM), "-F", "-c", str(folder / "dovecot.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TZ": "UTC"},
    ) as process:
        try:
            _wait_for_port(plain)
            yield Dovecot(plain, tls, folder / "mail")
        finally:
            process.terminate()
            process.wait(20)
            shutil.rmtree(folder, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _wait_for_port(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("Dovecot did not start")
