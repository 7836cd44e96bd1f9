"""What one role asks that another does not, one module a format; `words` has what they share."""
