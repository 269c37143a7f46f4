"""Whether a vendor asks for the programme of a day or a theme, as no phrase of hers says."""

import re
from typing import Final

from base.spelling import normalise
from events.words import theme_of

_OF_A_DAY: Final = re.compile(r"(?:le )?programme (?:du|de|d|pour) [a-z0-9 ]{1,30}")
_OF_A_THEME: Final = re.compile(
    r"(?:je veux |voir |c est quand )?(?:les? |l )?(?:programme|ateliers?|formations?)(?: [a-z]+){1,6}"
)


def asks_for_programme(text: str) -> bool:
    """`programme du 2 février`, `c'est quand l'atelier sécurité`."""
    plain = normalise(text).replace("'", " ").strip(" ?!.")
    return bool(_OF_A_DAY.fullmatch(plain) or (_OF_A_THEME.fullmatch(plain) and theme_of(plain)))
