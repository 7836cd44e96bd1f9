"""The solver behind a plan; what it solves is in `domain.plan`."""
