"""What the programme refuses."""


class EventError(Exception):
    """The root of this room's refusals."""


class UnknownEvent(EventError):
    """No event goes by that name, or none is open."""


class UnknownWorkshop(EventError):
    """A change was asked of a workshop that is not of this event."""


class ImpossibleTimes(EventError):
    """A workshop was to end before it begins, or an event before its first day."""
