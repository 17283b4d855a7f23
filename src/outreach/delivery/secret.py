"""The mailbox's password or token: from the keyring, the environment or a command.

Never from a file of ours, never asked for in the middle of a run, never printed.
"""

import os
import shlex
import subprocess
import sys

from outreach.errors import DeliveryError
from outreach.sending import Sending

# yagmail's own name in the keyring, so that `yagmail register` and outreach share an entry.
SERVICE = "yagmail"


def read_secret(sending: Sending) -> str:
    """Give the password, or the access token for xoauth2.

    Raises:
        DeliveryError: it is not where the settings say, with how to put it there.
    """
    if sending.password_from == "env":  # noqa: S105 - the name of a source, no secret
        return _from_environment(sending.password_name)
    if sending.password_from == "command":  # noqa: S105 - the name of a source, no secret
        return _from_command(sending.password_name)
    return _from_keyring(sending.login)


def _from_environment(name: str) -> str:
    secret = os.environ.get(name, "")
    if not secret:
        raise DeliveryError(f"the environment variable {name} is not set; set it and run again.")
    return secret


def _from_command(command: str) -> str:
    try:
        ended = subprocess.run(  # noqa: S603 - the user's own command, from their own settings
            shlex.split(command), capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise DeliveryError(f"the password command could not run: {error}.") from error
    if ended.returncode != 0:
        raise DeliveryError(
            f"the password command ended with {ended.returncode}: {ended.stderr.strip()[:200]}"
        )
    secret = ended.stdout.rstrip("\r\n")
    if not secret or "\n" in secret:
        raise DeliveryError("the password command must print one line: the password.")
    return secret


def _from_keyring(login: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        secret = keyring.get_password(SERVICE, login)
    except KeyringError as error:
        raise DeliveryError(
            f"the keyring cannot be opened: {str(error).rstrip('. ')}. Use password_from = "
            '"env" or "command" in [sending] instead.'
        ) from error
    if not secret:
        raise DeliveryError(
            f"the keyring holds no password for {login}; store it with "
            f'`"{sys.executable}" -m keyring set {SERVICE} {login}`.'
        )
    return secret
