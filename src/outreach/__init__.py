"""Write to the deputies and senators of France: right person, local figures, never twice."""

__version__ = "0.1.0"
