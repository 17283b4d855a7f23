"""The picture that a shared link shows: 1200 × 630, set by Typst with the fonts it carries."""

import json
from importlib import resources

import typst


def draw_picture(title: str, organisation: str, line: str) -> bytes:
    """Draw the picture as PNG.

    Args:
        title: the campaign's, up to about 90 characters; longer ones are set smaller.
        organisation: who publishes the page.
        line: one sentence under the title.
    """
    source = resources.files("outreach.page") / "site" / "picture.typ"
    data = json.dumps({"title": title, "organisation": organisation, "line": line})
    # The page is 600 × 315 pt; 144 pixels an inch make it 1200 × 630.
    picture = typst.compile(source.read_bytes(), format="png", ppi=144.0, sys_inputs={"data": data})
    if not isinstance(picture, bytes):
        raise TypeError("a picture of one page was expected")
    return picture
