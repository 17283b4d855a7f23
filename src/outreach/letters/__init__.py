"""Template, recipient and figures → one letter."""
