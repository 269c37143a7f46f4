"""The dialogs of the market, one for each hat."""

from bot.dialog import Dialog
from bot.dialogs.buyer.dialog import BUYER
from bot.dialogs.organizer.dialog import ORGANIZER
from bot.dialogs.vendor.dialog import VENDOR

DIALOGS: tuple[Dialog, ...] = (BUYER, VENDOR, ORGANIZER)
