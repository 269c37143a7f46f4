"""Broadcasts: what organizers announce, counted, agreed to, planned, sent in slices and followed to its end."""
