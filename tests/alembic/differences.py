#!/usr/bin/env python3
"""Measures what Alembic's autogenerate makes of the changes in tests/cases/differences.

Only needed to measure anew; the tests read the `alembic:` lines that this writes and need neither Python
nor Alembic:

    python3 -m venv /tmp/alembic
    /tmp/alembic/bin/pip install alembic==1.20.1 sqlalchemy==2.1.9 psycopg2-binary pymysql pyyaml
    cargo build
    /tmp/alembic/bin/python tests/alembic/differences.py target/debug/rev

REV_TEST_POSTGRES and REV_TEST_MARIADB are the servers' addresses, as for the tests. The databases that it
makes have names that start with `al_`, and it drops them.

For each change and dialect a database A is made as it is before, and a database B as it is after. The models
are what SQLAlchemy reflects of B, which is more than models usually say. Where a person would say it otherwise,
or where reflection loses what a model can say, `as_written` puts it right, so that Alembic is not blamed for it.
What models cannot say at all (a view, a trigger, a partition, a virtual table) is not in them.
Autogenerate compares A with these models; what it writes is rendered, run on A and committed. `rev diff` judges
whether A is then like B:

    seen and made            what Alembic writes leads to B
    seen, not made right     it finds something, and what it writes fails or leaves a difference
    off unless asked for     it finds something, made right or not, only with compare_server_default=True and
                             the plugin alembic.ext.checkconstraint_byname
    missed                   it finds nothing, or its search ends with a traceback

A change that counts for nothing `does not count` if Alembic finds nothing too, and else is a `false alarm`.

The `alembic:` line of each change is rewritten with that; the rest of the files stays as it is.

    differences.py REV --only enum --show     measures these changes, shows what was written and what was left,
                                              and rewrites nothing
"""

import argparse
import multiprocessing
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback
import types
import warnings

import alembic
import sqlalchemy as sa
import yaml
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import mysql, postgresql, sqlite

PINNED = "1.20.1"
SECONDS = 20
CASES = pathlib.Path(__file__).resolve().parent.parent / "cases" / "differences"
FILES = ["tables", "columns", "constraints", "indexes", "types", "objects"]
DIALECTS = {"postgres": "PostgreSQL", "mariadb": "MariaDB", "sqlite": "SQLite"}
WORDS = ["seen and made", "seen, not made right", "off unless asked for", "missed", "does not count", "false alarm"]


# What is off by default. Comparing types is on.
ASKED = {
    "compare_server_default": True,
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
}


class Named(sa.types.UserDefinedType):
    """A type that SQLAlchemy does not know, as a project writes one of its own."""

    cache_ok = True

    def __init__(self, name):
        self.name = name

    def get_col_spec(self, **_):
        return self.name


class Late(Exception):
    """A change took too long."""


