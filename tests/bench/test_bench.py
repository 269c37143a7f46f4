"""The measuring itself: what a ratio, a percentile, a signature and an offer are."""

import asyncio
import json
import math
import mmap
import os
import random
import re
import subprocess
import sys
from collections import Counter
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode

import pytest
from click import ClickException
from twilio.request_validator import RequestValidator

from base.config import ROOT, load
from base.timing import Timing
from bench import processes
from bench.__main__ import kept_in_readme, refused_line, wrong_line
from bench.buyers import KINDS, LEADS, ROUND, Buyer, first_purchase, seen
from bench.ledger import Ledger
from bench.load import Crowd, Figures, evenly
from bench.profile import heaviest
from bench.provider import ACCOUNT_SID, AUTH_TOKEN, Phones, Provider, Said, offers_of, sign
from bench.report import Line, insist, loss_line, number, percentile, ratio_line, table_of
from bench.rounds import Plan
from bench.sellers import Seller, Shops
from bench.shop import answer, form
from bench.systems import SENDER_RATE, Market
from bench.wire import port_of, serve
from handlers.twilio_whatsapp.contents import definitions
from tests.waiting import wait_for


def test_the_round_is_the_mix_that_the_bars_speak_of():
    kinds = [KINDS[step] for step in ROUND]

    assert len(ROUND) == 30
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "browse": 9,
        "product": 9,
        "quantity": 6,
        "basket": 3,
        "order": 3,
    }
    assert {*ROUND, "variant"} == set(LEADS)  # which is asked of some goods before the quantity


@pytest.mark.parametrize(
    "values, share, expected", [([3, 1, 2], 0.5, 2), ([1, 2, 3, 4], 0.5, 2), (range(1, 101), 0.99, 99), ([7], 0.99, 7)]
)
def test_a_percentile_is_a_value_that_was_seen(values, share, expected):
    assert percentile(list(values), share) == expected


def test_no_values_have_no_percentile():
    assert math.isnan(percentile([], 0.5))


def test_a_ratio_is_the_median_of_rounds_that_ran_side_by_side():
    line = ratio_line("turns", "1/s", [(60, 100), (30, 100), (70, 100)], least=0.6)

    assert (line.ours, line.floor, line.ratio, line.bar, line.is_met) == (60, 100, 0.6, "≥ 0.6 × floor", True)
    assert ratio_line("turns", "1/s", [(59, 100)], least=0.6).is_met is False
    assert ratio_line("cost", "s", [(17.1, 10)], most=1.7).is_met is False
    assert ratio_line("cost", "s", [(17, 10)], most=1.7).is_met is True


def test_a_ratio_without_rounds_is_neither_met_nor_missed():
    assert ratio_line("turns", "1/s", [], least=0.6).is_met is None


@pytest.mark.parametrize("value, text", [(None, "–"), (math.nan, "–"), (1234.5, "1,234"), (0.0123, "0.0123")])
def test_figures_show_three_digits(value, text):
    assert number(value) == text


LINES = [
    Line("1 turns, saturated", "1/s", 180.4, 250.0, 0.6963, "≥ 0.6 × floor", True),
    Line("  turns per CPU second", "1/s", 182, 262, 0.69, "", None),
    Line("5 redelivered: all that went wrong", "", 2, 0, None, "0", False),
]


@pytest.mark.parametrize(
    "bare, counts", [(0.8, "so that it counts."), (0.81, "so that by this rule it does not count.")]
)
def test_readme_keeps_what_has_a_bar_and_whether_the_run_counts(bare, counts):
    *rows, _, first, second, third = kept_in_readme(LINES, bare, Plan(7, 4)).splitlines()

    assert rows == [
        "| figure | ours | floor | ratio | bar |",
        "|---|---|---|---|---|",
        "| 1 turns, saturated (1/s) | 180 | 250 | 0.696 | ≥ 0.6 × floor, met |",
        "| 5 redelivered: all that went wrong | 2 | 0 | – | 0, **not met** |",
    ]
    assert re.fullmatch(r"\d\d/\d\d/2\d{3}, 4 rounds of 7 s, .* ns an addition in Python .*; bars not met: 1\.", first)
    assert second.startswith(f"Without reports the floor cost {bare:.2f} ms of CPU a turn; ")
    assert third == counts


def sides_with(**wrong):
    """Both sides, each with one stretch in which these things went wrong."""
    return {
        name: SimpleNamespace(stretches={"overloaded": [SimpleNamespace(figures=Figures(wrong=Counter(counts)))]})
        for name, counts in wrong.items()
    }


