"""Whose rights were suspended before the reason was kept may be given them back afterwards."""

from sqlalchemy import create_engine, text

from base.migrating import migrate
from tests.faults import migrating


def test_a_suspension_of_before_is_one_for_a_new_name(services):
    with migrating.empty_database(services) as url:
        migrating.migrate_to(url, "0024")
        engine = create_engine(url)
        with engine.begin() as connection:
            for role, moment in (("organizer", "market_now()"), ("rider", "null")):
                person = connection.scalar(text("insert into contact (name) values ('Awa') returning id"))
                connection.execute(
                    text(f"insert into role (contact_id, role, suspended_at) values (:person, :role, {moment})"),
                    {"person": person, "role": role},
                )
        migrate(url)
        with engine.connect() as connection:
            rows = connection.execute(text("select role, suspended_why from role order by id")).all()
        engine.dispose()
    assert [tuple(row) for row in rows] == [("organizer", "renamed"), ("rider", None)]
