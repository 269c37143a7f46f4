"""Messages that tell themselves apart: each is answered by one bubble that repeats its word."""

import re
from collections import Counter, defaultdict

WORD = re.compile(r"zoblo\w+")


def word_of(person, number):
    """Letters and digits, so that it joins with no other message and names no goods."""
    return f"zoblo{person:02d}x{number:03d}"


def phone_of(person):
    return f"+2289300{person:04d}"


def message(house, person, number):
    """A signed message of that person."""
    return house.provider.say(phone_of(person), f"je cherche {word_of(person, number)}", name="Kossi")


def heard(house, person):
    """The words that were repeated to that person, in order."""
    return [word for sent in house.provider.to(phone_of(person)) for word in WORD.findall(sent.body)]


def taken(house, person):
    """The words of that person in the order of the turns that took them, each message with its own turn."""
    return taken_of(house, [person])[phone_of(person)]


def taken_of(house, people):
    """The same of several: phone -> words."""
    rows = house.rows(
        "select n.value as phone, i.message->>'text' as text, cardinality(t.inbox_ids) as size"
        " from turn t cross join unnest(t.inbox_ids) as taken join inbox i on i.id = taken"
        " join conversation c on c.id = t.conversation_id join identity n on n.contact_id = c.contact_id"
        " where n.value = any(%(phones)s) order by t.commit_no",
        phones=list(map(phone_of, people)),
    )
    assert {row.size for row in rows} <= {1}
    words = defaultdict(list)
    for row in rows:
        words[row.phone].append(WORD.search(row.text)[0])
    return words


def assert_all_were_answered_once_in_order(house, said):
    """`said`: person -> the numbers of his messages that were acknowledged, in order."""
    all_taken = taken_of(house, said)
    for person, numbers in said.items():
        words, phone = [word_of(person, number) for number in numbers], phone_of(person)
        assert (person, all_taken[phone], heard(house, person)) == (person, words, words), house.story_of(phone)


def doubles(house):
    """Words that a phone was shown more than once."""
    shown = Counter(word for sent in house.provider.messages for word in WORD.findall(sent.body))
    return {word: times for word, times in shown.items() if times > 1}
