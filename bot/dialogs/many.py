"""What many units of a good cost, in words: its lots and its prices from so many units on."""

from bot.dialogs.means import words
from bot.turn import Turn
from catalog.prices import Tariff


def rules_line(turn: Turn, tariff: Tariff) -> str:
    """`3 pour 1 000 F. À partir de 10 : 900 F l'un.`; '' where every unit costs the same."""
    return " ".join(
        words(turn, f"rule.{rule.kind}", quantity=rule.quantity, price=rule.price)
        for rule in (*tariff.lots, *tariff.steps)
    )


def better_line(turn: Turn, tariff: Tariff, quantity: int) -> str:
    """What a few more would cost, or what so many already do, with a blank before it; '' when there is nothing to tell.

    `À 10, c'est 900 F l'un.`
    """
    reached = [step for step in tariff.steps if step.quantity <= quantity]
    rule = tariff.better(quantity) or (reached[-1] if reached else None)
    if rule is None:
        return ""
    return f" {words(turn, f'better.{rule.kind}', quantity=rule.quantity, price=rule.price)}"
