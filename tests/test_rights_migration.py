"""Who had said yes, no or nothing before the switches were parted wants the same afterwards."""

from sqlalchemy import create_engine, text

from base.migrating import migrate
from tests.faults import migrating

PEOPLE = {  # name -> (wants_announcements before, the log's lines about announcements)
    "said nothing": (True, []),
    "said STOP": (False, [False]),
    "said START": (True, [True]),
    "said STOP, then START": (True, [False, True]),
    "said START, then STOP": (False, [True, False]),
}
AFTER = {  # name -> (wants_announcements, wants_reminders)
    "said nothing": (False, True),
    "said STOP": (False, False),
    "said START": (True, True),
    "said STOP, then START": (True, True),
    "said START, then STOP": (False, False),
}


def test_announcements_stay_with_who_said_start_and_reminders_with_who_did_not_say_stop(services):
    with migrating.empty_database(services) as url:
        migrating.migrate_to(url, "0005")
        engine = create_engine(url)
        with engine.begin() as connection:
            account = connection.scalar(
                text("insert into channel_account (key, kind) values ('a', 'simulator') returning id")
            )
            for name, (wants, given) in PEOPLE.items():
                person = connection.scalar(
                    text("insert into contact (name, wants_announcements) values (:name, :wants) returning id"),
                    {"name": name, "wants": wants},
                )
                for one in given:
                    connection.execute(
                        text(
                            "insert into consent (contact_id, what, is_given, words, account_id)"
                            " values (:person, 'announcements', :given, 'x', :account)"
                        ),
                        {"person": person, "given": one, "account": account},
                    )
        migrate(url)
        with engine.connect() as connection:
            rows = connection.execute(text("select name, wants_announcements, wants_reminders from contact")).all()
        engine.dispose()
    assert {row.name: (row.wants_announcements, row.wants_reminders) for row in rows} == AFTER
