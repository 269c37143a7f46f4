"""Each parser of outside data keeps its promises whatever comes: the same inputs in each run, in soak a fuzzer's."""

import ast
import os
import sys
from importlib.util import find_spec
from random import Random

import pytest

from base.config import ROOT
from base.style import modules
from tests.faults.fuzz import run
from tests.faults.fuzz.target import Target, mutated
from tests.faults.fuzz.targets import TARGETS

MUTATIONS = 200
SECONDS = int(os.environ.get("SOAK_FUZZ_SECONDS", "60"))  # of each target
RUNS = int(os.environ.get("SOAK_FUZZ_RUNS", "-1"))  # of each target; -1 for as many as there is time for
LEAST_RUNS = 500
# What reads text or bytes of any shape: a module that calls one of these has a target, or a reason to have none.
READERS = frozenset(
    "loads safe_load validate_json validate_python model_validate model_validate_json fromisoformat parse_qs parse_qsl"
    " urlsplit urljoin parsedate_to_datetime text2num unquote_to_bytes strptime b64decode decode get_data fullmatch"
    " exif_transpose".split()
)
OUR_OWN = {  # module → why nothing from outside reaches its reading
    "base/compiled_json.py": "JSON read by orjson, of which each reader has its own target",
    "base/embedded_place.py": "the folder of this machine's own servers",
    "base/hours.py": "opening hours that an operator planted",
    "base/lexicon.py": "the word counts of an installed package",
    "base/media.py": "the address of a bucket, from an operator's settings",
    "base/outbound_twilio.py": "the addresses that our client asks for",
    "base/restoring.py": "a backup behind its manifest, and what pg_restore says",
    "base/scrubbing.py": "a control is written as a sign, not read",
    "base/statements.py": "the SQL of our own rooms, which holds no words of anybody",
    "base/tokens.py": "what we signed ourselves: of anything else the signature alone is read, by itsdangerous",
    "bot/broadcasts/counting.py": "days of a count that a job of ours kept",
    "bot/dialogs/buyer/greeting.py": "a time that the same state wrote",
    "bot/dialogs/buyer/lists.py": "one pattern over at most forty letters",
    "bot/dialogs/buyer/telling.py": "one pattern over a name of at most four words",
    "bot/dialogs/organizer/announce_drafts.py": "times of an announcement that a turn of ours wrote",
    "bot/dialogs/organizer/announce_list.py": "patterns over the words of a message: a number, a word to stop",
    "bot/dialogs/organizer/announce_moving.py": "times of an announcement that a turn of ours wrote",
    "bot/dialogs/organizer/announcing.py": "a time that understanding wrote, of which anything else is none",
    "bot/dialogs/vendor/naming.py": "one pattern over the words of a good's name and of a size",
    "bot/dialogs/vendor/opening.py": "times of a pause that a turn of ours wrote",
    "bot/dialogs/vendor/one_day.py": "words of a day, whose target is `times`, and when a turn of ours kept them",
    "bot/dialogs/vendor/promoting.py": "times of a promotion that a turn of ours wrote",
    "bot/dialogs/organizer/proving.py": "one pattern that a whole message of six digits fits, or does not",
    "bot/second_factor.py": "a salt that we drew ourselves",
    "bot/handover.py": "a time that a turn of ours wrote",
    "bot/dialogs/programme.py": "a day as our own rows have it",
    "bot/dialogs/organizer/drafting.py": "days and hours as moments.py has read them, from the chat's memory",
    "bot/dialogs/organizer/showing.py": "a day as our own rows, or moments.py, have it",
    "bot/dialogs/organizer/events.py": "a day that base/when.py has read",
    "events/changing.py": "values as a change's own row has them",
    "events/demo/planting.py": "the event that is shipped",
    "bot/dialogs/vendor/parts.py": "words of a message that look like a code, whose target is `code`",
    "bot/product_page.py": "a digest of our own style is written, not read",
    "bot/texts.py": "times of our own turns",
    "bot/understanding/traits.py": "patterns over single words, behind the target `understanding`",
    "bot/understanding/price_moves.py": "patterns over the tokens of a line, behind the target `understanding`",
    "bot/understanding/price_steps.py": "patterns over the tokens of a line, behind the target `understanding`",
    "bot/understanding/door_payment.py": "patterns over the tokens of a line, behind the target `understanding`",
    "bot/understanding/week_asking.py": "patterns over the words of a message, behind the target `understanding`",
    "bot/understanding/vendor_asking.py": "patterns over the words of a message, behind the target `understanding`",
    "bot/understanding/phrasebook.py": "the phrase files that are shipped",
    "catalog/prices.py": "a time as our own query of a promotion writes it",
    "catalog/demo/drawing.py": "the looks that are shipped",
    "catalog/demo/market.py": "the demo market that is shipped",
    "handlers/simulator/channel.py": "an address, held against its own shape before it is asked for",
    "dashboard/goods.py": "the path of a photo: one pattern over a name",
    "dashboard/simulator/phones.py": "entries that the simulator wrote into its own streams",
    "dashboard/simulator/photos.py": "a name of 22 characters; of a file the first bytes alone are looked at",
    "dashboard/simulator/provider.py": "bodies that our own channel has signed, read by documents.py and rules.py",
    "handlers/whatsapp_cloud/interactive.py": "the address of a bubble of ours",
    "handlers/twilio_whatsapp/typing.py": "an id of our own inbox; of the answer the status alone is looked at",
    "providers.py": "the public address of the settings, which are checked when they are read",
}


