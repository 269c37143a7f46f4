"""Which numbers a phone of the simulator may have."""

import re
from typing import Final, TypeGuard

PHONE: Final = re.compile(r"\+[1-9][0-9]{7,14}")


def is_phone(value: object) -> TypeGuard[str]:
    """Whether this is an E.164 number, as every identity of kind phone is."""
    return isinstance(value, str) and bool(PHONE.fullmatch(value))
