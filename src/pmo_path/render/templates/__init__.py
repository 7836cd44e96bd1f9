"""An empty sheet of people for `pmo-path batch`: as text, or as a form with a page that explains it."""
