"""The settings say everything that is wrong at once, and hold no secret in the open."""

import stat
from pathlib import Path

import pytest
import yaml

from base.config import ROOT, ConfigError, ensure_demo_secrets, load
from base.timing import Timing

TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000001",
    "TWILIO_AUTH_TOKEN": "the-auth-token",
    "TWILIO_WHATSAPP_FROM": "whatsapp:+22890000000",
}
PRODUCTION = {
    "ASSIGAME__ENVIRONMENT": "production",
    "SECRET_KEY": "the-secret-key",
    "PUBLIC_BASE_URL": "https://market.example/",
    "DATABASE_URL": "postgres://awa:password@db/market",
    "REDIS_URL": "redis://cache:6379/0",
    **TWILIO,
}


def problems_of(environ, path=None):
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return caught.value.problems


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_shipped_file_loads_with_no_variable_at_all():
    config = load(environ={})
    assert config.environment == "demo"
    assert config.server.base_url == "http://127.0.0.1:8000"
    assert config.var == ROOT / "var"
    assert config.database.url is None
    assert config.active_accounts() == ()
    assert config.silent_accounts() == {
        "twilio": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM"),
        "whatsapp": ("META_APP_SECRET", "META_VERIFY_TOKEN", "WHATSAPP_ACCESS_TOKEN", "WHATSAPP_PHONE_NUMBER_ID"),
        "messenger": ("META_APP_SECRET", "META_VERIFY_TOKEN", "MESSENGER_PAGE_TOKEN", "MESSENGER_PAGE_ID"),
        "simulator": ("SIMULATOR_SECRET",),
    }


def test_the_shipped_durations_are_those_of_the_design():
    timing = load(environ={}).timing
    assert timing == Timing()
    assert (timing.joins_words, timing.joins_words_most, timing.joins_photos, timing.joins_photos_most) == (
        1.2,
        4,
        3,
        8,
    )
    assert timing.retry_turn == (1, 5, 30, 120)
    assert timing.send_retry == (2, 8, 30, 120, 600)
    assert timing.send_retry_spread == 0.2
    assert (timing.reply_too_old, timing.notice_too_old, timing.notice_retry_after) == (3600, 259200, 3600)
    assert (timing.call_connect, timing.call_read, timing.call_most) == (3, 10, 30)
    assert (timing.lease, timing.uncertain_most, timing.early_report) == (30, 75, 600)
    assert timing.uncertain_look_ups == (45, 75)
    assert timing.attention_pause == 60
    assert timing.silence == 21600
    assert (timing.hold, timing.unanswered_order, timing.basket_kept) == (900, 86400, 604800)
    assert (timing.chat_kept, timing.seen_kept_beyond, timing.pin_kept) == (90 * 86400, 30 * 86400, 30 * 86400)
    assert (timing.order_in_chat, timing.order_open_most, timing.voice_kept) == (86400, 365 * 86400, 30 * 86400)
    assert (timing.erasure_grace, timing.erasure_again, timing.inactive_profile) == (7 * 86400, 86400, 730 * 86400)
    assert (timing.spool_aside_kept, timing.document_link) == (30 * 86400, 3600)
    assert (timing.vendor_reminded, timing.another_offered, timing.complained_of) == (900, 3600, 2592000)
    assert (timing.question_waits, timing.question_waits_most) == (600, 86400)
    assert (timing.rights_silent, timing.link_code, timing.link_tries) == (90 * 86400, 600, 3600)
    assert (timing.invariants_check, timing.figures_known) == (60, 5)


def test_a_faster_life_keeps_its_ratios():
    fast = Timing().divided_by(20)
    assert fast.lease == 1.5
    assert fast.retry_turn == (0.05, 0.25, 1.5, 6)
    assert fast.send_retry_spread == 0.2


@pytest.mark.parametrize("n", [1, 1.5, 5, 20, 1000])
def test_at_every_speed_a_call_without_an_answer_ends_before_its_lease_does(n):
    timing = Timing().divided_by(n)
    assert timing.call_connect + timing.call_read < timing.lease
    assert timing.call_read < timing.call_most <= timing.lease  # an answer in parts ends with it at the latest


