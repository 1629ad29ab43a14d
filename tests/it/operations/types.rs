//! The table of portable types in the documentation, made from what the dialects say.

use revdag::internals::sql::{Portable, type_name};
use revdag::internals::text::Dialect;

const TYPES: [(Portable, &str, &str); 17] = [
    (Portable::String(255), "string(n)", "text of at most n characters"),
    (Portable::Char(2), "char(n)", "text of n characters, filled up with blanks"),
    (Portable::Text, "text", "text of any length"),
    (Portable::Smallint, "smallint", "whole numbers of 16 bits"),
    (Portable::Integer, "integer", "whole numbers of 32 bits"),
    (Portable::Bigint, "bigint", "whole numbers of 64 bits"),
    (
        Portable::Decimal(12, 2),
        "decimal(p,s)",
        "exact numbers: p digits, s of them behind the point",
    ),
    (Portable::Real, "real", "floating point numbers of 32 bits"),
    (Portable::Double, "double", "floating point numbers of 64 bits"),
    (Portable::Boolean, "boolean", "true or false"),
    (Portable::Date, "date", "a day"),
    (Portable::Time, "time", "a time of a day, without a zone"),
    (Portable::Timestamp, "timestamp", "a date and time, without a zone"),
    (Portable::Timestamptz, "timestamptz", "an instant"),
    (Portable::Json, "json", "JSON"),
    (Portable::Uuid, "uuid", "a UUID"),
    (Portable::Bytes, "bytes", "bytes of any length"),
];

#[test]
fn the_page_of_types_says_what_the_dialects_say() {
    let mut table = String::from("| type | holds |");
    for dialect in Dialect::ALL {
        table.push_str(&format!(" {dialect} |"));
    }
    table.push_str(&format!("\n|---|---|{}\n", "---|".repeat(Dialect::ALL.len())));
    for (portable, name, holds) in TYPES {
        table.push_str(&format!("| `{name}` | {holds} |"));
        for dialect in Dialect::ALL {
            let own = type_name(dialect, portable);
            let own = own.replace("(255)", "(n)").replace("(2)", "(n)").replace("(12,2)", "(p,s)");
            table.push_str(&format!(" `{own}` |"));
        }
        table.push('\n');
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/types.md");
    let page = std::fs::read_to_string(&path).expect("docs/types.md");
    let (begin, end) = ("<!-- table: begin -->\n", "<!-- table: end -->");
    let from = page.find(begin).expect("where the table begins") + begin.len();
    let to = page.find(end).expect("where the table ends");
    let written = format!("{}{table}{}", &page[..from], &page[to..]);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, written).expect("it is written");
    } else {
        assert_eq!(page, written, "UPDATE_DOCS=1 writes the table anew");
    }
}

#[test]
fn a_name_is_a_portable_type_or_the_dialects_own() {
    for (portable, name, _) in TYPES {
        let name = match portable {
            Portable::String(_) => "string(255)".to_owned(),
            Portable::Char(_) => "char(2)".to_owned(),
            Portable::Decimal(..) => "decimal(12, 2)".to_owned(),
            _ => name.to_owned(),
        };
        assert_eq!(Portable::parse(&name), Some(portable), "{name}");
    }
    for own in [
        "varchar(255)",
        "TEXT",
        "string",
        "string(x)",
        "decimal",
        "timestamp(3)",
        "int",
        "jsonb",
        "mood",
    ] {
        assert_eq!(Portable::parse(own), None, "{own}");
    }
}
