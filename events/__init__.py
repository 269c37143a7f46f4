"""The organizer's event: its days, its workshops, and who has a place in them."""
