"""Laws of the words: every key used and complete in both languages, short polite sentences, titles that fit."""

import ast
import re
import string
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from babel.messages.pofile import read_po

from bot import texts
from bot.dialogs import DIALOGS
from bot.texts import FOLDER, NoSuchText, catalog, languages, placeholders, say
from bot.voices import How
from bot.world import BESIDE, PRODUCT
from catalog.demo import demo_vendors
from orders.progress import RefusalReason
from orders.states import STATES as STATES_OF_PARTS

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = ("fr", "en")
FAMILIES = (
    "order.state.",
    "order.next.",
    "complaint.",
    "hours.day.",
    "vendor.state.",
    "vendor.amount.",
    "buyer.shops.",
    "vendor.sum.",
    "vendor.change.",
    "vendor.doubt.",
    "vendor.small_how.",
    "promo.time.",
    "promo_why.",
    "photo.why.",
    "sales.",
    "pause.",
    "delay.",
    "refusal.",
    "attention.kind.",
    "plan.",
    "standing.",
    "level.",
    "figures.",
    "flag.",
    "factor.page.",
    "attention.group.",
    "buyer.orders_section.",
    "template.state.",
    "warning.",
    "unread.",
    "news.",
    "consent.",
    "other_hat.",
    "hat.",
    "still_looking.",
    "smile.",
    "buyer.help_at.",
    "vendor.help_at.",
    "method.",
    "tell_code.",
    "buyer.to.",
    "buyer.fee.",
    "buyer.fixed.",
    "buyer.due_",
    "vendor.paid.",
    "organizer.paid_before.",
    "buyer.deposit.",
    "buyer.pay.",
    "buyer.pay_how.",
    "buyer.placed_pay.",
    "buyer.due.",
    "buyer.comes.",
    "vendor.to.",
    "vendor.when_ready.",
    "vendor.when_left.",
    "receipt.",
    "withdrawal.",
    "attribute.",
    "which.",
    "rule.",
    "better.",
    "condition.",
    "quality.",
    "channel.",
    "link.refused.",
    "organizer.suspended.",
    "organizer.decided_so.",
    "organizer.stopped_",
    "written.why.",
    "list.what.",
    "sheet.",
    "organizer.about_payout_",
    "vendor.row.",
    "vendor.next.",
    "vendor.nothing.",
    "right.",
    "application.",
    "announce.",
    "option.ann_",
    "broadcast.",
    "workshop.",
    "arrival.",
    "roll.",
    "programme.kind.",
    "programme.theme.",
    "programme.state.",
    "programme.column.",
    "programme.closed.",
    "programme.what.",
)
NOTICES = "notice."
MOST_WORDS = 12
LONGEST_TITLE = 20  # characters of a button
STATES = [(d.name, name, state) for d in DIALOGS for name, state in d.states.items() if state.says]
CHOICES = [(d.name, name, state) for d in DIALOGS for name, state in d.states.items()]


def keys_of(language):
    return {message.id if isinstance(message.id, str) else message.id[0] for message in catalog(language) if message.id}


def forms_of(language, key):
    forms = catalog(language).get(key).string
    return (forms,) if isinstance(forms, str) else tuple(forms)


def fields_of(text):
    return [(name, how) for _, name, how, _ in string.Formatter().parse(text) if name]


def literal_texts():
    """Every constant string of the bot's code, f-strings up to their first hole."""
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def keys_used():
    """The keys that tables and code ask for, and those that texts ask for inside other texts."""
    used = {f"{dialog}.{state.says}" for dialog, _, state in STATES}
    used |= {f"{dialog}.{state.missed}" for dialog, _, state in STATES if state.missed}
    used |= {f"option.{option}" for _, _, state in CHOICES for option in state.offered}
    used |= {f"option.wear_{dialog.name}" for dialog in DIALOGS}
    used |= {f"option.{door}" for dialog in DIALOGS for door in dialog.doors}
    literals = literal_texts()
    known = keys_of("fr")
    used |= literals & known
    used |= {key for key in known if key.startswith("option.") and key.removeprefix("option.") in literals}
    used |= {key for key in known if key.startswith((*FAMILIES, NOTICES))}
    for key in known:
        for form in forms_of("fr", key):
            used |= {how.partition(" ")[2] for _, how in fields_of(form) if how.startswith("each ")}
    return used


