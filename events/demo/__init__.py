"""The demo's event: the real one of 2021 with an invented timetable, and the same made anew for the days to come."""

from events.demo.planting import plant

__all__ = ["plant"]
