"""Messages that tell themselves apart: each is answered by one bubble that repeats its word."""

import re
from collections import Counter

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
    rows = house.rows(
        "select i.message->>'text' as text, cardinality(t.inbox_ids) as size from turn t"
        " join inbox i on i.id = any(t.inbox_ids) join identity n on n.contact_id ="
        " (select contact_id from conversation c where c.id = t.conversation_id)"
        " where n.value = %(phone)s order by t.commit_no",
        phone=phone_of(person),
    )
    assert {row.size for row in rows} <= {1}
    return [WORD.search(row.text)[0] for row in rows]


def assert_all_were_answered_once_in_order(house, said):
    """`said`: person -> the numbers of his messages that were acknowledged, in order."""
    for person, numbers in said.items():
        words = [word_of(person, number) for number in numbers]
        assert (person, taken(house, person), heard(house, person)) == (person, words, words), house.story_of(
            phone_of(person)
        )


def doubles(house):
    """Words that a phone was shown more than once."""
    shown = Counter(word for sent in house.provider.messages for word in WORD.findall(sent.body))
    return {word: times for word, times in shown.items() if times > 1}
