"""All roles by how well a person fits them, one module a format; `words` has what they share."""
