"""The theorems, each with the smallest table that breaks it, and the market's own tables that keep them all."""

from dataclasses import replace
from typing import Literal

import pytest

from bot.checker import BrokenDialog, check, faults
from bot.dialog import RETURN, Dialog, Page, State, ask, choose, do, end, pick, tell, wait
from bot.dialogs import DIALOGS
from bot.understanding import INTENTS
from tests.bot.tables import SELLER, SHOPPER


def work(turn) -> Literal["done"]:
    """A step."""
    return "done"


def answer(turn, value: str) -> Literal["done"]:
    """A step with a value."""
    return "done"


def rows(turn, after) -> Page:
    """No rows."""
    return Page(())


MENU = choose("menu", leave="left")
LEFT = end("left")


def table(start="menu", *, helper="menu", hears=None, anywhere=None, commands=None, doors=None, **states):
    own = {"menu": MENU, "left": LEFT, **states}
    return Dialog("small", start, own, helper, anywhere or {}, hears or {}, commands or {}, doors or {})


BROKEN = {
    "menu.leave leads to 'gone', which is no state": table(menu=choose("menu", leave="gone")),
    "start leads to 'gone', which is no state": table("gone"),
    "helper leads to 'gone', which is no state": table(helper="gone"),
    "hears 'greet' leads to 'gone', which is no state": table(hears={"greet": "gone"}),
    "anywhere 'menu' leads to 'gone', which is no state": table(anywhere={"menu": "gone"}),
    "commands 'a' leads to 'gone', which is no state": table(commands={"a": "gone"}),
    "doors 'see' leads to 'gone', which is no state": table(doors={"see": "gone"}),
    "working: work and the table differ on 'done'": table(hears={"work": "working"}, working=do(work, ready="menu")),
    "asking: option 'skip' leads nowhere": table(
        hears={"work": "asking"}, asking=ask("asking", rows, answer, options=["skip"], done="menu")
    ),
    "asking: 'no' is spoken, but leads nowhere or has no plain words": table(
        hears={"work": "asking"}, asking=ask("asking", rows, answer, spoken=["no"], done="menu")
    ),
    "asking: 'done' is spoken, but leads nowhere or has no plain words": table(
        hears={"work": "asking"}, asking=replace(ask("asking", rows, answer, done="menu"), spoken=("done",))
    ),
    "menu: 'non' means 'no' and 'skip'": table(menu=choose("menu", no="left", skip="left")),
    "menu: aside 'help' leads nowhere": table(menu=choose("menu", asides=["help"], leave="left")),
    "menu offers 10 options; a page holds 9": table(menu=choose("menu", **{f"o{n}": "left" for n in range(10)})),
    "nobody hears 'thanks'": table(),
    "waiting waits 181 s; three minutes are the most": table(
        hears={"work": "waiting"}, waiting=wait("waiting", seconds=181, expired="menu")
    ),
    "asking writes, but only a `do` may": table(
        hears={"work": "asking"}, asking=replace(ask("asking", rows, answer, done="menu"), writes="after_yes")
    ),
    "asking is lasting, but offers nothing": table(
        hears={"work": "asking"}, asking=replace(ask("asking", rows, answer, done="menu"), lasting=True)
    ),
    "island can never be reached": table(island=choose("island", leave="left")),
    "trap has no way to an end": table(menu=choose("menu", leave="left", on="trap"), trap=choose("trap", on="trap")),
    "first can loop without the person": table(
        menu=choose("menu", leave="left", on="first"), first=do(work, done="second"), second=do(work, done="first")
    ),
    "one > two says too much in one turn": table(
        menu=choose("menu", leave="left", on="one"), one=tell("one", "two"), two=tell("two", "menu")
    ),
    "told says something where only a question may stand": table("told", told=tell("told", "menu")),
}
WRITING = do(work, writes="after_yes", done="menu")


