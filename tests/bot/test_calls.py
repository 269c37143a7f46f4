"""Calls: which chats are due in this process, each once, in their order."""

from bot.calls import MOST, Calls


def test_they_come_in_the_order_in_which_they_are_due_and_none_before():
    calls = Calls()
    assert calls.add([(1, 60.0), (2, 0.0), (3, 0.0)])
    assert calls.due(1) == [2]
    assert calls.add([(4, 0.0)])
    assert calls.due() == [3, 4]
    assert calls.due() == []
    assert calls.next_at < float("inf")
    calls._waiting = [(at - 60.0, number, chat) for at, number, chat in calls._waiting]
    assert calls.due() == [1]
    assert calls.next_at == float("inf")


def test_who_has_called_twice_is_due_twice_one_after_the_other():
    calls = Calls()
    calls.add([(1, 0.0), (2, 0.0), (1, 0.0), (3, 0.0)])
    assert [calls.due(), calls.due(), calls.due()] == [[1, 2, 3], [1], []]


def test_whoever_looks_for_all_that_is_due_needs_none_of_those_and_keeps_the_others():
    calls = Calls()
    calls.add([(1, 0.0), (2, 60.0)])
    calls.forget_due()
    assert (calls.due(), [chat for _, _, chat in calls._waiting]) == ([], [2])


def test_too_many_are_not_remembered():
    calls = Calls()
    assert calls.add([(chat, 60.0) for chat in range(MOST)])
    assert not calls.add([(7, 0.0)])
    assert (calls.due(), calls.next_at) == ([], float("inf"))


def test_who_waits_for_his_turn_anyhow_is_not_called_again():
    calls = Calls()
    calls.add([(1, 0.0), (2, 60.0)])
    assert calls.again([1, 2, 3])
    assert [calls.due(), calls.due()] == [[1, 2, 3], []]


def test_calls_that_came_before_a_chat_was_found_empty_are_over_and_later_ones_are_not():
    calls = Calls()
    calls.add([(1, 0.0), (1, 0.0), (2, 0.0), (1, 60.0)])
    last = calls.last
    calls.add([(1, 0.0)])
    calls.answer({1}, last)
    assert [calls.due(), calls.due()] == [[2, 1], []]
    assert [chat for _, _, chat in calls._waiting] == [1]
