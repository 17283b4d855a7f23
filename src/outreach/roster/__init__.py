"""Official lists of deputies and senators: one row per seat."""