@pytest.mark.parametrize("fault", list(BROKEN))
def test_a_table_that_breaks_a_theorem_is_told_so(fault):
    dialog = BROKEN[fault]
    intents = ["thanks"] if fault.startswith("nobody") else []
    assert fault in faults(dialog, intents)


def test_a_list_that_is_empty_may_only_ask():
    listed = pick("listed", rows, answer, none="told", done="menu")
    dialog = table(menu=choose("menu", leave="left", on="listed"), listed=listed, told=tell("told", "menu"))
    assert faults(dialog) == ["told says something where only a question may stand"]


@pytest.mark.parametrize(
    ("dialog", "path"),
    [
        (table(hears={"buy": "writing"}, writing=WRITING), "writing"),
        (table(anywhere={"oui": "writing"}, writing=WRITING), "writing"),
        (table(helper="writing", writing=WRITING), "writing"),
        (table(menu=choose("menu", lasting=True, leave="left", yes="writing"), writing=WRITING), "writing"),
        (
            table(hears={"buy": "asking"}, asking=ask("asking", rows, answer, done="writing"), writing=WRITING),
            "writing",
        ),
        (table(hears={"buy": "thinking"}, thinking=do(work, done="writing"), writing=WRITING), "thinking > writing"),
        (
            table(
                hears={"buy": "listed"},
                listed=pick("listed", rows, answer, none="writing", done="menu"),
                writing=WRITING,
            ),
            "listed > writing",
        ),
        (
            table(
                menu=choose("menu", leave="left", pay="paying"),
                paying=wait("paying", seconds=9, expired="writing"),
                writing=WRITING,
            ),
            "writing",
        ),
        (table(doors={"see": "writing"}, hears={"buy": "writing"}, writing=WRITING), "writing"),
    ],
)
def test_no_write_follows_a_guess(dialog, path):
    assert f"writing may write on a guess: {path}" in faults(dialog)


@pytest.mark.parametrize(
    "dialog",
    [
        table(menu=choose("menu", leave="left", yes="writing"), writing=WRITING),
        table(doors={"accept": "writing"}, writing=WRITING),
        table(commands={"a": "writing"}, writing=WRITING),
        table(
            menu=choose("menu", leave="left", on="listed"),
            listed=pick("listed", rows, answer, none="left", done="writing"),
            writing=WRITING,
        ),
        table(
            doors={"accept": "finding"},
            finding=do(work, done="writing"),
            writing=do(work, writes="after_yes", done="told"),
            told=tell("told", RETURN),
        ),
    ],
)
def test_a_write_may_follow_a_choice_a_notices_button_and_an_exact_command(dialog):
    assert faults(dialog) == []


def test_what_is_written_at_once_must_be_undone_somewhere():
    at_once: dict[str, State] = {"writing": do(work, writes="undoable", done="menu")}
    assert faults(table(hears={"set": "writing"}, **at_once)) == ["writing writes at once and nothing undoes it"]
    undone = table(
        hears={"set": "writing", "undo": "undoing"}, undoing=do(work, writes="undoable", done="menu"), **at_once
    )
    assert faults(undone) == []


def test_all_faults_of_all_tables_are_told_at_once():
    with pytest.raises(BrokenDialog) as broken:
        check([table("gone"), table(helper="gone")], {})
    assert str(broken.value).splitlines() == [
        "small: start leads to 'gone', which is no state",
        "small: helper leads to 'gone', which is no state",
    ]


def test_the_tables_of_the_tests_keep_every_theorem():
    check([SHOPPER, SELLER], {"buyer": ("thanks", "search"), "vendor": ("accept_order",)})


def test_the_markets_dialogs_keep_every_theorem_and_hear_every_intent():
    check(DIALOGS, dict(INTENTS))
    assert {dialog.name for dialog in DIALOGS} == set(INTENTS)


def test_a_table_has_another_version_when_it_is_another():
    assert SHOPPER.version() == SHOPPER.version()
    other = replace(SHOPPER, anywhere={**SHOPPER.anywhere, "accueil": "menu"})
    assert other.version() != SHOPPER.version()