def test_a_lease_that_a_call_without_an_answer_outlasts_is_refused():
    (problem,) = problems_of({"ASSIGAME__TIMING__LEASE": "4", "ASSIGAME__TIMING__CALL_READ": "1"})
    assert problem == (
        "timing.lease (ASSIGAME__TIMING__LEASE): Value error, should be longer than call_connect and call_read together"
    )


def test_the_shipped_rates_are_a_burst_of_ten_then_one_in_six_seconds():
    for account in load(environ={}).channel_accounts:
        if account.kind == "messenger":  # no rate per person; the Page's inbox suffers above forty a second
            assert (account.rates.sender_per_second, account.rates.recipient_burst) == (40, 0)
            continue
        assert account.rates.model_dump() == {
            "sender_per_second": 80,
            "recipient_burst": 10,
            "recipient_seconds": 6,
            "bulk_share": 0.7,
            "turns": 60,
            "equal_answers": 5,
        }


@pytest.mark.parametrize("none", ["null", "0", ""])
def test_a_recipient_rate_of_none_is_zero(none):
    config = load(environ={"ASSIGAME__CHANNEL_ACCOUNTS__0__RATES__RECIPIENT_BURST": none})
    assert config.channel_accounts[0].rates.recipient_burst == 0


def test_the_variables_fill_the_first_account_of_their_kind(written):
    path = written("channel_accounts:\n- {kind: simulator, key: s}\n- {kind: twilio_whatsapp, key: a}\n"
                   "- {kind: twilio_whatsapp, key: b}\n")  # fmt: skip
    config = load(path, {**TWILIO, "TWILIO_API_BASE": "http://127.0.0.1:9/"})
    (account,) = config.active_accounts()
    assert (account.key, account.sender) == ("a", "whatsapp:+22890000000")
    assert account.auth_token.reveal() == "the-auth-token"
    assert (account.api_base, account.content_base) == ("http://127.0.0.1:9", "http://127.0.0.1:9")
    assert config.silent_accounts()["b"] == tuple(
        f"ASSIGAME__CHANNEL_ACCOUNTS__2__{name}" for name in ("ACCOUNT_SID", "AUTH_TOKEN", "SENDER")
    )


def test_a_variable_makes_the_account_that_the_file_does_not_name(written):
    (account,) = load(written("environment: demo"), TWILIO).active_accounts()
    assert (account.kind, account.key) == ("twilio_whatsapp", "twilio_whatsapp")


def test_a_sender_may_be_given_without_its_prefix():
    (account,) = load(environ={**TWILIO, "TWILIO_WHATSAPP_FROM": "+22890000000"}).active_accounts()
    assert account.sender == "whatsapp:+22890000000"


def test_every_value_can_be_overridden():
    config = load(
        environ={
            "ASSIGAME__SERVER__PORT": "9000",
            "PORT": "8500",
            "ASSIGAME__TIMING__RETRY_TURN": "[1, 2]",
            "ASSIGAME__TIMING__LEASE": "14.5",
            "ASSIGAME__MARKET__DELIVERY_BANDS__1": "[9, 1100]",
            "ASSIGAME__MARKET__ORGANIZERS": '["+22890000001"]',
            "ASSIGAME__SIMULATOR__ENABLED": "false",
            "ASSIGAME_VAR": "/srv/market",
        }
    )
    assert config.server.port == 9000
    assert (config.timing.retry_turn, config.timing.lease) == ((1, 2), 14.5)
    assert config.market.delivery_bands == ((4, 500), (9, 1100), (13, 1500), (None, 2000))
    assert config.market.organizers == ("+22890000001",)
    assert not config.simulator_is_enabled
    assert config.var == Path("/srv/market")


