"""Compare ratings of one person: over time, rater by rater, or two roles."""
