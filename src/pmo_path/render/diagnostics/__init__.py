"""Diagnostics in the formats that people, GitHub and other programs read."""
