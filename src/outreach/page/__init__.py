"""A campaign → a static site a citizen can use with no server."""
