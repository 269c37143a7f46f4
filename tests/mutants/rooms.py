"""What is mutated, and the tests that must notice."""

from typing import Final

ROOMS: Final = {
    "catalog/stock.py": (
        "tests/catalog/test_stock.py",
        "tests/catalog/test_products.py",
        "tests/catalog/test_invariants.py",
    ),
    "bot/inbox.py": ("tests/bot/test_inbox.py",),
    "bot/gathering.py": ("tests/bot/test_gathering.py",),
    "bot/outbox.py": (
        "tests/bot/test_outbox.py",
        "tests/bot/test_uncertain.py",
        "tests/bot/test_retirement.py",
        "tests/bot/test_reports.py",
    ),
    "bot/posting.py": (
        "tests/bot/test_posting_bounds.py",
        "tests/bot/test_posting.py",
        "tests/bot/test_accounts_apart.py",
    ),
    "bot/aftermath.py": ("tests/bot/test_posting.py", "tests/bot/test_uncertain.py"),
    "bot/verdicts.py": ("tests/bot/test_verdicts.py",),
    "bot/uncertain.py": ("tests/bot/test_uncertain.py", "tests/bot/test_verdicts.py"),
    "bot/reports.py": ("tests/bot/test_reports.py", "tests/bot/test_watermarks.py"),
}
MUST: Final = 0.85  # of a room's mutants are killed
