"""The mutants of `make mutants`: what they change is what could go wrong, and each is made once."""

from base.config import ROOT
from tests.mutants.changes import mutants_of
from tests.mutants.rooms import ROOMS

SOURCE = '''
"""Takes from where a.b < 1 of it."""
from dataclasses import dataclass
TAKE = "update stock s set held = s.held + 1 where s.id = %(id)s and s.held >= 0 order by s.id limit 3"


@dataclass(frozen=True)
class Units:
    held: int | None


def is_free(held: int | None) -> bool:
    return not held or held < 3
'''


def test_a_module_is_changed_in_its_python_and_in_its_sql_and_nowhere_else():
    lines = {mutant.source.splitlines()[mutant.line - 1].strip() for mutant in mutants_of(SOURCE)}
    python = {line for line in lines if line.startswith("return")}
    sql = {line.removeprefix('TAKE = "update stock s set ').removesuffix('"') for line in lines - python}

    assert python == {
        "return  held or held < 3",
        "return not held or held <= 3",
        "return not held and held < 3",
        "return not held or held < 4",
        "return not held or held < 2",
    }
    assert sql == {
        "held <> s.held + 1 where s.id = %(id)s and s.held >= 0 order by s.id limit 3",
        "held = s.held - 1 where s.id = %(id)s and s.held >= 0 order by s.id limit 3",
        "held = s.held + 2 where s.id = %(id)s and s.held >= 0 order by s.id limit 3",
        "held = s.held + 1 where s.id <> %(id)s and s.held >= 0 order by s.id limit 3",
        "held = s.held + 1 where s.id = %(id)s or s.held >= 0 order by s.id limit 3",
        "held = s.held + 1 where s.id = %(id)s and s.held > 0 order by s.id limit 3",
        "held = s.held + 1 where s.id = %(id)s and s.held >= 1 order by s.id limit 3",
        "held = s.held + 1 where s.id = %(id)s and s.held >= 0 order by s.id desc limit 3",
        "held = s.held + 1 where s.id = %(id)s and s.held >= 0 order by s.id ",
    }


def test_each_room_that_is_mutated_and_each_test_that_must_notice_is_there():
    for room, tests in ROOMS.items():
        assert [name for name in (room, *tests) if not (ROOT / name).is_file()] == []
