"""The page that shows an organizer his second factor once: a QR code, a link for this very phone, the secret to type.

It stands at a signed address that ends after ten minutes, and shows nothing once a code has proven the factor.
"""

from collections.abc import Callable
from html import escape
from typing import Final

import segno
from pydantic import JsonValue

from base.db import Db
from base.secret import Secret
from bot import contacts, second_factor
from bot.files import Document
from bot.texts import say

KIND: Final = "second-factor"  # of the signed address
_PAGE: Final = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>{title}</title>
<style>body{{font:18px sans-serif;margin:2rem auto;max-width:24rem;padding:0 1rem;text-align:center}}
code{{font-size:1.2em;word-break:break-all}}svg{{width:100%;max-width:16rem}}
a{{display:block;padding:.8rem;background:#0e5c44;color:#fff;border-radius:.5rem;text-decoration:none}}</style>
<h1>{title}</h1><p>{scan}</p>{picture}<p>{here}</p><a href="{uri}">{open}</a><p>{typed}</p><p><code>{secret}</code></p>
</html>
"""


def maker(key: Secret) -> Callable[[Db, JsonValue], Document | None]:
    """Makes the page of the person whose number a token holds."""

    def document(db: Db, payload: JsonValue) -> Document | None:
        if not isinstance(payload, int) or isinstance(payload, bool):
            return None
        shown = second_factor.enrolment(db, key, payload, contacts.name_of(db, payload) or second_factor.ISSUER)
        if shown is None:
            return None
        language = contacts.language_of(db, payload)
        page = _PAGE.format(
            language=language,
            picture=segno.make(shown.uri, error="m").svg_inline(scale=6, border=2),
            uri=escape(shown.uri),
            secret=" ".join(shown.secret[at : at + 4] for at in range(0, len(shown.secret), 4)),
            **{
                name: escape(say(language, f"factor.page.{name}", {}))
                for name in ("title", "scan", "here", "open", "typed")
            },
        )
        return Document("code.html", "text/html", page.encode(), is_page=True)

    return document
