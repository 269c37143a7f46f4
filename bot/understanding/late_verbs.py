"""Verbs between goods and their count: `sucre recu 20`, `le riz est revenu 10 sacs`, `tomates pourries 3`."""

from collections.abc import Sequence
from typing import Final

from bot.understanding.typed_numbers import COUNT, Token

_SPEAKERS: Final = frozenset("j je on nous g ai a i we il ils elle viens vient".split())
_LATE: Final = frozenset(
    "reste restent restant recu recus recue recues arrive arrives arrivee vendu vendus vendue vendues sold".split()
)
_SPOILED: Final = frozenset(
    word + end
    for word in "casse perdu pourri abime vole moisi perime gate mort expire jete".split()
    for end in ("", "s", "e", "es")
)
_SOLD_BROKEN: Final = frozenset("riz maize mais soja pois ble".split())
"""Goods that are sold broken, `riz cassé`: it is their name."""
_RETURNED: Final = frozenset("revenu revenus revenue revenues retour".split())
_EITHER_WAY: Final = frozenset("retour rendu ramene".split())
"""From a buyer, or to who had delivered it."""
_BEFORE_RETURNED: Final = frozenset("de est sont".split())


def with_verb_last(told: Sequence[Token]) -> Sequence[Token]:
    """`sucre recu 20` is `sucre 20 recu`, `riz est revenu 10` is `riz 10`: so many are there again."""
    verb = _late_verb(told, _LATE | _RETURNED) or _spoiled(told)
    if not verb:
        return told
    if told[verb].kind not in _RETURNED:
        return [*told[:verb], *told[verb + 1 :], told[verb]]
    end = next(end for end in range(verb, 0, -1) if told[end - 1].kind not in _BEFORE_RETURNED)
    return [*told[:end], *told[verb + 1 :]]


def is_either_way(told: Sequence[Token]) -> bool:
    """Whether goods came back: so many more or so many in all, from a buyer or to who had delivered them.

    Or whether they may be called so: `tomates pourries 3`.
    """
    return told[0].kind in _EITHER_WAY or bool(_late_verb(told, _RETURNED) or _spoiled(told))


def _spoiled(told: Sequence[Token]) -> int:
    """Where it says of goods, before their count, that so many are lost; 0 for nowhere."""
    return 0 if told[0].kind in _SOLD_BROKEN else _late_verb(told, _SPOILED)


def _late_verb(told: Sequence[Token], verbs: frozenset[str]) -> int:
    """Where the one of the verbs stands that is behind goods and before their count; 0 for none."""
    count = next((at for at, one in enumerate(told) if one.kind == COUNT), 0)
    verb = count - 2 if count > 1 and told[count - 1].kind == ":" else count - 1
    is_late = (
        verb > 0
        and told[verb].kind in verbs
        and told[0].kind not in _SPEAKERS | _RETURNED
        and not any(one.is_figure for one in told[:verb])
    )
    return verb if is_late else 0
