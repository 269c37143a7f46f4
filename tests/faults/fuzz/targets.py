"""Every target by its name."""

from tests.faults.fuzz.announcements import ANNOUNCEMENTS
from tests.faults.fuzz.answers import ANSWERS
from tests.faults.fuzz.cloud import CLOUD
from tests.faults.fuzz.doors import DOORS
from tests.faults.fuzz.files import FILES
from tests.faults.fuzz.messenger import MESSENGER
from tests.faults.fuzz.programmes import PROGRAMMES
from tests.faults.fuzz.sheets import SHEETS
from tests.faults.fuzz.vendors import VENDORS
from tests.faults.fuzz.words import WORDS

TARGETS = {
    **DOORS, **CLOUD, **MESSENGER, **ANSWERS, **WORDS, **FILES, **SHEETS, **PROGRAMMES, **VENDORS, **ANNOUNCEMENTS
}  # fmt: skip
