"""What an answer to the request for a file means, the same at every provider.

A 404 says that it is gone; whoever asks believes that after some tries (bot.fetching).
"""

from collections.abc import Mapping

from base import outbound
from base.outbound import Answer, AnswerLost, Auth, NotSent, RedirectRefused, Timeouts
from bot.provider_answers import Fetched, FetchedFile, NoFile, NotNow

GONE = frozenset({404, 410})
LATER = frozenset({408, 425, 429})
MOST_REASON = 200  # characters


def fetch(
    url: str,
    most_bytes: int,
    timeouts: Timeouts,
    *,
    auth: Auth | None = None,
    headers: Mapping[str, str] | None = None,
    redirects_to: tuple[str, ...] = (),
) -> Fetched:
    """GET a file of at most so many bytes; credentials and headers stay with the first host (base.outbound)."""
    try:
        answer = outbound.fetch(
            url, headers=headers, auth=auth, timeouts=timeouts, most_bytes=most_bytes, redirects_to=redirects_to
        )
    except RedirectRefused as error:
        return NoFile(str(error)[:MOST_REASON])
    except AnswerLost as error:
        return NoFile("too_large") if error.is_too_large else NotNow("answer_lost")
    except NotSent:
        return NotNow("not_sent")
    return _read(answer)


def _read(answer: Answer) -> Fetched:
    if answer.status == 200:
        return FetchedFile(answer.body) if answer.body else NotNow("empty")
    if answer.status in GONE:
        return NoFile(f"status_{answer.status}", is_gone=True)
    if answer.status >= 500 or answer.status in LATER:
        return NotNow(f"status_{answer.status}")
    return NoFile(f"status_{answer.status}")
