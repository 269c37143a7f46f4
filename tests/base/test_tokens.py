"""Tokens say what was signed, to the end of their time, and nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from base.secret import Secret
from base.tokens import LONGEST, keyed_hash, read, sign

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OURS, THEIRS = Secret("our-secret"), Secret("another-secret")


@pytest.mark.parametrize("payload", [7, "TG-4K7P2", [1, 2], {"contact": 17}, "Kpalimé, derrière l'église" * 20])
def test_a_token_says_what_was_signed_and_needs_no_quoting_in_an_address(payload):
    token = sign(OURS, "data", payload, NOON + HOUR)
    assert read(OURS, "data", token, NOON) == payload
    assert re.fullmatch(r"[\w.-]+", token, re.ASCII)


def test_a_token_ends_at_its_moment():
    token = sign(OURS, "data", 7, NOON + HOUR)
    assert read(OURS, "data", token, NOON + HOUR - timedelta(seconds=1)) == 7
    assert read(OURS, "data", token, NOON + HOUR) is None


def test_a_token_of_another_kind_or_of_another_secret_says_nothing():
    token = sign(OURS, "data", 7, NOON + HOUR)
    assert read(OURS, "receipt", token, NOON) is None
    assert read(THEIRS, "data", token, NOON) is None


def test_what_a_secret_beside_ours_has_signed_is_read_and_ours_alone_signs():
    changing = Secret("another-secret", "a-third", "our-secret")
    assert read(changing, "data", sign(OURS, "data", 7, NOON + HOUR), NOON) == 7
    assert sign(changing, "data", 7, NOON + HOUR) == sign(THEIRS, "data", 7, NOON + HOUR)
    assert read(OURS, "data", sign(changing, "data", 7, NOON + HOUR), NOON) is None
    assert keyed_hash(changing, "opt-out", "x") == keyed_hash(THEIRS, "opt-out", "x")


def test_no_token_with_one_other_letter_is_read():
    token = sign(OURS, "data", 7, NOON + HOUR)
    for place, letter in enumerate(token[:-1]):  # bits of the very last letter may be unused
        changed = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        assert read(OURS, "data", changed, NOON) is None


@pytest.mark.parametrize("token", ["", ".", "é", "a.b", "." * LONGEST, "x" * (LONGEST + 1), "\x00", "W10.", "IiI.x"])
def test_what_is_no_token_is_refused_without_an_error(token):
    assert read(OURS, "data", token, NOON) is None


def test_a_keyed_hash_depends_on_secret_kind_and_text():
    ours = keyed_hash(OURS, "opt-out", "phone:+22890000001")
    assert ours == keyed_hash(OURS, "opt-out", "phone:+22890000001")
    assert re.fullmatch(r"[0-9a-f]{64}", ours)
    others = [
        keyed_hash(THEIRS, "opt-out", "phone:+22890000001"),
        keyed_hash(OURS, "other", "phone:+22890000001"),
        keyed_hash(OURS, "opt-out", "phone:+22890000002"),
    ]
    assert len({ours, *others}) == 4