def test_production_names_everything_that_is_missing_at_once():
    assert problems_of({"ASSIGAME__ENVIRONMENT": "production"}) == (
        "secret_key (SECRET_KEY): missing",
        "server.public_base_url (PUBLIC_BASE_URL): missing",
        "database.url (DATABASE_URL): missing",
        "redis.url (REDIS_URL): missing",
        "channel_accounts.0.account_sid (TWILIO_ACCOUNT_SID): missing",
        "channel_accounts.0.auth_token (TWILIO_AUTH_TOKEN): missing",
        "channel_accounts.0.sender (TWILIO_WHATSAPP_FROM): missing",
        "channel_accounts.1.app_secret (META_APP_SECRET): missing",
        "channel_accounts.1.verify_token (META_VERIFY_TOKEN): missing",
        "channel_accounts.1.access_token (WHATSAPP_ACCESS_TOKEN): missing",
        "channel_accounts.1.phone_number_id (WHATSAPP_PHONE_NUMBER_ID): missing",
        "channel_accounts.2.app_secret (META_APP_SECRET): missing",
        "channel_accounts.2.verify_token (META_VERIFY_TOKEN): missing",
        "channel_accounts.2.access_token (MESSENGER_PAGE_TOKEN): missing",
        "channel_accounts.2.page_id (MESSENGER_PAGE_ID): missing",
    )


def test_the_secrets_that_two_doors_share_begin_neither():
    shared = {"META_APP_SECRET": "s", "META_VERIFY_TOKEN": "t", "WHATSAPP_ACCESS_TOKEN": "a"}
    number = {"WHATSAPP_PHONE_NUMBER_ID": "1065"}
    assert problems_of({**PRODUCTION, **shared}) == (
        "channel_accounts.1.phone_number_id (WHATSAPP_PHONE_NUMBER_ID): missing",
    )
    active = load(environ={**PRODUCTION, **shared, **number}).active_accounts()
    assert [account.key for account in active] == ["twilio", "whatsapp"]
    assert active[1].secrets == (active[1].app_secret,)


def test_a_key_signs_and_those_beside_it_are_believed_while_it_is_being_changed():
    config = load(environ={**PRODUCTION, "LASTING_KEY": "first"})
    assert [one.reveal() for one in config.secret_key.believed] == ["the-secret-key"]
    assert (config.lasting_key.reveal(), config.secrets_beside()) == ("first", ())
    beside = {"SECRET_KEY_NEXT": "next", "SECRET_KEY_PREVIOUS": "old", "LASTING_KEY": "first"}
    tokens = {
        "TWILIO_AUTH_TOKEN_PREVIOUS": "t",
        "TWILIO_SIGNING_KEY_ID_PREVIOUS": "k",
        "TWILIO_SIGNING_KEY_SECRET_PREVIOUS": "w",
        "META_APP_SECRET_PREVIOUS": "s",
        "META_VERIFY_TOKEN_PREVIOUS": "v",
    }
    config = load(environ={**PRODUCTION, **beside, **tokens})
    assert [one.reveal() for one in config.secret_key.believed] == ["the-secret-key", "next", "old"]
    assert config.secrets_beside() == ("SECRET_KEY_NEXT", "SECRET_KEY_PREVIOUS", *tokens)
    twilio, whatsapp = config.channel_accounts[:2]
    assert [one.reveal() for one in twilio.auth_tokens] == ["the-auth-token", "t"]
    assert {key: secret.reveal() for key, secret in twilio.signing_keys.items()} == {"k": "w"}
    assert [one.reveal() for one in whatsapp.verify_tokens] == ["v"]


def test_codes_are_made_of_the_one_key_until_there_are_two():
    assert load(environ=PRODUCTION).lasting_key.reveal() == PRODUCTION["SECRET_KEY"]
    missing = "lasting_key (LASTING_KEY): missing: it is the key before, of which the codes of orders were made"
    assert problems_of({**PRODUCTION, "SECRET_KEY_PREVIOUS": "old"}) == (missing,)
    assert problems_of({**PRODUCTION, "SECRET_KEY_PREVIOUS": "old", "LASTING_KEY": "the-secret-key"}) == (missing,)


def test_the_signing_key_of_before_is_another_one():
    keys = {"TWILIO_SIGNING_KEY_ID": "k", "TWILIO_SIGNING_KEY_SECRET": "new"}
    before = {"TWILIO_SIGNING_KEY_ID_PREVIOUS": "k", "TWILIO_SIGNING_KEY_SECRET_PREVIOUS": "old"}
    (problem,) = problems_of({**PRODUCTION, **keys, **before})
    assert problem.endswith("signing_key_id_previous names the same key as signing_key_id, which has one secret only")


