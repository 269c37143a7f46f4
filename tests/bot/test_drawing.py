"""The picture in the room's README is today's, and says what the table says."""

import pytest

from bot import drawing
from bot.dialog import RETURN, Dialog, choose, do, end, tell
from bot.dialogs import DIALOGS
from bot.drawing import BEGIN, END, NoPlaceForPicture, draw, in_readme

SMALL = Dialog(
    name="buyer",
    start="menu",
    helper="menu",
    anywhere={"menu": "menu", "accueil": "menu"},
    doors={"track": "told"},
    states={
        "menu": choose("menu", lasting=True, pay="paying", cash="paying", leave="left"),
        "paying": do(lambda turn: "done", writes="after_yes", done="told"),
        "told": tell("told", RETURN),
        "left": end("left"),
    },
)
PICTURE = """### buyer

```mermaid
flowchart LR
    begin(["buyer"]) --> s_menu
    begin -. "three misses" .-> s_menu
    s_menu{{"menu"}}
    s_paying["paying"]
    s_told("told")
    s_left(("left"))
    return_(["back to the open question"])
    s_menu -- "pay, cash" --> s_paying
    s_menu -- "leave" --> s_left
    s_paying -- "done" --> s_told
    s_told -- "then" --> return_
    classDef writes stroke-width:3px,stroke:#b3261e
    classDef lasting stroke-dasharray:4 3
    class s_paying writes
    class s_menu lasting
```

| from anywhere | leads to |
|---|---|
| words | `menu` `accueil` → menu |
| buttons of notices | `track` → told |"""


def test_a_table_is_drawn_state_by_state_and_arrow_by_arrow():
    assert draw([SMALL]) == PICTURE


def test_the_picture_stands_between_its_marks_and_nothing_else_changes():
    readme = f"before\n{BEGIN}\nan old picture\n{END}\nafter\n"
    assert in_readme([SMALL], readme) == f"before\n{BEGIN}\n\n{PICTURE}\n\n{END}\nafter\n"


def test_drawing_twice_changes_nothing():
    once = in_readme([SMALL], f"{BEGIN}{END}")
    assert in_readme([SMALL], once) == once


def test_a_readme_without_marks_is_told_so():
    with pytest.raises(NoPlaceForPicture):
        in_readme([SMALL], "no marks here")


def test_the_picture_in_the_readme_is_fresh():
    assert not drawing.is_stale(DIALOGS)


def test_a_table_that_changed_makes_the_picture_stale(tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    readme.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    monkeypatch.setattr(drawing, "README", readme)
    drawing.write([SMALL])
    assert not drawing.is_stale([SMALL])
    assert drawing.is_stale(DIALOGS)


def test_every_state_and_every_edge_of_the_market_is_in_the_picture():
    for dialog in DIALOGS:
        picture = draw([dialog])
        assert all(f'"{name}"' in picture for name in dialog.states)
        arrows = {(a, b) for a, _, b in dialog.edges()}
        assert picture.count(" --> ") == len(arrows) + 1
