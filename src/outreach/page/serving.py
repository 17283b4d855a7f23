"""Show a built site on this machine, with the headers that a host should give."""

import functools
import http.server
from pathlib import Path

from outreach.errors import OutreachError


class _Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        # The built files may change under our feet while a campaign is being written.
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing for each file."""


def open_server(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """Make a server of a built site on the loopback address; call its serve_forever().

    Args:
        folder: what build_site wrote.
        port: 0 for any free one.

    Raises:
        OutreachError: the folder holds no page, or the port is taken.
    """
    if not (folder / "index.html").is_file():
        raise OutreachError(
            f"{folder} holds no page; `outreach page build CAMPAIGN -o {folder}` makes one."
        )
    handler = functools.partial(_Handler, directory=str(folder))
    try:
        return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise OutreachError(
            f"Port {port} cannot be used ({error.strerror or error}); give another with --port."
        ) from error
