"""Readiness over time, one module a format; `words` has what they share."""
