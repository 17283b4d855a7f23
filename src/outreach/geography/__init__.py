"""Codes and names of places: département, commune, postcode, constituency."""
