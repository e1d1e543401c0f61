"""SQLite without waiting for the disk: these tests kill processes, not machines."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _hasty_sqlite():
    import sqlalchemy

    def hurry(connection, record):
        if type(connection).__module__ == "sqlite3":
            connection.execute("pragma synchronous = off")

    sqlalchemy.event.listen(sqlalchemy.engine.Engine, "connect", hurry)
    yield
    sqlalchemy.event.remove(sqlalchemy.engine.Engine, "connect", hurry)
