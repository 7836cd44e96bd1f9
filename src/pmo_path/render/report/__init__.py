"""The gap report, one module a format; `words` has what they say alike."""
