"""The load's own wire: what a door did not take is told, and never sent again in silence."""

import asyncio
from collections import Counter

from bench import wire
from bench.load import Crowd, is_refusal, knock_with
from bench.provider import Inbound, Said
from bench.wire import Caller, port_of, serve


def posted(answers, targets, *, ended_by=None):
    """What became of a post to each target in turn at a server with these answers; what it saw; its connections."""
    seen, connections = [], []

    async def scene():
        def handler(method, target, body):
            seen.append((target, body))
            return answers.pop(0)

        server = await serve(handler)
        caller = Caller(port_of(server), 4)
        connect = caller._connect

        async def connecting():
            connections.append(await connect())
            return connections[-1]

        caller._connect = connecting
        refusals = []
        for target in targets:
            refusals.append(await caller.refusal(target, b"x=1", "s"))
            if ended_by:
                await ended_by(caller)
        caller.close()
        server.close()
        return refusals

    return asyncio.run(scene()), seen, len(connections)


def test_a_request_whose_connection_breaks_amid_it_is_told_and_not_sent_again():
    answers = [(200, b"{}"), None, (200, b"{}")]

    refusals, seen, connections = posted(answers, ["/a", "/b", "/c"])

    assert refusals == ["", "connection broken", ""]
    assert seen == [("/a", b"x=1"), ("/b", b"x=1"), ("/c", b"x=1")]
    assert connections == 2


def test_a_connection_that_is_in_use_stays():
    assert posted([(200, b"{}")] * 3, ["/a", "/b", "/c"]) == (
        [""] * 3, [("/a", b"x=1"), ("/b", b"x=1"), ("/c", b"x=1")], 1
    )  # fmt: skip


def test_a_connection_that_was_idle_for_long_is_left_before_its_server_closes_it(monkeypatch):
    monkeypatch.setattr(wire, "IDLE", 0.0)
    refusals, _, connections = posted([(200, b"{}")] * 3, ["/a", "/b", "/c"])
    assert (refusals, connections) == ([""] * 3, 3)


def test_a_connection_whose_end_is_seen_before_a_request_is_no_break():
    async def closed(caller):
        caller._idle[0].transport.abort()
        await asyncio.sleep(0)

    refusals, _, connections = posted([(200, b"{}")] * 2, ["/a", "/b"], ended_by=closed)
    assert (refusals, connections) == (["", ""], 2)


def test_what_a_door_does_not_take_is_counted_by_its_kind():
    wrong = Counter()

    async def scene():
        answers = [(503, b"{}"), None]
        server = await serve(lambda *_: answers.pop(0))
        caller = Caller(port_of(server), 4)
        for _ in range(2):
            await knock_with(caller, Inbound("/a", b"", ""), wrong)
        caller.close()
        server.close()
        await server.wait_closed()
        await knock_with(caller, Inbound("/a", b"", ""), wrong)

    asyncio.run(scene())
    assert wrong == {"answer 503": 1, "connection broken": 1, "answer 0": 1}
    assert all(map(is_refusal, wrong))
    assert not any(map(is_refusal, ("no reply", "no report", "said twice", "no buyer free")))


def test_a_report_that_a_door_does_not_take_is_counted_in_its_stretch():
    async def scene():
        server = await serve(lambda *_: (503, b"{}"))
        crowd = Crowd(port_of(server), 1, 0)
        said = Said("SM1", next(iter(crowd.buyers)), (), "Combien ?")
        await crowd.provider._report(said, f"http://127.0.0.1:{port_of(server)}/status")
        crowd.close()
        server.close()
        return crowd.figures.wrong

    wrong = asyncio.run(scene())
    assert wrong == {"report: answer 503": 3}
    assert all(map(is_refusal, wrong))
