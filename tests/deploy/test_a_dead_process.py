"""The alarm of one process among several that does not answer: each fate of a scraped port, judged by promtool."""

import pytest
import yaml

from base.config import ROOT
from tests.deploy.test_alerts import ALERTS, RULES, STEP, judged
from tests.deploy.test_runbook import RUNBOOK

ALERT = "ProcessDown"
WORKERS = ("127.0.0.1:9001", "127.0.0.1:9002", "127.0.0.1:9003")
THE_ONE = WORKERS[1]
LIVES = 40  # scrapes, ten minutes, before anything befalls it
# one scrape while it lives and three while it begins again: a process that dies on what it is given
DIES_EACH_MINUTE = " ".join(["1 0 0 0"] * 20)


def scrapes(*parts):
    """So many scrapes (1: it answered) after it has lived for ten minutes, as promtool writes them."""
    return " ".join(f"{answered}+0x{count - 1}" for answered, count in ((1, LIVES), *parts))


def judge(tmp_path, values, minutes):
    """What promtool says of one worker of three with these scrapes: when (minutes after them) does it ring?"""
    series = [
        {"series": f'up{{job="assigame", instance="{one}"}}', "values": values if one == THE_ONE else scrapes((1, 80))}
        for one in WORKERS
    ]
    return told(tmp_path, series, {"severity": "ticket", "job": "assigame", "instance": THE_ONE}, LIVES, minutes)


def told(tmp_path, series, labels, began, minutes):
    """What promtool finds where the alarm rings, or not, so many minutes after the scrape `began`."""
    rings = {"exp_labels": labels, "exp_annotations": ALERTS[ALERT]["annotations"]}
    tests = [
        {
            "eval_time": f"{began * STEP + int(60 * minute)}s",
            "alertname": ALERT,
            "exp_alerts": [rings] if is_told else [],
        }
        for minute, is_told in minutes.items()
    ]
    one = {"interval": f"{STEP}s", "input_series": series, "alert_rule_test": tests}
    return judged(tmp_path, {"rule_files": [str(RULES)], "evaluation_interval": f"{STEP}s", "tests": [one]})


FATES = {
    "dead for good": (scrapes((0, 80)), {4.75: False, 5: True, 15: True}),
    "begun anew after four minutes": (scrapes((0, 16), (1, 64)), {3.75: False, 4: False, 10: False, 15: False}),
    "begun anew after four minutes and three quarters": (scrapes((0, 19), (1, 61)), {4.75: False, 5: False, 9: False}),
    "two rolls of two minutes": (scrapes((0, 8), (1, 8), (0, 8), (1, 56)), {2: False, 6: False, 10: False}),
    "back after six minutes": (scrapes((0, 24), (1, 56)), {5: True, 6: True, 10.5: True, 11: False}),
    "begun and dead each minute": (f"1+0x{LIVES - 1} {DIES_EACH_MINUTE}", {6.5: False, 7: True, 19: True}),
}


@pytest.mark.parametrize("fate", FATES)
def test_one_dead_of_three_workers_rings_and_a_roll_does_not(fate, tmp_path):
    values, minutes = FATES[fate]
    assert judge(tmp_path, values, minutes) == ""


def test_the_judge_tells_of_this_alarm_too_when_it_is_silent_or_rings_in_vain(tmp_path):
    assert ALERT in judge(tmp_path, scrapes((0, 80)), {4.75: True})
    assert ALERT in judge(tmp_path, scrapes((1, 80)), {5: True})
    assert ALERT in judge(tmp_path, scrapes((0, 80)), {5: False})


def test_a_port_that_is_watched_before_its_process_begins_has_five_minutes(tmp_path):
    never = f"_x{LIVES} 0+0x79"
    assert judge(tmp_path, never, {4.75: False, 5: True}) == ""


def judge_containers(tmp_path, ends, begins, minutes):
    """The same of four containers, one of which has no name from `ends` on; one more is named from `begins` on."""
    series = [
        {"series": f'up{{job="assigame", instance="172.18.0.{number}:8000"}}', "values": values}
        for number, values in enumerate(
            ["1+0x1600", "1+0x1600", "1+0x1600", f"1+0x{ends - 1} stale", f"_x{begins} 1+0x{1600 - begins}"], start=2
        )
    ]
    return told(tmp_path, series, {"severity": "ticket"}, ends, minutes)


def test_a_container_that_is_named_no_more_rings_until_that_is_how_it_is(tmp_path):
    rings = {4.5: False, 5.5: True, 90: True, 179: True, 185: False}  # half of the six hours are over then
    assert judge_containers(tmp_path, 720, 1599, rings) == ""


def test_a_container_that_another_one_follows_rings_for_nobody(tmp_path):
    calm = {1: False, 4: False, 5.5: False, 30: False}
    assert judge_containers(tmp_path, 720, 716, calm) == ""  # a roll: one more first
    assert judge_containers(tmp_path, 720, 736, calm) == ""  # begun again after four minutes


def test_prometheus_is_told_of_each_process_that_the_target_begins():
    begun = (ROOT / "deploy" / "systemd" / "assigame.target").read_text().split()
    doors = [word.partition("@")[2].removesuffix(".service") for word in begun if "assigame-web@" in word]
    workers = [f"900{word.partition('@')[2].removesuffix('.service')}" for word in begun if "assigame-worker@" in word]
    block = RUNBOOK.partition("```yaml\nrule_files:")[2].partition("```")[0].partition("\n")[2]
    (told,) = yaml.safe_load(block)["scrape_configs"]
    assert told["job_name"] == "assigame"
    assert told["static_configs"][0]["targets"] == [f"127.0.0.1:{port}" for port in doors + workers]
    assert told["scrape_interval"] == f"{STEP}s"
