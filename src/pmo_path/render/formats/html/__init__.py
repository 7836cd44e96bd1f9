"""Documents as pages for a browser: one file each, which loads nothing."""
