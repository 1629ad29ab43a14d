# Everything, as CI runs it.
test:
    tests/run

# What SQLite alone can test.
sqlite:
    tests/run --sqlite

# What takes long or is needed rarely; also a part of it by name.
nightly *parts:
    tests/nightly {{parts}}

# The outputs in the documentation, written anew.
docs:
    UPDATE_DOCS=1 cargo nextest run docs::

# What is handed out.
dist:
    cargo build --profile dist --locked
