#!/usr/bin/env python3
"""Records what Alembic answers to random questions, for tests/it/alembic.rs to compare with.

Only needed to record anew; the tests read the files and need neither Python nor Alembic:

    python3 -m venv /tmp/alembic && /tmp/alembic/bin/pip install alembic==1.20.1
    /tmp/alembic/bin/python tests/alembic/record.py

Alembic's own planning runs in memory: RevisionMap, ScriptDirectory's _upgrade_revs, _downgrade_revs
and _stamp_revs, and HeadMaintainer for the rows of alembic_version. The seed is fixed, so the files
change only if Alembic or this script does.

A line of cases/*.jsonl is a graph with the questions asked of it:

    {"graph": [[id, [parent…], [dependency…], [label…]], …],
     "cases": [[[row…], command, [name…], "ok", [step…], [row after…]],
               [[row…], command, [name…], kind of refusal, message], …]}

The rows are the state before. A step is an id: it goes up in an upgrade and down in a downgrade; a
stamp has none. The kind of a refusal is "refused" where Alembic says what is wrong, "crashed" where
it ends with a traceback.
"""

import json
import os
import pathlib
import random
import sys
import warnings

PINNED = "1.20.1"
SEED = 20261122
GRAPHS = 1200
CASES = 10
FILES = 3
HERE = pathlib.Path(__file__).resolve().parent

if os.environ.get("PYTHONHASHSEED") != "0":
    # Alembic iterates over sets of strings.
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

import alembic  # noqa: E402
from alembic.runtime.migration import HeadMaintainer  # noqa: E402
from alembic.script.base import ScriptDirectory  # noqa: E402
from alembic.script.revision import Revision, RevisionMap  # noqa: E402
from alembic.util import CommandError  # noqa: E402

LABELS = ["billing", "catalog", "core", "auth", "ops"]
random = random.Random(SEED)


class Module:
    """The part of a revision's file that planning asks for."""

    @staticmethod
    def upgrade(**_):
        pass

    downgrade = upgrade


class Script(Revision):
    """A revision without a file."""

    module = Module
    doc = ""


class Rows(HeadMaintainer):
    """The version table as a set; a statement that hits no row fails, as it does in a database."""

    def __init__(self, heads):
        self.heads = set(heads)

    def _insert_version(self, version):
        assert version not in self.heads
        self.heads.add(version)

    def _delete_version(self, version):
        self.heads.remove(version)

    def _update_version(self, from_, to_):
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)