def test_every_key_that_is_used_exists_in_every_language():
    missing = {(language, key) for language in LANGUAGES for key in keys_used() - keys_of(language)}
    assert missing == set()


def test_no_key_is_left_that_nobody_uses():
    assert keys_of("fr") - keys_used() == set()


def test_both_languages_have_the_same_keys():
    assert keys_of("fr") == keys_of("en")


def test_french_stands_before_the_other_languages():
    assert languages() == ["fr", "en"]


def test_the_catalogues_name_no_key_twice():
    for language in LANGUAGES:
        lines = (FOLDER / language / "LC_MESSAGES" / "bot.po").read_text(encoding="utf-8").splitlines()
        keys = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']
        assert len(keys) == len(set(keys))


def test_a_text_needs_the_same_values_in_every_language():
    differing = {key for key in keys_of("fr") if placeholders("fr", key) != placeholders("en", key)}
    assert differing == set()


def test_placeholders_are_formatted_the_same_way_in_every_language():
    differing = {
        key
        for key in keys_of("fr")
        if {f for form in forms_of("fr", key) for f in fields_of(form)}
        != {f for form in forms_of("en", key) for f in fields_of(form)}
    }
    assert differing == set()


def check_values(key, hints):
    """The keys of a TypedDict are the placeholders of its text, down to the lines of its lists."""
    values = set(hints) - BESIDE - {PRODUCT}
    formatted = {field for form in forms_of("fr", key) for field in fields_of(form)}
    assert {name for name, _ in formatted} <= values, key
    for name, how in formatted:
        if how.startswith("each "):
            assert get_origin(hints[name]) is list, (key, name)
            check_values(how.removeprefix("each "), get_type_hints(get_args(hints[name])[0]))


@pytest.mark.parametrize(("dialog", "name", "state"), STATES, ids=[f"{d}.{n}" for d, n, _ in STATES])
def test_what_a_state_shows_is_what_its_text_says(dialog, name, state):
    key = f"{dialog}.{state.says}"
    if state.shows is None:
        assert placeholders("fr", key) == frozenset()
        return
    check_values(key, get_type_hints(get_type_hints(state.shows)["return"]))


def test_no_value_is_shown_that_no_text_says():
    """A value may serve one of several texts that share a `shows`."""
    said: dict[Any, set[str]] = {}
    for dialog, _, state in STATES:
        if state.shows is not None:
            said.setdefault(state.shows, set()).update(placeholders("fr", f"{dialog}.{state.says}"))
    for shows, names in said.items():
        shown = set(get_type_hints(get_type_hints(shows)["return"])) - BESIDE - {PRODUCT, "count"}
        unused = shown - names
        assert unused <= UNUSED_BESIDE.get(shows.__name__, set()), shows


# what a text of the same `shows` could say and does not
UNUSED_BESIDE = {"accepted": {"state", "goods", "delivery"}}


def sentences(text):
    return [s for line in text.split("\n") for s in re.split(r"(?<=[.!?…])\s+|\s:\s", line) if s.strip()]


def word_count(sentence):
    bare = re.sub(r"\{[^}]*\}", "x", sentence)
    return len([word for word in re.split(r"[\s']+", bare) if any(letter.isalnum() for letter in word)])


def test_french_sentences_have_at_most_twelve_words():
    long = [
        (key, sentence)
        for key in keys_of("fr")
        for form in forms_of("fr", key)
        for sentence in sentences(form)
        if word_count(sentence) > MOST_WORDS
    ]
    assert long == []


def test_french_is_polite():
    familiar = re.compile(r"\b(tu|te|toi|ton|ta|tes|t')\b", re.IGNORECASE)
    assert [key for key in keys_of("fr") for form in forms_of("fr", key) if familiar.search(form)] == []


def test_a_text_asks_at_most_one_question():
    asking = [
        k
        for k in keys_of("fr")
        for f in forms_of("fr", k)
        if re.sub(r"Un problème \?|Une question \?", "", f).count("?") > 1
    ]
    assert asking == []


