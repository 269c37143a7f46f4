"""A secret is not printed, not pickled and equal to no plain text."""

import pickle

import pytest
from pydantic import BaseModel

from base.secret import Secret, SecretNotSet, constant_time_equal


class Holder(BaseModel):
    key: Secret


def test_a_secret_is_masked_however_it_is_printed():
    secret = Secret("hunter2")
    printed = [repr(secret), str(secret), f"{secret}", f"{secret:>20}", f"{secret!r}", repr([secret])]
    assert not [text for text in printed if "hunter2" in text]
    assert secret.reveal() == "hunter2"


def test_a_model_reads_a_text_and_never_writes_it():
    holder = Holder(key="hunter2")
    assert holder.key.reveal() == "hunter2"
    assert Holder(key=holder.key).key == Secret("hunter2")
    assert "hunter2" not in repr(holder) + holder.model_dump_json() + str(holder.model_dump())


def test_a_secret_equals_a_secret_only():
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert hash(Secret("a")) != hash("a")


def test_an_empty_secret_is_never_revealed():
    assert not Secret("")
    with pytest.raises(SecretNotSet):
        Secret("").reveal()


def test_a_secret_does_not_change_and_is_not_pickled():
    with pytest.raises(AttributeError):
        Secret("a").value = "b"
    with pytest.raises(TypeError):
        pickle.dumps(Secret("a"))


@pytest.mark.parametrize(
    "left, right, expected",
    [
        ("abc", "abc", True),
        ("abc", b"abc", True),
        ("abc", "abd", False),
        ("é", "e", False),
        ("é", "é", True),
        ("\udc80", "\udc80", True),
        ("", "a", False),
        (b"\xff\x00", b"\xff\x00", True),
    ],
)
def test_any_two_texts_can_be_compared(left, right, expected):
    assert constant_time_equal(left, right) is expected


def test_a_secret_that_is_being_changed_believes_others_and_alone_is_revealed():
    changing = Secret("new", "next", "old")
    assert [one.reveal() for one in changing.believed] == ["new", "next", "old"]
    assert changing.reveal() == "new"
    assert changing == Secret("new")
    assert [one.reveal() for one in Secret("new").believed] == ["new"]
    assert repr(changing) == "Secret(***)"