class Alembic:
    """A graph in Alembic's hands."""

    def __init__(self, graph):
        self.graph = graph
        self.script = ScriptDirectory.__new__(ScriptDirectory)
        self.script.revision_map = RevisionMap(
            lambda: [
                Script(id, tuple(parents) or None, dependencies=tuple(needs) or None, branch_labels=tuple(labels) or None)
                for id, parents, needs, labels in graph
            ]
        )

    def ask(self, rows, command, names):
        """The answer: ("ok", steps, rows after) or (kind, message)."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if command == "stamp":
                    steps = self.script._stamp_revs(tuple(names), tuple(rows))
                elif command == "upgrade":
                    steps = self.script._upgrade_revs(names[0], tuple(rows))
                else:
                    steps = self.script._downgrade_revs(names[0], tuple(rows))
                after = Rows(rows)
                for step in steps:
                    after.update_to_step(step)
        except CommandError as error:
            return "refused", str(error)
        except Exception as error:  # noqa: BLE001: a traceback is an answer too
            return "crashed", f"{type(error).__name__}: {error}"
        ran = [] if command == "stamp" else sorted(step.revision.revision for step in steps)
        return "ok", ran, sorted(after.heads)


def random_graph():
    """Revisions with labels, dependencies, forks, merges and several bases, parents first."""
    size = random.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    stem = random.choice(["", "", "", "ab", "c0ff"])  # ids that share a beginning
    ids = set()
    while len(ids) < size:
        length = random.choice([2, 4, 4, 6, 12])
        word = random.choice("abcdef") + "".join(random.choices("0123456789abcdef", k=length - 1))
        ids.add(stem + word if random.random() < 0.5 else word)
    ids = sorted(ids)
    random.shuffle(ids)
    depend = random.choice([0, 0, 0.15, 0.3])
    fork = random.choice([0.1, 0.3, 0.6])
    merge = random.choice([0.05, 0.2, 0.4])
    base = random.choice([0.02, 0.1, 0.25])
    label = random.choice([0.1, 0.3])
    free = random.sample(LABELS, len(LABELS))
    graph, heads, labelled = [], [], {}
    for id in ids:
        if not graph or random.random() < base:
            parents = []
        elif len(heads) > 1 and random.random() < merge:
            parents = random.sample(heads, min(len(heads), random.choice([2, 2, 2, 3])))
        elif random.random() < fork:
            parents = [random.choice(graph)[0]]
        else:
            parents = [random.choice(heads)]
        needs = []
        if graph and random.random() < depend:
            for need in random.sample(graph, min(len(graph), random.choice([1, 1, 2]))):
                if need[0] not in parents:
                    needs.append(labelled[need[0]] if need[0] in labelled and random.random() < 0.5 else need[0])
        labels = []
        while free and random.random() < label:
            labels.append(free.pop())
            labelled[id] = labels[0]
        heads = [head for head in heads if head not in parents] + [id]
        graph.append([id, parents, needs, labels])
    return graph


def random_names(graph, command):
    """What is asked for, in every form of the grammar, sensible or not."""
    ids = [node[0] for node in graph]
    labels = [label for node in graph for label in node[3]]

    def an_id():
        return random.choice(ids)

    def a_prefix():
        id = an_id()
        return id[: random.randint(1, max(1, len(id) - 1))]

    def a_line():
        return random.choice(labels) if labels and random.random() < 0.8 else random.choice([an_id(), a_prefix()])

    def a_number():
        return random.choice([1, 1, 1, 2, 2, 3, 4, 9])

    def an_end():
        return random.choice(["head", "heads", "base"])

    forms = [
        (12, an_id),
        (4, a_prefix),
        (4, a_line),
        (4, lambda: "head"),
        (4, lambda: "heads"),
        (3, lambda: "base"),
        (5, lambda: f"{a_line()}@head"),
        (3, lambda: f"{a_line()}@heads"),
        (4, lambda: f"{a_line()}@base"),
        (5, lambda: f"{a_line()}@{an_id()}"),
        (2, lambda: f"{a_line()}@{a_prefix()}"),
        (6, lambda: f"+{a_number()}"),
        (6, lambda: f"-{a_number()}"),
        (4, lambda: f"{an_id()}+{a_number()}"),
        (4, lambda: f"{an_id()}-{a_number()}"),
        (2, lambda: f"{a_prefix()}{random.choice('+-')}{a_number()}"),
        (2, lambda: f"{a_line()}{random.choice('+-')}{a_number()}"),
        (3, lambda: f"{an_end()}{random.choice('+-')}{a_number()}"),
        (5, lambda: f"{a_line()}@+{a_number()}"),
        (5, lambda: f"{a_line()}@-{a_number()}"),
        (3, lambda: f"{a_line()}@{an_id()}{random.choice('+-')}{a_number()}"),
        (3, lambda: f"{a_line()}@{an_end()}{random.choice('+-')}{a_number()}"),
        (1, lambda: random.choice(["zzzz", "nowhere@head", "current", "+0", "-0", "zz", f"{an_id()}x"])),
        (1, lambda: f"{an_id()}{random.choice('+-')}1junk"),
    ]

    def a_name():
        return random.choices([form for _, form in forms], [weight for weight, _ in forms])[0]()

    several = command == "stamp" and random.random() < 0.25
    return [a_name() for _ in range(random.choice([2, 2, 3]))] if several else [a_name()]


def closure(graph, ids):
    """The ids with all that they stand on, by both edges."""
    declared = {label: node[0] for node in graph for label in node[3]}
    below = {id: [*parents, *(declared.get(need, need) for need in needs)] for id, parents, needs, _ in graph}
    found, todo = set(), list(ids)
    while todo:
        id = todo.pop()
        if id not in found:
            found.add(id)
            todo += below[id]
    return found


def is_antichain(graph, rows):
    """Whether no row is implied by another: what `upgrade` and `downgrade` leave, and a stamp may not."""
    return all(row not in closure(graph, [other]) for row in rows for other in rows if row != other)


def random_rows(graph, there):
    """Rows that Alembic itself leads to: some upgrades, then now and then a downgrade or a stamp."""
    if random.random() < 0.15:
        return []
    ids = [node[0] for node in graph]
    commands = ["upgrade"] * random.choice([1, 1, 2, 3, 4])
    commands += random.choices(["upgrade", "downgrade", "stamp"], k=random.choice([0, 0, 1, 2]))
    rows = []
    for command in commands:
        names = [random.choice(ids)] if random.random() < 0.7 else random_names(graph, command)
        answer = there.ask(rows, command, names)
        if answer[0] == "ok" and is_antichain(graph, answer[2]):
            rows = answer[2]
    return rows


def main():
    if alembic.__version__ != PINNED:
        sys.exit(f"this is Alembic {alembic.__version__}, and the answers of {PINNED} are wanted")
    lines, asked = [], 0
    for _ in range(GRAPHS):
        graph = random_graph()
        there = Alembic(graph)
        cases = []
        for _ in range(CASES):
            rows = random_rows(graph, there)
            command = random.choices(["upgrade", "downgrade", "stamp"], [45, 40, 15])[0]
            names = random_names(graph, command)
            case = [rows, command, names, *there.ask(rows, command, names)]
            if case not in cases:
                cases.append(case)
        asked += len(cases)
        lines.append(json.dumps({"graph": graph, "cases": cases}, separators=(",", ":"), ensure_ascii=False))
    (HERE / "cases").mkdir(exist_ok=True)
    for number in range(FILES):
        part = lines[number::FILES]
        (HERE / "cases" / f"{number + 1}.jsonl").write_text("\n".join(part) + "\n")
    print(f"{len(lines)} graphs, {asked} cases")


main()