def test_what_a_door_refuses_has_a_bar_of_its_own_beside_all_that_went_wrong():
    refused = {"answer 503": 2, "connection broken": 3, "report: connection broken": 4}
    sides = sides_with(ours=refused | {"no reply": 5}, floor={"answer 0": 1, "no reply": 1})
    whole, doors = (line(sides, ("overloaded",), "4") for line in (wrong_line, refused_line))

    assert (whole.ours, whole.floor, whole.is_met, whole.is_loss) == (14, 2, False, True)
    assert (doors.name, doors.ours, doors.floor, doors.is_met) == ("4: webhooks refused", 9, 1, False)
    assert refused_line(sides_with(ours={"no reply": 5}, floor={}), ("overloaded",), "4").is_met


def test_a_run_is_kept_where_bars_are_missed_but_not_where_something_was_lost():
    slow = Line("1 turns, saturated", "1/s", 100, 250, 0.4, "≥ 0.6 × floor", False)
    insist([slow, loss_line("calm", 0, 639)])
    with pytest.raises(ClickException, match=r"^calm: 2; overloaded: 1\. No figure is kept in README"):
        insist([slow, loss_line("calm", 2, 0), loss_line("overloaded", 1), loss_line("faulty", 0)])


def test_readme_has_the_columns_that_are_written():
    assert f"<!-- bench -->\n{table_of([])[0]}\n" in (ROOT / "README.md").read_text()


def test_the_load_signs_as_the_library_of_twilio_checks():
    url, fields = "http://127.0.0.1:8000/webhooks/twilio", {"To": "whatsapp:+228", "Body": "du gari à 1 100 F", "A": ""}

    assert RequestValidator(AUTH_TOKEN).validate(url, fields, sign(url, fields))


@pytest.mark.parametrize("name", sorted(definitions()))
def test_the_provider_finds_the_offers_of_every_content(name):
    """The ids stand where the content's own definition puts them."""
    definition = definitions()[name]
    kind, rich = next(iter(definition["types"].items()))
    places = [item["id"].strip("{}") for item in rich.get("actions") or rich.get("items") or ()]

    assert offers_of(name, {str(n): f"value {n}" for n in range(1, 40)}) == tuple(f"value {place}" for place in places)
    assert bool(places) == (kind != "twilio/text")


def test_an_offer_tells_its_question_and_its_choice():
    shown = seen(Said("SM1", "+228", ("buyer.products=c3:12~9f~h2x3", "shop.card=add"), "…"))

    assert [(o.state, o.choice, o.number) for o in shown] == [("products", "c3:12", 1), ("card", "add", 2)]


class FloorsShop:
    """The floor's shop for one buyer: what he says, what he hears of it, and the orders that it made."""

    def __init__(self, buyer):
        self.buyer, self.session, self.orders = buyer, {}, []

    def answers(self, inbound):
        """Whether what the buyer hears is what his step leads to."""
        fields = form_of(inbound)
        bubble = answer(self.session, fields["Body"], fields.get("ButtonPayload", ""))
        self.session |= {"state": bubble.state, "offers": [choice for choice, _, _ in bubble.offers]}
        told = form(bubble)
        variables = json.loads(told.get("ContentVariables", "{}"))
        offers = offers_of(told["ContentSid"], variables) if variables else ()
        self.orders += [bubble.order] if bubble.order else []
        return self.buyer.hear(Said("SM1", self.buyer.phone, offers, bubble.words))


def test_a_buyer_walks_the_floors_shop_through_a_whole_round():
    """The floor understands each of his taps and numbers, and leads where the market leads."""
    buyer = Buyer("+22891000000", Phones(1), random.Random(4))
    shop = FloorsShop(buyer)
    for _ in range(2 * len(ROUND)):
        assert shop.answers(buyer.next()), buyer.step

    assert len(shop.orders) == 2
    assert all(sum(order.values()) >= 3 for order in shop.orders)


def test_a_buyers_first_purchase_at_the_floor_is_an_order():
    buyer = Buyer("+22891000000", Phones(1), random.Random(4))
    shop = FloorsShop(buyer)
    steps = [(step, shop.answers(inbound)) for step, inbound in first_purchase(buyer)]

    assert [step for step, _ in steps[-4:]] == ["checkout", "address", "confirm", "menu"]
    assert [is_led for _, is_led in steps] == [True] * len(steps)
    assert len(shop.orders) == 1


def test_a_buyer_who_began_anew_behind_his_address_is_not_asked_it_again_and_confirms():
    """The market keeps where a basket goes, and leads from the checkout to the recap; the floor asks each time."""
    buyer = Buyer("+22891000000", Phones(1), random.Random(0))
    buyer.plan = iter(("checkout", "address", "confirm"))
    buyer.next()
    shown = Said("SM1", buyer.phone, ("buyer.recap=confirm~998~htm4v", "buyer.recap=cancel~998~htm4v"), "…")

    assert buyer.hear(shown)
    assert form_of(buyer.next())["Body"] in ("oui", "1")
    assert buyer.step == "confirm"