@pytest.mark.parametrize(("dialog", "name", "state"), STATES, ids=[f"{d}.{n}" for d, n, _ in STATES])
def test_a_question_is_asked_exactly_where_the_machine_stops(dialog, name, state):
    text = forms_of("fr", f"{dialog}.{state.says}")[0]
    asks = "?" in re.sub(r"Un problème \?|Une question \?", "", text)
    asks = asks or name in (
        "recipient_known",
        "phone_known",
        "landmark",
        "line",
        "new_quantity",
        "same_address",
        "pin_sure",
        "stock_amount",  # of two questions the one that fits
    )
    assert asks == (state.kind in ("choose", "pick", "ask"))


def test_a_text_has_at_most_one_emoji():
    emoji = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
    crowded = [
        key
        for language in LANGUAGES
        for key in keys_of(language)
        for f in forms_of(language, key)
        if len(emoji.findall(f)) > 1
    ]
    assert crowded == []


def test_option_titles_fit_a_button_in_every_language():
    long = [
        (language, key)
        for language in LANGUAGES
        for key in keys_of(language)
        if key.startswith("option.") and len(forms_of(language, key)[0]) > LONGEST_TITLE
    ]
    assert long == []
    assert all(len(say(language, "menu.open", {})) <= LONGEST_TITLE for language in LANGUAGES)


def test_the_options_of_a_question_have_titles_of_their_own():
    for language in LANGUAGES:
        for dialog, name, state in CHOICES:
            titles = [say(language, f"option.{option}", {}) for option in state.offered]
            assert len(titles) == len(set(titles)), (dialog, name)


def test_rows_of_our_own_words_fit_a_list():
    for language in LANGUAGES:
        for key in keys_of(language):
            if key.startswith("attention.kind."):
                assert len(forms_of(language, key)[0]) <= 24, key


def test_amounts_phones_places_and_moments_are_written_in_words():
    values = {"fee": 1500, "vendor": "Maman Yawa", "quarter": "Agoè", "delay": "24h"}
    assert (
        say("fr", "buyer.delivery_fee", values)
        == "Maman Yawa livre à Agoè pour 1\u00a0500\u00a0F\u00a0CFA, sous 24 heures."
    )
    contact = {"recipient": "Awa", "phone": "+22890123456"}
    assert say("fr", "vendor.contact", contact) == "\nPour\u00a0: Awa, 90 12 34 56"
    item = {"name": "Awa", "at": "2026-11-24T08:05:00+00:00"}
    assert say("fr", "organizer.item_detail", item) == "24/11 08h05 · Awa"


def test_no_line_of_a_phone_begins_with_the_sign_that_ends_a_sentence():
    assert say("fr", "vendor.sellable", {"code": "TG-4K7P2", "lines": []}).endswith("ces articles\u00a0?")
    assert "«\u00a0voiture\u00a0»" in say("fr", "buyer.not_found", {"words": "voiture"})


@pytest.mark.parametrize(
    ("delay", "french", "english"),
    [
        ("2h", "sous deux heures", "within two hours"),
        ("today", "aujourd'hui", "today"),
        ("24h", "sous 24 heures", "within 24 hours"),
        ("48h", "sous 48 heures", "within 48 hours"),
        ("3d", "sous trois jours", "within three days"),
    ],
)
def test_a_shops_delay_is_said_behind_its_fee(delay, french, english):
    fee = {"fee": 500, "vendor": "Maman Yawa", "quarter": "Agoè", "delay": delay}
    assert say("fr", "buyer.delivery_fee", fee) == f"Maman Yawa livre à Agoè pour 500\u00a0F\u00a0CFA, {french}."
    assert say("en", "buyer.delivery_fee", fee) == f"Maman Yawa delivers to Agoè for 500\u00a0F\u00a0CFA, {english}."
    said = {"fee": 500, "delay": delay}
    assert say("fr", "buyer.fee.delivery", said) == f"Livraison\u00a0: 500\u00a0F, {french}"
    assert say("en", "buyer.fee.delivery", said) == f"Delivery: 500\u00a0F, {english}"


def test_a_count_chooses_the_form_by_the_rules_of_its_language():
    assert say("fr", "buyer.category_detail", {"count": 0}) == "0 produit"
    assert say("fr", "buyer.category_detail", {"count": 1}) == "1 produit"
    assert say("fr", "buyer.category_detail", {"count": 2}) == "2 produits"
    assert say("fr", "buyer.category_large", {"count": 100}) == "100 produits et plus"
    assert say("en", "buyer.category_detail", {"count": 0}) == "0 products"
    assert say("en", "buyer.category_detail", {"count": 1}) == "1 product"


