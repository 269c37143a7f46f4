"""What was approved before templates had states may be sent right after the upgrade."""

from sqlalchemy import create_engine, text

from base.migrating import migrate
from tests.faults import migrating

BEFORE = {"new_order_fr": True, "order_news_fr": False, "fr_qr_2": False}
READ_BEFORE = text("select name, is_approved from channel_content order by name")


def test_what_was_approved_before_is_approved_after_the_upgrade(services):
    with migrating.empty_database(services) as url:
        migrating.migrate_to(url, "0027")
        engine = create_engine(url)
        with engine.begin() as connection:
            account = connection.scalar(
                text("insert into channel_account (key, kind) values ('a', 'simulator') returning id")
            )
            for name, is_approved in BEFORE.items():
                connection.execute(
                    text(
                        "insert into channel_content (account_id, name, provider_id, is_approved)"
                        " values (:a, :n, '7', :i)"
                    ),
                    {"a": account, "n": name, "i": is_approved},
                )
        migrate(url)
        with engine.connect() as connection:
            rows = connection.execute(text("select name, state from channel_content")).all()
            assert dict(map(tuple, rows)) == {"new_order_fr": "approved", "order_news_fr": None, "fr_qr_2": None}
            assert dict(map(tuple, connection.execute(READ_BEFORE).all())) == BEFORE
        engine.dispose()
