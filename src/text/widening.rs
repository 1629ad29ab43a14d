//! Whether a type holds all that another one does, as far as their words tell.

use super::token::{Family, TokenKind, significant};

/// A type as its parts: `varchar(20)` is `varchar` and 20, `enum('a','b')` holds texts.
struct Parts {
    word: String,
    numbers: Vec<u64>,
    texts: Vec<String>,
    unsigned: bool,
}

fn parts(family: &'static dyn Family, type_: &str) -> Parts {
    let mut parts =
        Parts { word: String::new(), numbers: Vec::new(), texts: Vec::new(), unsigned: false };
    let mut words = Vec::new();
    for token in significant(family, type_) {
        match token.sort {
            TokenKind::Text => parts.texts.push(token.text.to_owned()),
            TokenKind::Word if token.is_any(&["UNSIGNED", "ZEROFILL"]) => parts.unsigned = true,
            TokenKind::Symbol if ["(", ")", ","].contains(&token.text) => {}
            _ => match token.text.parse() {
                Ok(number) => parts.numbers.push(number),
                Err(_) => words.push(token.folded()),
            },
        }
    }
    parts.word = words.join(" ");
    parts
}

/// A type by what it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Holds {
    /// Whole numbers of so many digits, and whether below zero, too.
    Whole { digits: u64, signed: bool },
    /// Numbers with digits before and behind the point; `None`: as many as one likes.
    Decimal(Option<(u64, u64)>),
    /// Binary floating point, with as many digits as it holds exactly.
    Floating { digits: u64 },
    /// So many characters; `None`: without end.
    Characters(Option<u64>),
    /// So many bytes; `None`: without end.
    Bytes(Option<u64>),
    /// A day.
    Date,
    /// A point in time with so many digits of a second, without a zone.
    Timestamp(u64),
    /// A point in time with so many digits of a second, in a zone.
    Instant(u64),
    /// True and false.
    Boolean,
}

impl Parts {
    fn holds(&self, family: &dyn Family) -> Option<Holds> {
        let sized = family.has_sized_types();
        let number = self.numbers.first().copied();
        let whole = |digits| Some(Holds::Whole { digits, signed: !self.unsigned });
        // The size is in bytes, of which a character takes four at most.
        let limited = |bytes: u64| sized.then_some(bytes);
        match self.word.as_str() {
            "tinyint" if number == Some(1) && sized => Some(Holds::Boolean),
            "tinyint" => whole(3),
            "smallint" | "int2" => whole(5),
            "mediumint" => whole(7),
            "integer" | "int" | "int4" => whole(10),
            "bigint" | "int8" => whole(19),
            "numeric" | "decimal" => Some(Holds::Decimal(match self.numbers.as_slice() {
                [] if sized => Some((10, 0)),
                [] => None,
                [digits] => Some((*digits, 0)),
                [digits, scale, ..] => Some((digits.saturating_sub(*scale), *scale)),
            })),
            "real" | "float4" => Some(Holds::Floating { digits: 6 }),
            "float" if sized && number.is_none_or(|bits| bits <= 24) => {
                Some(Holds::Floating { digits: 6 })
            }
            "float" | "double" | "double precision" | "float8" => {
                Some(Holds::Floating { digits: 15 })
            }
            "char" | "character" => Some(Holds::Characters(Some(number.unwrap_or(1)))),
            "varchar" | "character varying" | "string" => Some(Holds::Characters(number)),
            "tinytext" => Some(Holds::Characters(limited(255 / 4))),
            "text" => Some(Holds::Characters(limited(65_535 / 4))),
            "mediumtext" => Some(Holds::Characters(limited(16_777_215 / 4))),
            "longtext" => Some(Holds::Characters(None)),
            "binary" => Some(Holds::Bytes(Some(number.unwrap_or(1)))),
            "varbinary" => Some(Holds::Bytes(number)),
            "tinyblob" => Some(Holds::Bytes(limited(255))),
            "blob" => Some(Holds::Bytes(limited(65_535))),
            "mediumblob" => Some(Holds::Bytes(limited(16_777_215))),
            "bytea" | "bytes" | "longblob" => Some(Holds::Bytes(None)),
            "date" => Some(Holds::Date),
            "timestamp" | "datetime" | "timestamp without time zone" => {
                Some(Holds::Timestamp(number.unwrap_or(if sized { 0 } else { 6 })))
            }
            "timestamptz" | "timestamp with time zone" => Some(Holds::Instant(number.unwrap_or(6))),
            "boolean" | "bool" => Some(Holds::Boolean),
            _ => None,
        }
    }
}

/// Whether a number that is left out, for without end, holds another.
fn up_to(one: Option<u64>, other: Option<u64>) -> bool {
    match (one, other) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(one), Some(other)) => one <= other,
    }
}

