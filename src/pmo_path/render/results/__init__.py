"""Comparisons: `paper` has the shapes that every format writes, and a module a kind fills them."""
