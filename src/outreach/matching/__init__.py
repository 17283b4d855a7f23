"""Establishment → commune → constituency → deputy and senators, each with its certainty."""
