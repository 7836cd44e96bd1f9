"""Kinds of results: each module turns one kind of value into a `Document`."""