pub(super) fn widens(family: &'static dyn Family, from: &str, to: &str) -> bool {
    let (from, to) = (parts(family, from), parts(family, to));
    let (Some(one), Some(other)) = (from.holds(family), to.holds(family)) else {
        let unlimited = to.holds(family) == Some(Holds::Characters(None));
        let same = from.word == to.word && from.unsigned == to.unsigned;
        let texts = from.texts.iter().all(|text| to.texts.contains(text));
        return unlimited && from.word != "json"
            || same && texts && from.numbers.len() == to.numbers.len() && {
                from.numbers.iter().zip(&to.numbers).all(|(one, other)| one <= other)
            };
    };
    match (one, other) {
        (Holds::Whole { digits, signed }, Holds::Whole { digits: other, signed: other_signed }) => {
            match (signed, other_signed) {
                (false, true) => digits < other,
                (true, false) => false,
                _ => digits <= other,
            }
        }
        (Holds::Whole { .. } | Holds::Decimal(_), Holds::Decimal(None)) => true,
        (Holds::Whole { digits, signed }, Holds::Decimal(Some((before, _)))) => {
            // The largest without a sign has a digit more.
            digits + u64::from(!signed && digits == 19) <= before
        }
        (Holds::Decimal(Some((before, behind))), Holds::Decimal(Some((other, others)))) => {
            before <= other && behind <= others
        }
        (Holds::Whole { digits, .. }, Holds::Floating { digits: other })
        | (Holds::Floating { digits }, Holds::Floating { digits: other }) => digits <= other,
        (Holds::Characters(one), Holds::Characters(other))
        | (Holds::Bytes(one), Holds::Bytes(other)) => up_to(one, other),
        (Holds::Date, Holds::Date | Holds::Timestamp(_)) => true,
        (Holds::Timestamp(one), Holds::Timestamp(other))
        | (Holds::Instant(one), Holds::Instant(other)) => one <= other,
        (Holds::Boolean, Holds::Boolean | Holds::Whole { .. }) => true,
        (Holds::Bytes(_), _) => false,
        (_, Holds::Characters(None)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Dialect, widens};

    #[test]
    fn a_type_widens_only_where_every_value_stays() {
        use Dialect::{Mariadb, Mysql, Postgres, Sqlite};
        for (dialect, from, to, expected) in [
            (Postgres, "integer", "bigint", true),
            (Postgres, "bigint", "integer", false),
            (Postgres, "smallint", "numeric(5,0)", true),
            (Postgres, "integer", "numeric(8,2)", false),
            (Postgres, "integer", "double precision", true),
            (Postgres, "bigint", "double precision", false),
            (Postgres, "numeric(10,2)", "numeric(12,2)", true),
            (Postgres, "numeric(10,2)", "numeric(10,4)", false),
            (Postgres, "numeric(10,2)", "numeric", true),
            (Postgres, "numeric", "numeric(10,2)", false),
            (Postgres, "character varying(20)", "character varying(30)", true),
            (Postgres, "character varying(20)", "character varying", true),
            (Postgres, "character varying", "character varying(20)", false),
            (Postgres, "text", "character varying(20)", false),
            (Postgres, "uuid", "text", true),
            (Postgres, "timestamp", "timestamp(3)", false),
            (Postgres, "timestamp(3)", "timestamp", true),
            (Postgres, "date", "timestamp", true),
            (Postgres, "timestamp", "date", false),
            (Postgres, "timestamp(3) with time zone", "timestamptz", true),
            (Postgres, "integer[]", "integer[]", true),
            (Postgres, "bit(3)", "bit(8)", true),
            (Mysql, "enum('a','b')", "enum('b','a','c')", true),
            (Mysql, "enum('a','b')", "enum('a')", false),
            (Mariadb, "set('a','b')", "set('a')", false),
            (Mysql, "int unsigned", "int", false),
            (Mysql, "int unsigned", "bigint", true),
            (Mysql, "int", "bigint unsigned", false),
            (Mysql, "bigint unsigned", "decimal(19,0)", false),
            (Mysql, "bigint", "decimal", false),
            (Mysql, "longtext", "text", false),
            (Mysql, "varchar(100)", "text", true),
            (Mysql, "varchar(20000)", "text", false),
            (Mysql, "datetime", "datetime(6)", true),
            (Mysql, "datetime(6)", "datetime", false),
            (Mysql, "tinyint(1)", "int", true),
            (Mysql, "blob", "longtext", false),
            (Sqlite, "varchar(20)", "text", true),
            (Sqlite, "integer", "text", true),
        ] {
            assert_eq!(widens(dialect, from, to), expected, "{dialect}: {from} to {to}");
        }
    }
}
