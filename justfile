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

# Stubs of a new operation: `just new-operation aggregate create_aggregate postgres` (the dialects that have it).
new-operation object operation +dialects:
    #!/usr/bin/env bash
    set -euo pipefail
    type=$(sed -E 's/(^|_)(.)/\U\2/g' <<<'{{operation}}')
    model=src/model/operation/{{object}}.rs
    [ -e "$model" ] || printf '//! The {{object}}: what is true of its operations on every dialect.\n\nuse schemars::JsonSchema;\nuse serde::{Deserialize, Serialize};\n\nuse super::footprint::Touch;\nuse super::schema_change::SchemaChange;\nuse super::{Irreversible, Operation, Rules, SchemaMismatch};\n' >"$model"
    cat >>"$model" <<EOF

    /// TODO: what it does (the dialects that have it).
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub struct $type {
        /// Its name.
        pub name: String,
    }

    impl Rules for $type {
        fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
            todo!()
        }

        fn apply(&self, _change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
            todo!()
        }

        fn touch(&self, _touch: &mut Touch) {
            todo!()
        }

        fn summary(&self) -> String {
            self.name.clone()
        }
    }
    EOF
    for dialect in {{dialects}}; do
        file=src/sql/$dialect/{{object}}.rs
        [ -e "$file" ] || printf '//! The {{object}}.\n\nuse crate::sql::lowering::{Lowered, Unsupported};\n' >"$file"
        printf '\n/// `%s`.\npub(super) fn %s(%s: &crate::model::operation::%s) -> Result<Vec<Lowered>, Unsupported> {\n    todo!()\n}\n' \
            "$(tr '_' ' ' <<<'{{operation}}' | tr a-z A-Z)" '{{operation}}' operation "$type" >>"$file"
        echo "add to src/sql/$dialect/lowering.rs: Operation::$type(operation) => {{object}}::{{operation}}(operation),"
    done
    printf '# %s\n\n<!-- store: example -->\n\n## {{operation}}\n\n**Undone by** TODO.\n\n<!-- options: {{operation}} -->\n<!-- end -->\n' "$type" \
        >>docs/operations/{{object}}s.md
    echo "add to the list in src/model/operation/mod.rs, with its mod and pub use: $type($type) = \"{{operation}}\","
    echo "add a case to tests/cases/operations, and an example to docs/operations/{{object}}s.md"
    echo "then: UPDATE_SCHEMAS=1 UPDATE_REFUSED=1 UPDATE_GOLDEN=1 UPDATE_DOCS=1 cargo nextest run 'operation'"
