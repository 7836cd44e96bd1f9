"""The summary of a sheet of people, one module a format; `words` has what they say alike."""
