"""A digest post in, a mailed issue out."""
