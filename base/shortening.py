"""Words cut to the length that there is for them."""


def shorten(words: str, most: int) -> str:
    """At most `most` characters, the last of them an ellipsis where something is missing; '' where there are none."""
    if len(words) <= most:
        return words
    return f"{words[: most - 1].rstrip()}…" if most > 0 else ""