def test_production_refuses_a_half_filled_account():
    assert problems_of({**PRODUCTION, "TWILIO_AUTH_TOKEN": ""}) == (
        "channel_accounts.0.auth_token (TWILIO_AUTH_TOKEN): missing",
    )


def test_production_has_no_simulator_unless_it_is_switched_on():
    config = load(environ={**PRODUCTION, "SIMULATOR_SECRET": "s"})
    assert [account.kind for account in config.active_accounts()] == ["twilio_whatsapp"]
    assert sorted(config.silent_accounts()) == ["messenger", "whatsapp"]
    switched_on = load(environ={**PRODUCTION, "SIMULATOR_SECRET": "s", "ASSIGAME__SIMULATOR__ENABLED": "true"})
    assert [account.kind for account in switched_on.active_accounts()] == ["twilio_whatsapp", "simulator"]


@pytest.mark.parametrize(
    "more, kinds",
    [
        ({}, ["simulator"]),
        ({"TWILIO_ACCOUNT_SID": "AC0"}, ["simulator"]),
        (TWILIO, ["twilio_whatsapp"]),
        ({**TWILIO, "ASSIGAME__SIMULATOR__ENABLED": "true"}, ["twilio_whatsapp", "simulator"]),
    ],
    ids=["nothing else", "half an account", "a real channel", "a real channel, and switched on"],
)
def test_the_demo_has_its_simulator_until_a_real_channel_is_on(more, kinds):
    config = load(environ={"SIMULATOR_SECRET": "s", **more})
    assert [account.kind for account in config.active_accounts()] == kinds
    assert config.simulator_is_enabled == ("simulator" in kinds)


def test_addresses_are_put_into_the_form_the_program_uses():
    config = load(environ=PRODUCTION)
    assert config.server.base_url == "https://market.example"
    assert config.database.url == "postgresql+psycopg://awa:password@db/market"


def test_nothing_secret_is_in_the_printed_settings():
    printed = repr(load(environ=PRODUCTION))
    assert not [secret for secret in ("the-secret-key", "the-auth-token", "password") if secret in printed]


def test_unknown_and_wrong_settings_are_named_with_their_variables():
    environ = {
        "PORT": "abc",
        "ASSIGAME__FOO": "1",
        "ASSIGAME__TIMING__LEASE": "-1",
        "ASSIGAME__CHANNEL_ACCOUNTS__0__NOPE": "a",
    }
    assert sorted(problem.partition(":")[0] for problem in problems_of(environ)) == [
        "channel_accounts.0.nope (ASSIGAME__CHANNEL_ACCOUNTS__0__NOPE)",
        "foo (ASSIGAME__FOO)",
        "server.port (PORT)",
        "timing.lease (ASSIGAME__TIMING__LEASE)",
    ]


@pytest.mark.parametrize(
    "environ, problem",
    [
        (
            {"ASSIGAME__CHANNEL_ACCOUNTS__9__KEY": "a"},
            "ASSIGAME__CHANNEL_ACCOUNTS__9__KEY: 9 is not a place of a list of 4",
        ),
        ({"ASSIGAME__MARKET__ORGANIZERS": "[1"}, "ASSIGAME__MARKET__ORGANIZERS: not valid JSON"),
        ({"ASSIGAME__MARKET__ORGANIZERS": "[" * 100_000}, "ASSIGAME__MARKET__ORGANIZERS: not valid JSON"),
    ],
)
def test_an_override_that_fits_nowhere_is_named(environ, problem):
    assert problems_of(environ) == (problem,)


def test_a_secret_in_the_file_is_refused_and_not_repeated(written):
    path = written("secret_key: hunter2\nchannel_accounts: [{kind: simulator, key: s, secret: hunter3}]")
    problems = problems_of({}, path)
    assert [problem.partition(":")[0] for problem in problems] == ["secret_key", "channel_accounts.0.secret"]
    assert "hunter" not in "".join(problems)


