#!/usr/bin/env bash
# SQLAlchemy 2.0.44: DDL that is printed through `create_mock_engine`, as its own FAQ shows, doubles each
# percent sign on PostgreSQL and MySQL, in checks, computed columns, comments and names alike. A driver of the
# `%s` style halves them again; a file, or psql, does not. `CHECK (email LIKE '%@%')` becomes
# `LIKE '%%@%%'`, which means the same, but `CHECK (code <> '%')` becomes `<> '%%'`, which does not: the
# schema that was printed accepts what the models refuse. SQLite's is printed as it is.
# A dialect with `paramstyle="named"` prints each of them once.
#
# Seen: the three lines below `expected`.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check SQLAlchemy==2.0.44
cat >"$place/print.py" <<'PYTHON'
from sqlalchemy import CheckConstraint, Column, MetaData, String, Table, create_mock_engine

models = MetaData()
Table("coupons", models, Column("code", String(9), CheckConstraint("code <> '%'")))


def printed(url, **options):
    lines = []
    engine = create_mock_engine(
        url, lambda ddl, *_, **__: lines.append(str(ddl.compile(dialect=engine.dialect))), **options
    )
    models.create_all(engine, checkfirst=False)
    check = next(line for text in lines for line in text.splitlines() if "CHECK" in line)
    return check[check.index("CHECK"):]


for name in ["postgresql", "mysql", "sqlite"]:
    print(f"{name}: {printed(name + '://')} | named: {printed(name + '://', paramstyle='named')}")
PYTHON
seen=$("$place/venv/bin/python" "$place/print.py")
expected="postgresql: CHECK (code <> '%%') | named: CHECK (code <> '%')
mysql: CHECK (code <> '%%') | named: CHECK (code <> '%')
sqlite: CHECK (code <> '%') | named: CHECK (code <> '%')"
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'it behaves otherwise now' >&2; exit 1; }
