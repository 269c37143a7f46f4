"""The quiet hours of announcements, a night in Lomé: when the next one begins, when it ends."""

from datetime import datetime, timedelta

from base.clock import in_lome
from base.config import Announcements


def is_quiet(announcements: Announcements, moment: datetime) -> bool:
    """Whether nothing is announced at that moment."""
    return not announcements.quiet_until <= in_lome(moment).hour < announcements.quiet_from


def begins_after(announcements: Announcements, moment: datetime) -> datetime:
    """When the first night after that moment begins: the moment itself, within one."""
    if is_quiet(announcements, moment):
        return moment
    day = in_lome(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(hours=announcements.quiet_from)


def ends_after(announcements: Announcements, moment: datetime) -> datetime:
    """When the night of that moment ends; by day, the moment itself."""
    if not is_quiet(announcements, moment):
        return moment
    local = in_lome(moment)
    morning = local.replace(hour=announcements.quiet_until, minute=0, second=0, microsecond=0)
    return morning if local.hour < announcements.quiet_until else morning + timedelta(days=1)
