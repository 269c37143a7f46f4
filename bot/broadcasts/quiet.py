"""The quiet hours of announcements, a night in Lomé: when the next one begins, when it ends."""

from datetime import datetime, timedelta

from base.clock import in_lome
from base.config import Announcements


def is_quiet(rules: Announcements, moment: datetime) -> bool:
    """Whether nothing is announced at that moment."""
    return not rules.quiet_until <= in_lome(moment).hour < rules.quiet_from


def begins_after(rules: Announcements, moment: datetime) -> datetime:
    """When the first night after that moment begins: the moment itself, within one."""
    if is_quiet(rules, moment):
        return moment
    day = in_lome(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(hours=rules.quiet_from)


def ends_after(rules: Announcements, moment: datetime) -> datetime:
    """When the night of that moment ends; by day, the moment itself."""
    if not is_quiet(rules, moment):
        return moment
    local = in_lome(moment)
    morning = local.replace(hour=rules.quiet_until, minute=0, second=0, microsecond=0)
    return morning if local.hour < rules.quiet_until else morning + timedelta(days=1)
