"""A development plan: which actions to take, in which order, within the time that there is."""
