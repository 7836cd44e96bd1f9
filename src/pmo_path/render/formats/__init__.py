"""Formats: each module writes any result; `registry.py` lists them."""
