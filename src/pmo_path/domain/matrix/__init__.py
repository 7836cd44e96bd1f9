"""Competency matrices: tables with a row for each competence, and frameworks read from them."""
