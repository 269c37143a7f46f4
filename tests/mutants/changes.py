"""What a mutant changes: one operator, number or condition of the Python, or of the SQL that it holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.operators.provider import OperatorProvider

# Each operator against its nearest neighbour: the far ones die of the same tests.
PYTHON = (
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt")),
    *("ReplaceUnaryOperator_USub_UAdd", "ReplaceUnaryOperator_Delete_Not"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd", "AddNot"),
    *("NumberReplacer", "ZeroIterationForLoop", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
)
SQL = (
    ("<=", "<"),
    (">=", ">"),
    (r"(?<![<=-])<(?![=>])", "<="),
    (r"(?<![=>-])>(?![=>])", ">="),
    (r" = (?!%\(\w+\)s[,\s]*(?:from|$))", " <> "),
    (r"\band\b", "or"),
    (r"\bor\b(?! replace)", "and"),
    (r"\bnot exists\b", "exists"),
    (r"(?<!not )(?<!select )\bexists \(", "not exists ("),
    (r"\bis null\b", "is not null"),
    (r"\bis not null\b", "is null"),
    (r" \+ ", " - "),
    (r" - ", " + "),
    (r"\bgreatest\b", "least"),
    (r"\bleast\b", "greatest"),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\bdesc\b", "asc"),
    (r"(?<=order by )(\w+\.)?(\w+)(?! desc)(?=[ ,)\n]|$)", r"\1\2 desc"),
    (r"\bunion all\b", "except"),
    (r"\bdistinct\b(?! from)(?! on)", ""),
    (r"\bskip locked\b", ""),
    (r"\bfor no key update(?: of \w+)?(?: skip locked)?", ""),
    (r"\bon conflict do nothing\b", ""),
    (r"\blimit (?:%\(\w+\)s|\d+)", ""),
    (r"(?<![\w.%])(?<!select )(?<!returning )1(?![\w.])", "2"),
    (r"(?<![\w.%])0(?![\w.])", "1"),
)
IS_SQL = re.compile(r"\b(?:select|update|insert|delete|from|where|order by|with)\b|\b[a-z]\.[a-z_]+\b")


class SqlOperator(Operator):
    """One pattern of `SQL` in the strings that are SQL; docstrings are not."""

    def __init__(self, pattern: str, replacement: str):
        self.pattern, self.replacement = re.compile(pattern), replacement

    def mutation_positions(self, node):
        if node.type in ("string", "fstring_string") and is_sql(node):
            for _ in self.pattern.finditer(node.value):
                yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        found = list(self.pattern.finditer(node.value))[index]
        node.value = node.value[: found.start()] + found.expand(self.replacement) + node.value[found.end() :]
        return node

    @classmethod
    def examples(cls):
        words = {"pattern": "<", "replacement": "<="}
        return (Example('x = "where a.b < 1"', 'x = "where a.b <= 1"', operator_args=words),)


@dataclass(frozen=True)
class Mutant:
    """A whole source with one change, and the line where it stands (from 1)."""

    change: str
    line: int
    source: str


class OutsideDeclarations:
    """An operator that leaves types and decorators alone: a test never meets those."""

    def __init__(self, operator: Operator):
        self.operator = operator

    def mutation_positions(self, node):
        return () if is_declaration(node) else self.operator.mutation_positions(node)

    def mutate(self, node, index):
        return self.operator.mutate(node, index)


def mutants_of(source: str) -> Iterator[Mutant]:
    """Each mutant of a module once."""
    core = OperatorProvider()
    changes = [(name, core[name]()) for name in PYTHON] + [(f"SQL {a!r}", SqlOperator(a, b)) for a, b in SQL]
    known = {source}
    for name, operator in changes:
        for number in count():
            mutated = mutate_code(source, OutsideDeclarations(operator), number)
            if mutated is None:
                break
            if mutated not in known:
                known.add(mutated)
                yield Mutant(name, first_difference(source, mutated), mutated)


def is_sql(node) -> bool:
    """Whether a string is a statement or a part of one."""
    return node.parent.type != "simple_stmt" and bool(IS_SQL.search(node.value))


def is_declaration(node) -> bool:
    """Whether it is part of a type or of a decorator."""
    while node.parent is not None:
        above = node.parent
        if above.type == "decorator" or above.type == "tfpdef":
            return True
        if above.type == "annassign" and node is above.children[1]:
            return True
        if above.type == "funcdef" and node is above.annotation:
            return True
        node = above
    return False


def first_difference(source: str, mutated: str) -> int:
    """The line where a change stands, from 1."""
    pairs = zip(source.splitlines(), mutated.splitlines(), strict=False)
    return next(number for number, (old, new) in enumerate(pairs, start=1) if old != new)
