"""The site's HTML documents: everything a campaign or a list says is escaped by Jinja."""

from collections.abc import Mapping
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import jinja2

from outreach.page.words import fill


def renderer() -> jinja2.Environment:
    """Give the environment that renders site/pages with escaping always on."""
    folder = resources.files("outreach.page") / "site" / "pages"
    loader = jinja2.FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8"))
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["fill"] = fill
    return environment


def content_policy(geocoder: str) -> str:
    """Give the page's Content-Security-Policy: its own files, and the geocoder when there is one."""
    connect = "'self'"
    if geocoder:
        parts = urlsplit(geocoder)
        connect += f" {parts.scheme}://{parts.netloc}"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src {connect}; worker-src 'self'; base-uri 'none'; form-action 'none'"
    )


def render(
    environment: jinja2.Environment, page: str, shared: Mapping[str, Any], **values: Any
) -> str:
    """Render one document of site/pages."""
    return environment.get_template(f"{page}.html.j2").render(**shared, **values)