def played(name, data):
    """The broken promise of a target with this input, as what to say of it; '' when it kept them all."""
    try:
        TARGETS[name].play(data)
    except Exception as error:  # noqa: BLE001 - whatever a parser raises breaks its promise
        return f"target {name}, input {data!r}: {error!r}"
    return ""


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_and_two_hundred_mutations_of_them_keep_the_promises(name):
    """FAULT_SEED of the environment has other mutations; without it a run finds what the run before found."""
    chance, seeds = Random(os.environ.get("FAULT_SEED", name)), list(TARGETS[name].seeds())
    inputs = [*seeds, *(mutated(chance, seeds) for _ in range(MUTATIONS))]

    assert [fault for data in inputs if (fault := played(name, data))] == []
    assert all(len(data) <= TARGETS[name].most_bytes for data in seeds)
    assert len(seeds) >= 4


def readers_in(path):
    """The calls of a module that read what may have any shape."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return READERS & {getattr(call, "attr", getattr(call, "id", "")) for call in calls}


def test_every_module_that_reads_outside_data_has_a_target_or_a_reason_why_not():
    reading = {str(path.relative_to(ROOT)) for path in modules(ROOT) if readers_in(path)}
    with_target = {module for target in TARGETS.values() for module in target.modules}

    assert reading - with_target - OUR_OWN.keys() == set()
    assert OUR_OWN.keys() - reading == set()
    assert OUR_OWN.keys() & with_target == set()
    assert [module for module in with_target if not (ROOT / module).is_file()] == []


def needs_atheris():
    """A soak fails without what it needs: a fuzzing that was skipped looks like one that found nothing."""
    if find_spec("atheris") is None:
        pytest.fail("NOT FUZZED: atheris has no build for this Python on this machine (see requirements-dev.in)")


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
def test_no_input_that_coverage_leads_to_breaks_a_promise(name, seed, tmp_path):
    needs_atheris()
    done = run.play(name, TARGETS[name], seed, tmp_path, SECONDS, RUNS)

    sys.stdout.write(f"fuzz {name}: {done.executions} executions, {done.edges} edges, {done.kept} inputs kept\n")
    assert done.fault == ""
    assert done.executions >= min(LEAST_RUNS, RUNS if RUNS > 0 else LEAST_RUNS)
    assert done.edges > 0


def test_a_run_names_the_target_the_seed_and_the_input_of_a_fault(tmp_path):
    """What libFuzzer leaves behind when a promise breaks."""
    (tmp_path / "crash-0a").write_bytes(b"v1\x00\xff")
    told = "#2048 NEW cov: 210 ft: 411 corp: 17/3b\nstat::number_of_executed_units: 2050\n"

    done = run.read("tap", 7, 77, told, tmp_path)

    assert (done.executions, done.edges, done.features, done.kept) == (2050, 210, 411, 17)
    assert done.fault.startswith("target tap, FAULT_SEED=7, ended with 77\ncrash-0a: b'v1\\x00\\xff'\n#2048 NEW")


def test_a_run_in_which_all_held_has_no_fault(tmp_path):
    assert run.read("tap", 7, 0, "stat::number_of_executed_units: 9\n", tmp_path) == run.Played(9, 0, 0, 0)


def test_a_mutation_is_the_same_for_the_same_seed_and_mostly_another_input():
    seeds = [b"bonjour", b"je veux du riz"]
    twice = [[mutated(Random(number), seeds) for number in range(50)] for _ in range(2)]

    assert twice[0] == twice[1]
    assert len(set(twice[0]) - set(seeds)) > 40


def test_a_broken_promise_is_told_with_its_input(monkeypatch):
    def refuse(data):
        assert data == b""

    monkeypatch.setitem(TARGETS, "broken", Target(refuse, lambda: [b""], ()))

    assert played("broken", b"") == ""
    assert played("broken", b"\x00").startswith("target broken, input b'\\x00': AssertionError(")
