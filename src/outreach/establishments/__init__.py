"""A member list or FINESS, read into one checked table."""
