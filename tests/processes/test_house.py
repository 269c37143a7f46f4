"""The canary that reads the logs of every house: what it finds."""

import pytest

from tests.processes.house import check_log

PHONES, WORDS = ["+22890000001"], ["je veux du riz", "oui"]


@pytest.mark.parametrize(
    "line",
    [
        "event=sent to=+22890000001",
        "event=sent to=228 90 00 00 01",
        "event=sent to=90000001",
        "event=sent to='90 00 00 01'",
        "event=sent to=90-00-00-01",
        "event=sent at=27 90 00 00 01",
        "event=taken text='je veux du riz'",
        "event=taken text='je veuje veux je veux du riz'",
        "key=hush",
        "event=database_away error=DeadlockDetected",
        "ERROR:  deadlock detected",
        "event=failed sqlstate=40P01",
        "Traceback (most recent call last):",
    ],
)
def test_a_log_that_tells_a_phone_words_a_secret_or_a_bug_is_found(line):
    with pytest.raises(AssertionError):
        check_log(f"event=started\n{line}\n", ["hush"], PHONES, WORDS)


def test_a_log_of_numbers_and_short_words_is_in_order():
    check_log("event=oui conversation_id=1900000012 process=host:90:web\n", ["hush", None], PHONES, WORDS)