def test_a_language_without_a_key_speaks_french(tmp_path, monkeypatch):
    folder = tmp_path / "ee" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "bot.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n', encoding="utf-8")
    french = catalog("fr")
    with (folder / "bot.po").open("rb") as file:
        ewe = read_po(file)
    monkeypatch.setattr(texts, "catalog", lambda language: french if language == "fr" else ewe)
    assert say("ee", "buyer.thanks", {}) == "Avec plaisir."


def test_a_key_that_french_lacks_is_a_bug():
    with pytest.raises(NoSuchText):
        say("en", "buyer.nothing_of_the_kind", {})


def test_every_kind_of_attention_that_the_bot_asks_for_has_words():
    asked = set()
    for path in (ROOT / "bot").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'attention\.ask\(\s*db,\s*"(\w+)"', text))
        asked |= set(re.findall(r'(?:calling|call_back)\("(\w+)"', text))
        if "dialogs" in path.parts:
            continue
        for kind in re.findall(r'attention(?:=| = )f?"([\w{}.]+)"', text):
            asked |= {kind.replace("{row.kind}", sort) for sort in ("reply", "notice")}
    assert {"person_asked", "complaint", "code_locked", "notice_unsent", "reply_lost", "notice_shut_out"} <= asked
    assert {kind for kind in asked if not texts.has("fr", f"attention.kind.{kind}")} == set()


def test_every_delay_of_the_demo_and_every_reason_and_state_has_words():
    named = {f"delay.{vendor.delay}" for vendor in demo_vendors()}
    named |= {f"refusal.{reason}" for reason in get_args(RefusalReason)}
    named |= {f"order.state.{state}" for state in STATES_OF_PARTS}
    assert named - keys_of("fr") == set()


VENDORS_NEWS = {
    "note",
    "code",
    "lines",
    "goods",
    "delivery",
    "total",
    "prepaid",
    "quarter",
    "landmark",
    "expires_at",
    "late_at",
}
BUYERS_NEWS = {"code", "vendor", "delivery_code", "phone", "reason", "total", "prepaid", "paid"}
BUYERS_NEWS |= {"carrier", "receipt", "town", "recipient", "where"}
# values that one notice alone is given (bot.follow_up)
NEWS_OF_ONE = {
    "notice.vendor.picture_lost": {"name", "why"},
    **{f"notice.vendor.voice_{how}": {"words"} for how in get_args(How)},
    "notice.vendor.changed": {"changes"},
    "notice.vendor.rider_unreached": {"rider"},
    "notice.buyer.cut": {"cuts", "cost", "before", "refund", "until"},
    "notice.vendor.way_later": {"link"},
    "notice.vendor.complaint": {"reason", "words"},
    "notice.vendor.list_read": {"lines", "counts", "faults", "odd"},
    "notice.vendor.list_nothing": {"lines", "counts", "faults"},
    "notice.vendor.list_half": {"done", "count"},
    "notice.vendor.list_applied": {"count", "counts"},
    "notice.vendor.list_undone_but": {"goods"},
    "notice.vendor.list_short": {"goods"},
    "notice.buyer.unanswered": {"offers"},
    "notice.buyer.refused_offer": {"offers"},
    "notice.buyer.basket": {"count", "goods"},
    "notice.vendor.question": {"number", "name", "words", "file", "due_at"},
    "notice.buyer.reply": {"shop", "name", "words", "file", "asked"},
    "notice.buyer.reply_gone": {"shop", "name", "words", "file", "asked"},
    "notice.buyer.question_people": {"shop", "name"},
    "notice.buyer.warned": {"shop", "name", "why"},
    "notice.vendor.warned": {"name", "why"},
}


def test_notices_ask_only_for_values_that_news_have():
    for key in keys_of("fr"):
        if key.startswith("notice.vendor."):
            assert placeholders("fr", key) <= VENDORS_NEWS | NEWS_OF_ONE.get(key, set()), key
        if key.startswith("notice.buyer."):
            assert placeholders("fr", key) <= BUYERS_NEWS | NEWS_OF_ONE.get(key, set()), key


def test_a_vendors_notice_never_says_the_delivery_code():
    assert [key for key in keys_of("fr") if ".vendor." in key and "delivery_code" in placeholders("fr", key)] == []