def form_of(inbound):
    return dict(parse_qsl(inbound.body.decode(), keep_blank_values=True))


def test_a_reply_that_leads_elsewhere_is_noticed():
    buyer = Buyer("+22891000000", Phones(1), random.Random(0))
    buyer.next()

    assert not buyer.hear(Said("SM1", buyer.phone, ("buyer.categories=1~1~1",), "…"))


def flood(said, answered):
    """said: (person, words, begun, acknowledged) …; answered: (person, words, moment) …"""
    ledger = Ledger()
    for person, words, begun, acknowledged in said:
        ledger.send((person, words), begun).acknowledged = acknowledged
    for person, words, moment in answered:
        ledger.hear((person, words), moment)
    return dict(ledger.wrong())


def test_a_flood_that_is_answered_once_and_in_order_is_right():
    said = [("awa", "riz", 0, 1), ("awa", "gari", 2, 3), ("awa", "riz", 4, 5), ("kofi", "riz", 0, 9)]

    assert flood(said, [("awa", "riz", 6), ("awa", "gari", 7), ("awa", "riz", 8), ("kofi", "riz", 6)]) == {}


def test_in_a_flood_a_lost_answer_and_a_doubled_one_do_not_hide_each_other():
    said = [("awa", "riz", 0, 1), ("awa", "gari", 2, 3)]

    assert flood(said, [("awa", "riz", 6), ("awa", "riz", 7)]) == {"no reply": 1, "said twice": 1}
    assert flood(said, [("kofi", "riz", 6), ("awa", "gari", 7)]) == {"no reply": 1, "said twice": 1}


def test_in_a_flood_an_answer_is_late_only_after_that_to_a_message_written_when_its_own_was_acknowledged():
    crossed = [("awa", "gari", 6), ("awa", "riz", 7)]

    assert flood([("awa", "riz", 0, 1), ("awa", "gari", 2, 3)], crossed) == {"out of order": 1}
    assert flood([("awa", "riz", 0, 2.5), ("awa", "gari", 2, 3)], crossed) == {}


def test_a_bubble_that_the_program_sends_again_is_a_copy_and_never_the_answer_to_the_next_message():
    async def scene():
        crowd = Crowd(1, 1, 0)
        (phone,) = crowd.buyers
        crowd.provider.reports_are_on = False
        form = {"To": f"whatsapp:{phone}", "Body": "Combien ?", "StatusCallback": "http://127.0.0.1:1/status?o=1.a"}
        for _ in range(2):
            crowd.provider.handle("POST", f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json", urlencode(form).encode())
        return dict(crowd.figures.wrong)

    assert asyncio.run(scene()) == {"said late, or unasked": 1, "said twice": 1}


def test_bubbles_without_an_id_of_the_program_are_never_copies():
    heard = []
    provider = Provider(1, heard.append)
    provider.reports_are_on = False
    form = urlencode({"To": "whatsapp:+228", "Body": "Combien ?", "StatusCallback": "http://127.0.0.1:1/status"})
    for _ in range(2):
        provider.handle("POST", "/Messages.json", form.encode())

    assert [said.is_copy for said in heard] == [False, False]


ORPHAN = """
import subprocess, sys, time
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE).stdout.readline()
print("ready", flush=True)
time.sleep(60)
"""


def test_a_system_that_is_stopped_leaves_no_process_that_its_own_end_would_orphan(tmp_path):
    system = Market(9000, tmp_path, 8001)
    system.own = dict  # nothing stands still here
    system.process = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE)
    with system.process.stdout as told:
        assert told.readline() == b"ready\n"
    (child,) = processes.tree([system.process.pid]) - {system.process.pid}

    system.stop()

    wait_for(lambda: processes.stat(child)[:1] in ([], ["Z"]), "it is not killed")


@pytest.mark.parametrize("words, are", [("import time; time.sleep(60)", True), ("while True: pass", False)])
def test_processes_are_at_rest_once_they_use_nearly_nothing(words, are):
    child = subprocess.Popen([sys.executable, "-c", words])
    try:
        assert asyncio.run(processes.are_at_rest({"child": child.pid}, 1.5)) is are
    finally:
        child.kill()
        child.wait()


def test_processes_cost_what_they_used():
    before = processes.cpu({"own": os.getpid()})["own"].all
    while processes.cpu({"own": os.getpid()})["own"].all < before + 0.05:
        sum(range(10_000))

    assert os.getpid() in processes.tree([os.getpid()])
    assert processes.memory(os.getpid())["rss"] >= processes.memory(os.getpid())["pss"] > 5
    assert processes.tree([2**22 + 1]) == set()


