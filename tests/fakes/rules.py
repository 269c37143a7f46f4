"""What the rules of all providers are written with."""


class Refusal(Exception):
    """The provider's code, and the HTTP status that goes with it."""

    def __init__(self, code, status=400):
        super().__init__(code)
        self.code, self.status = code, status


def refuse(code, when):
    if when:
        raise Refusal(code)


def is_line(text, most):
    """One line of at most so many characters, with nothing around it."""
    return 1 <= len(text) <= most and text == " ".join(text.split())
