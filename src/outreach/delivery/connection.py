"""The mailbox's connection: opened and logged in by yagmail, kept, and always verified.

yagmail opens, negotiates TLS and logs in. Its message builder, its retries and its send() are
not used: docs/decisions/0062 says why, with what was measured.
"""

import json
import smtplib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import yagmail
from yagmail.oauth2 import refresh_authorization

from outreach.delivery.dialogue import Answer, Envelope, offer
from outreach.delivery.secret import read_secret
from outreach.errors import DeliveryError
from outreach.sending import Sending

CONNECT_TIMEOUT = 30.0


class ServerAwayError(DeliveryError):
    """The server does not answer, or says "later"; nothing is wrong with our settings."""


class Connection(yagmail.SMTP):  # type: ignore[misc]  # yagmail ships no types
    """One logged-in connection for many letters. Each thread has its own."""

    smtp: smtplib.SMTP

    def __init__(
        self,
        sending: Sending,
        secret: str,
        context: ssl.SSLContext | None,
        timeout: float = CONNECT_TIMEOUT,
    ) -> None:
        self.sending = sending
        self.letters = 0
        by_password = sending.authentication == "password"
        options: dict[str, object] = {"timeout": timeout}
        if sending.security == "ssl":
            options["context"] = context
        super().__init__(
            # A mapping: yagmail would make "marie" into marie@gmail.com.
            user={sending.login: sending.login},
            password=secret if by_password else None,
            host=sending.host,
            port=sending.used_port,
            smtp_ssl=sending.security == "ssl",
            smtp_starttls={"context": context} if sending.security == "starttls" else False,
            smtp_skip_login=not by_password,
            # The login need not be an address; addresses are checked by the outbox.
            soft_email_validation=False,
            **options,
        )
        self._token = "" if by_password else secret

    def open(self) -> None:
        """Connect and log in.

        Raises:
            ServerAwayError: it is worth trying again later.
            DeliveryError: it is not: wrong password, certificate, security mode.
        """
        try:
            self.login()
            # Without a login nobody has asked yet what the server can do.
            self.smtp.ehlo_or_helo_if_needed()
            if self._token:
                self._log_in_by_token()
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise _why_not(error, self.sending) from error
        # Body and final dot leave apart: without this each letter waits 40 ms for an ACK.
        assert self.smtp.sock is not None  # noqa: S101 - login() has just returned
        self.smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.letters = 0

    def offer(self, envelope: Envelope, content: bytes) -> Answer | None:
        """Give the server a letter up to its final dot: dialogue.offer(), and once more if need be.

        A server may have closed a connection that it served on; the letter has certainly not
        left then, and is offered again over a new one.

        Returns:
            None when the dot may follow; otherwise what went wrong.

        Raises:
            DeliveryError: the server does not let us in again.
        """
        answer = offer(self.smtp, envelope, content)
        if answer is None or answer.code is not None or self.letters == 0:
            return answer
        self.drop()
        try:
            self.open()
        except ServerAwayError as error:
            return Answer("MAIL", None, error.message, lost=True)
        return offer(self.smtp, envelope, content)

    def drop(self) -> None:
        """Let the connection go without a word."""
        self.is_closed = True
        if self.smtp is not None:
            self.smtp.close()

    def leave(self) -> None:
        """Say QUIT and close."""
        self.is_closed = True
        try:
            if self.smtp is not None and self.smtp.sock is not None:
                self.smtp.sock.settimeout(5)
                self.smtp.quit()
        except (OSError, smtplib.SMTPException):
            pass
        finally:
            self.drop()

    @property
    def is_open(self) -> bool:
        """Whether a connection stands, as far as we know."""
        return self.smtp is not None and self.smtp.sock is not None

    def send(self, *_: object, **__: object) -> None:
        """Refuse: letters leave through dialogue only, never through yagmail's retries."""
        raise TypeError("yagmail's send() is not used; see delivery.dialogue")

    def _log_in_by_token(self) -> None:
        answer = f"user={self.sending.login}\1auth=Bearer {self._token}\1\1"
        # A refusal comes as a challenge, which an empty line answers.
        if not self.smtp.has_extn("auth"):
            raise smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported by server.")
        self.smtp.auth("XOAUTH2", lambda challenge=None: answer if challenge is None else "")


def connector(sending: Sending, context: ssl.SSLContext | None = None) -> Callable[[], Connection]:
    """Give a function that makes connections to the mailbox; secrets are read once, now.

    Args:
        sending: the settings.
        context: None verifies as the system does.

    Raises:
        DeliveryError: the secret is not where the settings say.
    """
    if sending.authentication == "none":
        secret = ""
    elif sending.authentication == "gmail":
        secret = _gmail_token(Path(sending.oauth2_file).expanduser())
    else:
        secret = read_secret(sending)
    if context is None and sending.security != "none":
        context = ssl.create_default_context()
    return lambda: Connection(sending, secret, context)


def _why_not(error: OSError | smtplib.SMTPException, sending: Sending) -> DeliveryError:
    """Say in words why a mailbox did not open: a ServerAwayError when it may open later."""
    name = f"{sending.host}:{sending.used_port}"
    match error:
        case smtplib.SMTPAuthenticationError() if 400 <= error.smtp_code < 500:
            return ServerAwayError(f"{name} refuses logins for now: {_text(error)}")
        case smtplib.SMTPAuthenticationError():
            return DeliveryError(
                f"{name} refused the login of {sending.login}: {_text(error)}. Check the "
                "password; many providers want one made for applications."
            )
        case smtplib.SMTPNotSupportedError():
            return DeliveryError(
                f"{name} offers no {'TLS' if 'STARTTLS' in str(error) else 'login'} here: {error}. "
                'Nothing was sent in clear. Check port and security in [sending] ("ssl" for 465).'
            )
        case ssl.SSLCertVerificationError():
            return DeliveryError(
                f"the certificate of {name} is not to be trusted: {error.verify_message}. No "
                "password was sent. Check the host's name, or ask your provider."
            )
        case smtplib.SMTPResponseException():
            kind = ServerAwayError if error.smtp_code < 500 else DeliveryError
            return kind(f"{name} refused the connection: {_text(error)}")
        case ssl.SSLError():
            return DeliveryError(
                f"{name} does not speak TLS as told: {error.reason or error}. Check port and "
                'security in [sending] ("ssl" for 465, "starttls" for 587).'
            )
    return ServerAwayError(f"{name} cannot be reached: {error}")


def _gmail_token(path: Path) -> str:
    # yagmail's own reader would ask questions on the terminal when the file is not there.
    names = ("google_client_id", "google_client_secret", "google_refresh_token")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        given = [content[name] for name in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeliveryError(
            f"{path} is not yagmail's OAuth2 file ({error}); make it with "
            "`python -c \"import yagmail; yagmail.SMTP(oauth2_file='…')\"`."
        ) from error
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(CONNECT_TIMEOUT)
    try:
        token, _ = refresh_authorization(*given)
    except (OSError, ValueError, KeyError) as error:
        raise ServerAwayError(f"Google gave no access token: {error}") from error
    finally:
        socket.setdefaulttimeout(before)
    return str(token)


def _text(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{error.smtp_code} {' '.join(text.split())}"
