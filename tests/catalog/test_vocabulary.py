"""The words of a market's goods: looked up among few, taken in one by one, read from the database in slices."""

import random
import tracemalloc

import pytest
from rapidfuzz.distance import OSA

from base.sounds import loose_sound, sound
from catalog import likeness, vocabulary
from catalog.likeness import UNKNOWN, read_beginning, read_word
from catalog.meanings import meanings, stem
from catalog.vocabulary import LATE_IDS, LATE_SHOPS, Vocabulary
from tests.catalog.market import make_category, make_good, make_vendor
from tests.databases import Counted

SYLLABLES = [
    a + b for a in "b c d f g j k l m n p r s t v z ch qu br tr".split() for b in "a e i o u ou an eau".split()
]


def invented(count, seed=1):
    chance, found = random.Random(seed), {}
    while len(found) < count:
        word = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) + chance.choice(["", "", "l", "r", "s", "x2"])
        found[word] = None
    return list(found)


def slip(word, chance):
    """A letter lost, doubled, in its neighbour's place, or another."""
    place = chance.randrange(len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    other = chance.choice("aeioulmnrtk")
    return chance.choice(
        (before + after, before + 2 * letter + after, before + after[0] + letter + after[1:], before + other + after)
    )


class Plain(Vocabulary):
    """The same words, each question a loop over all of them."""

    def __init__(self, words, categories):
        super().__init__(categories)
        self.names, self.words = words, [(stem(word), word) for word in words]
        told = {stem(word) for word in words} | set(categories) | set(meanings().words())
        self.told = [(sound(word), word) for word in told if len(word) >= 3 and word.isalpha()]

    def sells(self, word):
        return any(one == word for one, _ in self.words)

    def forms(self, word):
        return sorted(form for one, form in self.words if one == word)

    def heard(self, key):
        return [word for one, word in self.told if one == key]

    def heard_loosely(self, word):
        loose = loose_sound(word)
        return [one for _, one in self.told if loose and loose_sound(one) == loose]

    def beginning(self, letters):
        return [one for one, _ in self.words if one.startswith(letters)]

    def near(self, word, key, most):
        found = ((OSA.distance(word, one), one) for own, one in self.told if len(one) >= 4 and own[0] == key[0])
        return [(distance, one) for distance, one in found if distance <= most]

    def near_heard(self, key):
        found = ((OSA.distance(key, own), one) for own, one in self.told if own[0] == key[0])
        return [(distance, one) for distance, one in found if distance <= 1]


CATEGORIES = {"chaussure": frozenset({2}), "boisson": frozenset({3})}


@pytest.fixture(scope="module")
def both():
    """Some thousand words, and the same in the plain way."""
    words = [*invented(2_500), "25", "25kg", "savon", "savons", "riz", "jus", "pommes", "terre", "sac", "main"]
    known = Vocabulary()
    known.hear(meanings().words())
    known.set_categories(CATEGORIES)
    known.add_goods(words[:1000])
    for word in words[1000:]:
        known.add_goods([word])
    return known, Plain(words, CATEGORIES)


def test_what_is_typed_means_what_a_look_at_every_word_finds(both):
    known, plain = both
    chance = random.Random(2)
    typed = [slip(chance.choice(plain.names), chance) for _ in range(250)]
    typed += chance.sample(plain.names, 25) + ["".join(chance.sample(plain.names, 2)) for _ in range(15)]
    typed += [word[: chance.randint(3, 5)] for word in chance.sample(plain.names, 20)]
    typed += ["zzzzzz", "chossure", "boissom", "sacamain", "bague", "ciment", "lananas", "robe", "26", "", "a"]
    readings = {word: read_word(known, word) for word in typed}

    assert readings == {word: read_word(plain, word) for word in typed}
    kinds = {(one.is_sure, len(one.taken_for), bool(one.means), bool(one.categories)) for one in readings.values()}
    assert kinds >= {(True, 0, False, False), (True, 0, True, False), (False, 3, True, False), (True, 0, False, True)}
    assert any(" " in taken for one in readings.values() for taken in one.taken_for)


def test_what_sounds_and_looks_alike_is_all_that_a_look_at_every_word_finds(both):
    known, plain = both
    chance = random.Random(3)
    for word in (slip(one, chance) for one in chance.sample(plain.names, 40)):
        key = sound(word)
        assert sorted(known.near(word, key, 2)) == sorted(plain.near(word, key, 2))
        assert sorted(known.near_heard(key)) == sorted(plain.near_heard(key))
        assert sorted(known.heard(key)) == sorted(plain.heard(key))
        assert sorted(known.heard_loosely(word)) == sorted(plain.heard_loosely(word))
        assert {*known.beginning(word[:3])} == {*plain.beginning(word[:3])}
        assert read_beginning(known, word[:3]) == read_beginning(plain, word[:3])


def test_words_of_shops_are_those_of_the_nearest_sounds():
    known = Vocabulary()
    known.add_shops(["maman", "mama", "yawa", "kodjo", "codjo", "123"])
    known.add_shops(["yowa", "yawi", "mawa", "maman"])
    assert sorted(known.shops(sound("kodjo"))) == ["codjo", "kodjo"]
    assert (known.shops(sound("zawa")), known.shops_near(sound("zawa"), 3)) == ([], ["yawa", "mawa"])
    assert known.shops_near(sound("zawa"), 1) == ["yawa"]


def test_a_reading_is_remembered_until_a_word_comes_that_may_change_it():
    known = Vocabulary()
    known.add_goods(["savon"])
    assert read_word(known, "garri") == UNKNOWN
    remembered = known.remembered
    known.add_goods(["savon"])
    assert known.remembered is remembered
    known.add_goods(["gari"])
    assert read_word(known, "garri").means == {("gari",): 0.95}
    assert "garri" in remembered


def test_letters_that_are_words_in_many_ways_are_tried_once_from_each_place(monkeypatch):
    tried, sold_like = [], likeness._sold_like

    def counted(known, word):
        tried.append(word)
        assert len(tried) <= 200 * 201 / 2
        return sold_like(known, word)

    monkeypatch.setattr(likeness, "_sold_like", counted)
    known = Vocabulary()
    known.add_goods(["lala"])
    assert read_word(known, "la" * 98 + "bor") == UNKNOWN
    assert tried


def test_fifty_thousand_words_are_fifteen_mebibytes_at_most():
    words = invented(50_000)
    tracemalloc.start()
    known = Vocabulary()
    known.add_goods(words)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(known) > 49_000
    assert taken < 15 * 2**20


@pytest.fixture
def counted(db, monkeypatch):
    """A transaction that counts, in a process that knows no words yet."""
    monkeypatch.setattr(vocabulary, "_KNOWN", {})
    return Counted(db.connection)


def read(db):
    """The words, and what was asked of products and of shops for them."""
    asked, one = [], db.one
    db.one = lambda sql, **values: asked.append((sql, values)) or one(sql, **values)
    known = vocabulary.vocabulary(db)
    del db.one
    lasts = [
        [values["last"] for sql, values in asked if f"from {table} where" in sql] for table in ("product", "vendor")
    ]
    return known, *lasts


def test_a_process_reads_all_words_in_slices_and_then_what_is_new(counted, monkeypatch):
    monkeypatch.setattr(vocabulary, "SLICE", 3)
    vendor, category = make_vendor(counted), make_category(counted)
    names = "Riz parfumé|Gari fin|Savon de ménage|Huile rouge|Maïs blanc|Pagne wax|Sac à main".split("|")
    goods = [make_good(counted, vendor, name, category=category).id for name in names]

    known, of_goods, of_shops = read(counted)
    assert of_goods == [-1 - LATE_IDS, goods[2], goods[5]]
    assert of_shops == [-1 - LATE_SHOPS]
    assert len(known) == len("riz parfume gari fin savon de menage huile rouge mai blanc pagne wax sac a main".split())
    assert known.forms("mai") == ["mais"]
    assert read(counted) == (known, [], [])

    monkeypatch.setattr(vocabulary, "SLICE", 5000)
    late = make_good(counted, vendor, "Fonio")
    assert read(counted) == (known, [goods[-1] - LATE_IDS], [])
    assert known.sells("fonio")
    make_vendor(counted, "tonton_kossi")
    assert read(counted)[1:] == ([], [vendor - LATE_SHOPS])
    assert known.shops(sound("kossi")) == ["kossi"]

    counted.run("delete from product where id = %(id)s", id=late.id)
    assert read(counted)[1:] == ([goods[-1] - LATE_IDS], [])
    make_good(counted, vendor, "Attiéké")
    assert read(counted)[1:] == ([goods[-1] - LATE_IDS], [])
    assert known.sells("attieke")


def test_words_that_are_known_cost_one_statement_and_new_ones_another(counted):
    vendor, category = make_vendor(counted), make_category(counted)
    vocabulary.vocabulary(counted)
    costs = []
    for names in ((), ("Gari", "Fonio")):
        for name in names:
            make_good(counted, vendor, name, category=category)
        counted.statements = 0
        vocabulary.vocabulary(counted)
        costs.append(counted.statements)
    assert costs == [1, 2]