def test_own_memory_is_what_a_process_has_written_and_no_file():
    held = processes.memory(os.getpid())["own"]
    with mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as pages:  # never memory it had before
        pages.write(b"x" * len(pages))
        assert processes.memory(os.getpid())["own"] - held == pytest.approx(64, abs=4)


def test_a_profile_counts_a_recursive_function_once(tmp_path):
    (tmp_path / "web.stacks").write_text("a (x.py:1);b (x.py:2);b (x.py:3) 3\na (x.py:1) 1\n")

    assert heaviest(tmp_path / "web.stacks") == [("a (x.py)", 1.0, 0.25), ("b (x.py)", 0.75, 0.75)]


@pytest.mark.parametrize(
    "quick, changed",
    [
        (False, {}),
        (
            True,
            {
                "uncertain_look_ups": (4.5, 7.5),
                "uncertain_most": 7.5,
                "send_retry": (0.5, 1, 2, 4, 8),
            },
        ),
    ],
)
def test_the_market_under_measurement_has_the_shipped_settings_but_for_what_the_run_names(tmp_path, quick, changed):
    config = load(environ=Market(9000, tmp_path, 8001, quick=quick).environ())

    assert config.timing == Timing(**changed)
    (account,) = config.active_accounts()
    assert (account.kind, account.api_base) == ("twilio_whatsapp", "http://127.0.0.1:9000")
    assert (account.rates.sender_per_second, account.rates.recipient_burst) == (SENDER_RATE, 0)
    assert (config.server.port, config.var) == (8001, tmp_path)


def test_a_vendor_says_a_line_and_then_yes_and_hears_neither_notices_nor_the_menu():
    seller = Seller("+22890001001", Phones(1), random.Random(1), ["Savon"])
    assert form_of(seller.next())["Body"] == f"+{seller.came} Savon"
    assert not seller.hear(Said("SM1", seller.phone, ("vendor!accept=4~1~1",), "Nouvelle commande"))
    assert seller.hear(Said("SM2", seller.phone, ("vendor.stock_preview=yes~2~1",), "Savon : 1 → 3"))
    yes = form_of(seller.next())
    assert (yes["Body"], yes["ButtonPayload"]) == ("Oui", "vendor.stock_preview=yes~2~1")
    assert not seller.hear(Said("SM3", seller.phone, (), "À répondre : 0."))
    came = seller.came
    assert seller.hear(Said("SM4", seller.phone, (), "C'est noté.\nSavon : 1 → 3"))
    assert (seller.taken, seller.shown) == ({"Savon": came}, "")


def test_turns_begin_at_their_rate_and_one_for_which_nobody_is_free_is_counted():
    async def scene():
        met, missed, is_over = [], [], asyncio.Event()

        async def turn(person):
            met.append(person)
            await is_over.wait()

        tasks = await evenly(100, 0.2, ["Awa", "Kofi"], turn, lambda: missed.append(1))
        is_over.set()
        await asyncio.gather(*tasks)
        return sorted(met), len(missed)

    met, missed = asyncio.run(scene())

    assert met == ["Awa", "Kofi"]
    assert 10 <= missed <= 18


def test_vendors_beside_buyers_are_answered_and_what_was_taken_over_is_known():
    """A market that shows each line and takes it over at the yes; of one vendor it takes no message at all."""
    phones, ledger, shown = ("+22890001001", "+22890001002"), Counter(), {}

    async def scene():
        def market(_method, _target, body):
            fields = dict(parse_qsl(body.decode()))
            phone = fields["From"].removeprefix("whatsapp:")
            if phone == phones[1]:
                return 500, b""
            if fields["Body"] == "Oui":
                ledger[phone] += shown[phone]
                crowd.provider.heard(Said("SM2", phone, (), "C'est noté.\nSavon"))
            else:
                shown[phone] = int(fields["Body"].split()[0])
                crowd.provider.heard(Said("SM1", phone, ("vendor.stock_preview=yes~2~1",), "Savon"))
            return 200, b""

        server = await serve(market)
        crowd = Crowd(port_of(server), 1, 0)
        crowd.patience = 1.0
        vendors = Shops(crowd, {phone: ["Savon"] for phone in phones})
        figures = await vendors.at_rate(40, 0.5)
        crowd.close()
        server.close()
        return vendors.sellers, figures

    sellers, figures = asyncio.run(scene())

    assert ledger.total() > 0
    assert [one.taken.total() for one in sellers.values()] == [ledger[phones[0]], 0]
    assert figures.turns == len(figures.replied)
    assert {"answer 500": 1, "no answer": 1}.items() <= figures.wrong.items()
    assert 0 < figures.per_second <= 41
