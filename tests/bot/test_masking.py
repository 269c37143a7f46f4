"""Secret codes are taken out before anything is stored; what a rider types is not."""

import pytest

from bot.documents import incoming_from, storable
from bot.masking import MASK, is_masked, masked, masked_bytes, secrets_in
from bot.messages import Identity, Incoming, Kept, Parsed, Sender
from bot.spool import Spool

SENDER = Sender((Identity("phone", "+22890000001"),), "Awa")


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("mon code secret est 4711", f"mon code secret est {MASK}"),
        ("code secret: 4 7 1 1", f"code secret: {MASK}"),
        ("Code  PIN flooz 4711 merci", f"Code  PIN flooz {MASK} merci"),
        ("pin 4711", f"pin {MASK}"),
        ("PIN=471108", f"PIN={MASK}"),
        ("mot de passe 12345", f"mot de passe {MASK}"),
        ("mdp 4711", f"mdp {MASK}"),
        ("mon code flooz c'est 4711", f"mon code flooz c'est {MASK}"),
        ("code tmoney 47-11", f"code tmoney {MASK}"),
        ("4711 est mon code secret", f"{MASK} est mon code secret"),
        ("je paie, pin 4711, et le mot de passe 9999", f"je paie, pin {MASK}, et le mot de passe {MASK}"),
    ],
)
def test_a_secret_code_is_masked(typed, kept):
    assert masked(typed) == kept
    assert is_masked(masked(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "livré TG-4K7P2 1234",
        "livre 4K7 1234",
        "livré 4K7 pin 1234",
        "le code est 1234",
        "code secret oublié, appelez le 90 12 34 56",
        "mon pin est bloqué",
        "2 jus de pin",
        "pinces 1500",
        "3 pains 1500",
        "Ref 8123456789",
        "A 4K7",
        "",
    ],
)
def test_what_is_no_secret_stays(typed):
    assert (masked(typed), secrets_in(typed)) == (typed, ())


def test_the_bytes_as_they_came_lose_the_code_too_and_keep_their_length():
    raw = b"Body=mon+code+secret+4+7+1+1&Also=4%207%201%201&Plain=4 7 1 1"
    blotted = masked_bytes(raw, ("4 7 1 1",))
    assert (len(blotted), b"4+7" in blotted, b"4%20" in blotted, b"4 7" in blotted) == (len(raw), False, False, False)


def test_message_and_bytes_are_stored_without_the_code_and_others_as_they_came():
    told = Kept(Incoming("m1", SENDER, "mon code secret 4711"), b'{"text":"mon code secret 4711"}')
    assert storable(told) == Kept(Incoming("m1", SENDER, f"mon code secret {MASK}"), b'{"text":"mon code secret ****"}')
    other = Kept(Incoming("m2", SENDER, "livre 4K7 4711"), b"livre 4K7 4711")
    assert storable(other) == other


def test_the_spool_never_holds_a_code(tmp_path):
    spool = Spool(tmp_path / "spool")
    spool.put("test", Parsed((Kept(Incoming("m1", SENDER, "pin 4711"), b"pin 4711"),)))
    held = b"".join(path.read_bytes() for path in (tmp_path / "spool").rglob("*") if path.is_file())
    assert held
    assert b"4711" not in held


def test_a_masked_message_is_read_back_as_one():
    assert is_masked(incoming_from({"provider_id": "m", "sender": {"identities": []}, "text": masked("pin 4711")}).text)
