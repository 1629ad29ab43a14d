"""Prints the SQL of the models for the dialect that rev names."""

import os

from sqlalchemy import create_mock_engine

from models import Base

URLS = {
    "postgres": "postgresql://",
    "mysql": "mysql://",
    "mariadb": "mariadb://",
    "sqlite": "sqlite://",
}


def show(statement, *_, **__):
    print(str(statement.compile(dialect=engine.dialect)).strip() + ";")


# It connects to nothing, and needs no driver. Named parameters leave a % as it is, which the drivers of
# PostgreSQL and MySQL would otherwise want doubled.
engine = create_mock_engine(URLS[os.environ["REV_DIALECT"]], show, paramstyle="named")
Base.metadata.create_all(engine, checkfirst=False)
