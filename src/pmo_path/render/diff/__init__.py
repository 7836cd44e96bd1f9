"""What a change of framework asks of people, in the formats that they and programs read."""
