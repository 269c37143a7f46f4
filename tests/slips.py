"""Slips of those who type, for tests that ask what becomes of them."""

LETTERS = "0123456789 aeiorstn,.-:kx"


def mistyped(message, chance):
    """The message with one to three slips: a character more, less, another, or two the wrong way round."""
    typed = list(message)
    for _ in range(chance.randint(1, 3)):
        place, slip = chance.randrange(len(typed) or 1), chance.randrange(4)
        if slip == 0:
            typed.insert(place, chance.choice(LETTERS))
        elif slip == 1 and len(typed) > 2:
            del typed[place]
        elif slip == 2 and typed:
            typed[place] = chance.choice(LETTERS)
        elif place + 1 < len(typed):
            typed[place : place + 2] = reversed(typed[place : place + 2])
    return "".join(typed)
