"""Sums and published indicators per constituency, département and country."""
