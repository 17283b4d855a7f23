"""The site's data files: scripts that hand one JSON value to the page.

A page opened from a disk may not fetch files, but it may load scripts beside it; served from a
host, the same files do as well.
"""

import json
from typing import Any

# Where a script may not hold them as they are: the end of a script element, and the two line
# separators that JSON allows in a string and old engines refuse.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def data_file(name: str, value: Any) -> str:
    """Write a value as the script that gives it to the page under this name."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for mark, escaped in _ESCAPES.items():
        text = text.replace(mark, escaped)
    return f"Data.receive({json.dumps(name)},{text});\n"
