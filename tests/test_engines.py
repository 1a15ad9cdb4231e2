"""The databases of the tests do what the other tests rely on."""

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests.engines import Database


def test_reader_sees_what_the_admin_filled(database: Database) -> None:
    table = sa.Table("answers", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("score", sa.Integer))
    database.fill(table, [{"id": 1, "score": 9}, {"id": 2, "score": None}])
    database.run("INSERT INTO answers (id, score) VALUES (3, 4)")
    engine = sa.create_engine(database.reader, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.execute(sa.select(table).order_by("id")).all() == [(1, 9), (2, None), (3, 4)]
    engine.dispose()


@pytest.mark.parametrize("name", ["postgres", "mariadb"])
def test_reader_may_not_write(name: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(name)
    database.run("CREATE TABLE answers (id INT)")
    engine = sa.create_engine(database.reader, poolclass=NullPool)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql("INSERT INTO answers VALUES (1)")
    engine.dispose()