class Server:
    """Where the databases of a dialect are."""

    def __init__(self, dialect, folder):
        self.dialect = dialect
        self.folder = folder
        if dialect == "sqlite":
            return
        self.address = os.environ["REV_TEST_POSTGRES" if dialect == "postgres" else "REV_TEST_MARIADB"]
        self.admin = sa.create_engine(self.url(self.address), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def url(self, address):
        """An address as SQLAlchemy takes it."""
        driver = {"postgres": "postgresql+psycopg2", "mariadb": "mysql+pymysql", "sqlite": "sqlite"}[self.dialect]
        url = sa.make_url(re.sub(r"^\w+:", driver + ":", address))
        return url.update_query_dict({"charset": "utf8mb4"}) if self.dialect == "mariadb" else url

    def place(self, name):
        """The address of a database, as `rev` takes it."""
        if self.dialect == "sqlite":
            return f"sqlite://{self.folder}/{name}.db"
        return re.sub(r"/[^/]*$", f"/al_{os.getpid()}_{name}", self.address)

    def drop(self, name):
        if self.dialect == "sqlite":
            (self.folder / f"{name}.db").unlink(missing_ok=True)
            return
        force = " WITH (FORCE)" if self.dialect == "postgres" else ""
        with self.admin.connect() as there:
            there.exec_driver_sql(f"DROP DATABASE IF EXISTS al_{os.getpid()}_{name}{force}")

    def make(self, name, sql):
        """A new database with this in it, as an engine."""
        self.drop(name)
        if self.dialect == "sqlite":
            file = self.folder / f"{name}.db"
            here = sqlite3.connect(file)
            # SQLAlchemy does not see the name of a foreign key that is said with its column, and never says it so.
            inline = r"(\w+) integer CONSTRAINT (\w+) REFERENCES ([^,]*?\(\w+\)[^,)]*)(?=,|\);)"
            here.executescript(re.sub(inline, r"\1 integer, CONSTRAINT \2 FOREIGN KEY (\1) REFERENCES \3", sql))
            here.close()
            return sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
        charset = " CHARACTER SET utf8mb4" if self.dialect == "mariadb" else ""
        with self.admin.connect() as there:
            there.exec_driver_sql(f"CREATE DATABASE al_{os.getpid()}_{name}{charset}")
        options = {"options": f"-c statement_timeout={SECONDS}s"}
        if self.dialect == "mariadb":
            options = {"read_timeout": SECONDS, "client_flag": 1 << 16}  # several statements at once
        engine = sa.create_engine(self.url(self.place(name)), poolclass=sa.NullPool, connect_args=options)
        if sql.strip():
            raw = engine.raw_connection()
            cursor = raw.cursor()
            cursor.execute(sql)
            while self.dialect == "mariadb" and cursor.nextset():
                pass
            raw.commit()
            raw.close()
        return engine


def models_of(engine, change):
    """What the models say: what is reflected, as a person would write it."""
    metadata = sa.MetaData()
    inspector = sa.inspect(engine)
    metadata.reflect(engine)
    if engine.dialect.name == "postgresql":
        for schema in inspector.get_schema_names():
            if schema not in ("public", "information_schema"):
                metadata.reflect(engine, schema=schema)
    as_written(metadata, engine, change)
    return metadata


def as_written(metadata, engine, change):
    """Puts right where reflection says something else than models do, or less than they can."""
    dialect = engine.dialect.name
    tables = metadata.tables
    if dialect == "postgresql":
        # A serial column is one without a default that counts by itself.
        # The default and NOT NULL of a domain are its own and not the column's, and it is to be made.
        for table in tables.values():
            for column in table.columns:
                if isinstance(column.type, postgresql.DOMAIN):
                    domain = column.type
                    column.nullable = True
                    domain.create_type = True
                    if domain.collation == "default":
                        domain.collation = domain.data_type.collation = None
                default = getattr(column.server_default, "arg", None)
                if f"nextval('{table.name}_{column.name}_seq'" in str(default):
                    column.server_default = None
                    column.autoincrement = True
        # What is a partition cannot be said.
        for table in list(tables.values()):
            if table.dialect_options["postgresql"]["inherits"]:
                metadata.remove(table)
    if dialect == "mysql":
        # The index that a foreign key brings along is not in the models.
        for table in tables.values():
            keys = {key.name for key in table.foreign_key_constraints}
            for index in list(table.indexes):
                if index.name in keys:
                    table.indexes.remove(index)
    if dialect == "sqlite":
        # Virtual tables and what is behind them cannot be said.
        with engine.connect() as there:
            query = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
            virtual = there.exec_driver_sql(query).scalars().all()
        for table in list(tables.values()):
            if any(table.name == name or table.name.startswith(name + "_") for name in virtual):
                metadata.remove(table)
    lost = LOST.get(change, {}).get(dialect)
    if lost:
        lost(tables)


def index(*what):
    """A model's index instead of the reflected one."""

    def instead(tables):
        table = tables["t"]
        for old in [old for old in table.indexes if old.name == "ix"]:
            table.indexes.remove(old)
        sa.Index("ix", *[one(table.c) for one in what])

    return instead


def later(table):
    """The table's only foreign key is added once all tables are there, as SQLAlchemy wants it for a circle."""

    def instead(tables):
        (key,) = tables[table].foreign_key_constraints
        key.use_alter = True
        for element in key.elements:
            element.use_alter = True

    return instead


def set_on(column, attribute, value):
    """Something about a column of t."""
    return lambda tables: setattr(tables["t"].c[column], attribute, value)


# What reflection loses and a model can say.
LOST = {
    "tables that refer to each other added": {
        "postgresql": later("a"),
        "mysql": later("a"),
    },
    "generated column added": {
        "sqlite": lambda tables: setattr(tables["t"].c.b.computed, "sqltext", sa.text("a * 2")),
    },
    "sequence added": {"mysql": set_on("id", "server_default", sa.DefaultClause(sa.text("nextval(numbers)")))},
    "composite type added": {"postgresql": set_on("p", "type", Named("point3"))},
    "range type added": {"postgresql": set_on("r", "type", Named("float_range"))},
    "index added": {
        "sqlite": index(lambda c: c.a, lambda c: c.b.desc()),
        "mysql": index(lambda c: c.a, lambda c: c.b.desc()),
    },
    "direction of an index changed": {
        "sqlite": index(lambda c: c.a.desc()),
        "mysql": index(lambda c: c.a.desc()),
    },
    "expression of an index changed": {"sqlite": index(lambda c: sa.func.lower(c.b))},
    "operator class of an index changed": {"sqlite": index(lambda c: c.a.collate("NOCASE"))},
    "collation of a column changed": {
        "sqlite": set_on("name", "type", sa.Text(collation="NOCASE")),
    },
    "exclusion added": {
        "postgresql": lambda tables: tables["t"].append_constraint(
            postgresql.ExcludeConstraint((tables["t"].c.during, "&&"), name="ex", using="gist")
        ),
    },
}


def generate(engine, metadata, asked):
    """What Alembic writes; nothing if it finds nothing."""
    with engine.connect() as there:
        options = {"target_metadata": metadata, **(ASKED if asked else {})}
        context = MigrationContext.configure(there, opts=options)
        script = produce_migrations(context, metadata)
        if script.upgrade_ops.is_empty():
            return None
        return render_python_code(
            script.upgrade_ops,
            render_as_batch=engine.dialect.name == "sqlite",
            user_module_prefix="own.",
            migration_context=context,
        )


def run(engine, code):
    """Runs it as a revision would; what goes wrong, if anything."""
    try:
        with engine.begin() as there:
            op = Operations(MigrationContext.configure(there))
            names = {"op": op, "sa": sa, "postgresql": postgresql, "mysql": mysql, "sqlite": sqlite}
            names["own"] = types.SimpleNamespace(Named=Named)
            exec(f"def upgrade():\n    {code}\n\nupgrade()", names)  # noqa: S102
    except Late:
        raise
    except Exception as error:  # noqa: BLE001: whatever it is, the change is not made
        return f"{type(error).__name__}: {error}".split("\n[SQL")[0]
    return None


def judge(rev, server):
    """What is left between A and B, as `rev diff` shows it; nothing if they are alike."""
    (server.folder / "store.yaml").write_text(
        f"databases: {{a: {{url: '{server.place('a')}'}}, b: {{url: '{server.place('b')}'}}}}\n"
    )
    command = [rev, "-C", str(server.folder), "-d", "a", "diff", "db:a", "db:b"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"rev diff: {done.stdout}{done.stderr}")
    return "" if done.stdout.strip() == "no difference" else done.stdout.strip() or "a difference"


def measure(rev, server, change, own):
    """The word for a change, and what there is to show."""
    shown = []
    there = server.make("b", own["after"])
    here = server.make("a", own["before"])
    if not own.get("equal") and not judge(rev, server):
        shown.append("NOTE: no difference before anything is done")
    metadata = models_of(there, change)
    words = {}
    for asked in (False, True):
        name = "asked" if asked else "usual"
        try:
            code = generate(here, metadata, asked)
        except Late:
            raise
        except Exception as error:  # noqa: BLE001: it ends with a traceback
            shown.append(f"[{name}] NOTE: its search fails: {type(error).__name__}: {error}")
            words[asked] = "missed"
            continue
        if code is None:
            shown.append(f"[{name}] nothing found")
            words[asked] = "missed"
            continue
        shown.append(f"[{name}] {code.strip()}")
        wrong = run(here, code)
        left = judge(rev, server)
        shown.append(f"[{name}] fails: {wrong}" if wrong else f"[{name}] left: {left or 'nothing'}")
        words[asked] = "seen, not made right" if wrong or left else "seen and made"
        if words[False] == "seen and made":
            break
        here = server.make("a", own["before"])
    if own.get("equal"):
        return "does not count" if words[False] == "missed" else "false alarm", shown
    if words[False] == "missed" and words[True] != "missed":
        shown.append(f"NOTE: asked for, it is {words[True]}")
        return "off unless asked for", shown
    if words.get(True) == "seen and made" and words[False] != "seen and made":
        shown.append("NOTE: asked for, it is made right")
    return words[False], shown


def late(*_):
    raise Late()


def all_of(dialect, rev, cases):
    """The words for each change on a dialect."""
    signal.signal(signal.SIGALRM, late)
    warnings.simplefilter("ignore")
    answers = {}
    with tempfile.TemporaryDirectory(prefix="al_") as folder:
        server = Server(dialect, pathlib.Path(folder))
        for case in cases:
            own = case.get(dialect) or case.get("all")
            if "none" in own:
                continue
            signal.alarm(SECONDS)
            try:
                answers[case["change"]] = measure(rev, server, case["change"], own)
            except (Late, subprocess.TimeoutExpired):
                answers[case["change"]] = None, [f"NOTE: more than {SECONDS} seconds"]
            except Exception:  # noqa: BLE001: the others are measured all the same
                answers[case["change"]] = None, [f"NOTE: {traceback.format_exc()}"]
            finally:
                signal.alarm(0)
        server.drop("a")
        server.drop("b")
    return answers


def line_of(words):
    """The words by dialect, in one line."""
    if len(set(words.values())) == 1:
        return next(iter(words.values()))
    parts = []
    for word in WORDS:
        names = [DIALECTS[dialect] for dialect in DIALECTS if words.get(dialect) == word]
        if names:
            parts.append(f"{word} on {', '.join(names)}")
    return "; ".join(parts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rev", help="the `rev` that judges")
    parser.add_argument("--only", default="", help="changes whose name matches this")
    parser.add_argument("--show", action="store_true", help="show what was written and left; rewrite nothing")
    options = parser.parse_args()
    if alembic.__version__ != PINNED:
        sys.exit(f"this is Alembic {alembic.__version__}, and {PINNED} is to be measured")
    rev = os.path.abspath(options.rev)
    cases = []
    for file in FILES:
        cases += yaml.safe_load((CASES / f"{file}.yaml").read_text())
    chosen = [case for case in cases if re.search(options.only, case["change"])]
    with multiprocessing.Pool(len(DIALECTS)) as pool:
        found = dict(zip(DIALECTS, pool.starmap(all_of, [(dialect, rev, chosen) for dialect in DIALECTS], chunksize=1)))
    lines, unknown = {}, 0
    for case in chosen:
        change = case["change"]
        words = {dialect: found[dialect][change][0] for dialect in DIALECTS if change in found[dialect]}
        for dialect in words:
            word, shown = found[dialect][change]
            if options.show or word is None:
                print(f"=== {change} | {dialect} | {word}", *shown, sep="\n")
        if None in words.values():
            unknown += 1
            continue
        lines[change] = line_of(words)
    for dialect in DIALECTS:
        counts = [(word, sum(answer[0] == word for answer in found[dialect].values())) for word in WORDS]
        print(f"{DIALECTS[dialect]}:", ", ".join(f"{count} {word}" for word, count in counts if count))
    if not options.show:
        for file in FILES:
            path = CASES / f"{file}.yaml"
            change, text = None, []
            for line in path.read_text().splitlines(keepends=True):
                if line.startswith("- change: "):
                    change = yaml.safe_load(line)[0]["change"]
                if line.startswith("  alembic: ") and change in lines:
                    line = f"  alembic: {lines[change]}\n"
                text.append(line)
            path.write_text("".join(text))
    if unknown:
        sys.exit(f"{unknown} changes could not be measured; their lines are as they were")


if __name__ == "__main__":
    main()