def test_a_wrong_secret_is_not_repeated_by_the_error():
    for variable in ("TWILIO_SIGNING_KEY_ID", "TWILIO_SIGNING_KEY_SECRET_PREVIOUS"):
        (problem,) = problems_of({**TWILIO, variable: "the-key-id"})
        assert "go together: one of them is missing" in problem
        assert "the-key-id" not in problem


@pytest.mark.parametrize("text", ["a: [", "- a", "\tx: 1"])
def test_a_file_that_is_no_mapping_is_named(written, text):
    (problem,) = problems_of({}, written(text))
    assert problem.startswith("config.yaml: ")


@pytest.mark.parametrize(
    "text",
    ["x: 2026-13-45", "x: !!int ''", "x: !!bool maybe", "x: !!timestamp soon", "[" * 2_000],
)
def test_a_value_that_is_not_what_it_says_to_be_is_named(written, text):
    problem = "config.yaml: not valid YAML: a value is not what it says to be"
    assert problems_of({}, written(text)) == (problem,)


def test_a_part_that_holds_itself_is_named(written):
    assert problems_of({}, written("market: &it [*it]")) == ("config.yaml: a part of it holds itself",)


def test_the_variables_make_an_account_where_the_file_has_an_empty_list(written):
    (account,) = load(written("channel_accounts:\n"), TWILIO).active_accounts()
    assert account.key == "twilio_whatsapp"


def test_accounts_that_are_no_list_are_named(written):
    (problem,) = problems_of(TWILIO, written("channel_accounts: {twilio: 1}"))
    assert problem == "TWILIO_ACCOUNT_SID: channel_accounts is no list of accounts"


@pytest.mark.parametrize("var", ["~nobody-of-that-name/market", "/var\x00/market"])
def test_a_folder_that_this_machine_cannot_have_is_named(written, var):
    (problem,) = problems_of({}, written(yaml.safe_dump({"var": var})))
    assert problem.startswith("var (ASSIGAME_VAR): Value error, should be ")


@pytest.mark.parametrize("address", ["http://", "https:///webhooks", "http://[", "https://market.example:99999"])
def test_an_address_that_leads_nowhere_is_named(address):
    (problem,) = problems_of({"PUBLIC_BASE_URL": address})
    assert problem.startswith("server.public_base_url (PUBLIC_BASE_URL): Value error, should have a host")


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert problems_of({}, tmp_path / "config.yaml") == ("config.yaml: cannot be read: No such file or directory",)


def test_the_same_key_twice_is_refused(written):
    path = written("channel_accounts: [{kind: simulator, key: s}, {kind: twilio_whatsapp, key: s}]")
    assert problems_of({}, path) == ("channel_accounts: the key s is used twice",)


def test_the_demo_makes_its_secrets_once_for_its_owner_only(tmp_path):
    config = load(environ={"ASSIGAME_VAR": str(tmp_path / "var")})
    first, second = ensure_demo_secrets(config), ensure_demo_secrets(config)
    assert first == second
    assert [account.key for account in first.active_accounts()] == ["simulator"]
    assert len(first.secret_key.reveal()) == 64
    assert first.secret_key != first.channel_accounts[3].secret
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]


def test_a_secret_that_is_given_is_kept(tmp_path):
    config = load(environ={"ASSIGAME_VAR": str(tmp_path), "SECRET_KEY": "mine"})
    assert ensure_demo_secrets(config).secret_key.reveal() == "mine"


def test_production_makes_no_secret(tmp_path):
    config = load(environ={**PRODUCTION, "ASSIGAME_VAR": str(tmp_path)})
    assert ensure_demo_secrets(config) == config
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_file_holds_secrets_as_variables_only():
    (twilio, whatsapp, messenger, simulator) = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))[
        "channel_accounts"
    ]
    assert (twilio["auth_token"], simulator["secret"]) == ("${TWILIO_AUTH_TOKEN}", "${SIMULATOR_SECRET}")
    assert whatsapp["access_token"] == "${WHATSAPP_ACCESS_TOKEN}"
    assert messenger["access_token"] == "${MESSENGER_PAGE_TOKEN}"
