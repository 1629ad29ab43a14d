//! Tables in the form that all tables have that mean the same.

use super::Place;
use crate::db::mysql::show_create;
use crate::model::operation::{
    BeyondTable, Column, Constraint, DefaultValue, ForeignKey, Match, ReferenceAction,
    TableDefinition,
};
use crate::model::{Definition, ObjectKey, ObjectKind, SqlText};
use crate::text::{self, Token};

/// A table as a value, or as its own statement where that cannot be read.
pub(super) fn read(
    place: &Place,
    key: ObjectKey,
    raw: TableDefinition,
    shown: &str,
) -> (ObjectKey, Definition) {
    let sql = place.without_own(shown);
    let read = if sql == shown { Some(raw) } else { show_create::table(place.dialect, &sql) };
    match read {
        Some(table) => (key, Definition::Table(canonical(place, table))),
        None => by_sql(place, key, &sql),
    }
}

/// A table as its own statement.
pub(super) fn by_sql(place: &Place, key: ObjectKey, sql: &str) -> (ObjectKey, Definition) {
    let name = text::qualified(place.dialect, key.name.schema.as_deref(), &key.name.name);
    let definition =
        Definition::Sql { create: without_counter(place, sql), drop: format!("DROP TABLE {name}") };
    (ObjectKey { kind: ObjectKind::Sql, of: Some("table".to_owned()), ..key }, definition)
}

fn without_counter(place: &Place, sql: &str) -> String {
    let tokens = text::tokens(place.dialect, sql);
    let at = tokens
        .windows(3)
        .find(|three: &&[Token<'_>]| three[0].is("AUTO_INCREMENT") && three[1].is_symbol("="));
    match at {
        Some(three) => {
            format!("{}{}", sql[..three[0].start].trim_end(), &sql[three[2].end()..])
        }
        None => sql.to_owned(),
    }
}

fn canonical(place: &Place, mut table: TableDefinition) -> TableDefinition {
    let options = &mut table.options;
    options.auto_increment = None;
    let charset = options.charset.clone().unwrap_or_else(|| place.defaults.charset.clone());
    // A character set that stands alone has its own default collation, not that of the database.
    let by_itself = |charset: &String| place.defaults.collations.get(charset).cloned();
    if let (Some(charset), None) = (&options.charset, &options.collation) {
        options.collation = by_itself(charset);
    }
    let collation = options.collation.clone();
    let is_usual = charset == place.defaults.charset
        && collation.as_ref().is_none_or(|collation| *collation == place.defaults.collation);
    if is_usual {
        options.charset = None;
        options.collation = None;
    }
    options.engine =
        options.engine.take().filter(|engine| !engine.eq_ignore_ascii_case(&place.defaults.engine));
    for column in &mut table.columns {
        if let Some(beyond) = column.beyond.take()
            && own_check(place, column, &beyond).is_none()
        {
            column.beyond = Some(beyond);
        }
        if let (Some(charset), None) = (&column.charset, &column.collation) {
            column.collation = by_itself(charset).map(|collation| place.own(collation));
        }
        column.charset = column.charset.take().filter(|own| *own != charset);
        if column.charset.is_none() {
            let own = |text: &SqlText| text.get(place.dialect).cloned().unwrap_or_default();
            let table_collation = collation.as_deref().unwrap_or(&place.defaults.collation);
            column.collation = column.collation.take().filter(|text| own(text) != table_collation);
        }
        if column.nullable == Some(true) {
            column.nullable = None;
        }
        let is_null = column.default == Some(DefaultValue::Literal(serde_json::Value::Null));
        if is_null {
            column.default = None;
        }
    }
    for constraint in &mut table.constraints {
        match constraint {
            Constraint::ForeignKey(key) => canonical_key(key),
            Constraint::Check(check) => check.enforced = check.enforced.filter(|on| !on),
            _ => {}
        }
    }
    let says_more = !table.clauses_beyond().is_empty()
        || table.columns.iter().any(|column| column.beyond.is_some());
    table.beyond = table.beyond.take().filter(|_| says_more).map(|beyond| {
        Box::new(BeyondTable { create: without_counter(place, &beyond.create), ..*beyond })
    });
    table
}

fn canonical_key(key: &mut ForeignKey) {
    // InnoDB does the same for both, and shows only the one that was said.
    let usual = |action: &ReferenceAction| {
        matches!(action, ReferenceAction::NoAction | ReferenceAction::Restrict)
    };
    key.on_delete = key.on_delete.filter(|action| !usual(action));
    key.on_update = key.on_update.filter(|action| !usual(action));
    key.match_ = key.match_.filter(|kind| *kind != Match::Simple);
}

/// The check that a column says of itself; that of a column of JSON belongs to its type.
fn own_check(place: &Place, column: &mut Column, beyond: &str) -> Option<()> {
    let tokens = text::tokens(place.dialect, beyond);
    let [check, open, inner @ .., close] = tokens.as_slice() else { return None };
    let is_check = check.is("CHECK") && open.is_symbol("(") && close.is_symbol(")");
    if !is_check {
        return None;
    }
    let type_ = column.type_.get(place.dialect).map_or("", String::as_str);
    let collation = column.collation.as_ref().and_then(|name| name.get(place.dialect));
    let is_json = type_ == "longtext"
        && collation.is_some_and(|name| name == "utf8mb4_bin")
        && inner.first().is_some_and(|token| token.is("json_valid"))
        && inner.len() == 4
        && text::name_of(place.dialect, &inner[2]).as_deref() == Some(&column.name);
    if is_json {
        column.type_ = place.own("json");
        column.charset = None;
        column.collation = None;
        return Some(());
    }
    column.check = Some(place.own(beyond[open.end()..close.start].trim()));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Name, ServerDefaults};
    use crate::text::Dialect;

    /// What a definition has no place for is kept beside it, so that it counts as a difference.
    #[test]
    fn what_has_no_place_is_kept() {
        let place = Place {
            dialect: Dialect::Mysql,
            name: "shop".to_owned(),
            defaults: ServerDefaults {
                charset: "utf8mb4".to_owned(),
                collation: "utf8mb4_0900_ai_ci".to_owned(),
                collations: Default::default(),
                engine: "InnoDB".to_owned(),
                user: "me@%".to_owned(),
                sets_definer: true,
            },
        };
        let says_more = |column: &str, options: &str| {
            let sql = format!("CREATE TABLE `t` (\n  `a` {column}\n) ENGINE=InnoDB{options}");
            let key =
                ObjectKey::new(ObjectKind::Table, Name { schema: None, name: "t".to_owned() });
            let table = show_create::table(place.dialect, &sql).unwrap();
            let (_, Definition::Table(table)) = read(&place, key, table, &sql) else {
                return false;
            };
            table.beyond.is_some()
        };
        assert!(!says_more("int NOT NULL", ""));
        for column in [
            "point NOT NULL /*!80003 SRID 4326 */",
            "point NOT NULL SRID 4326",
            "int /*!50606 STORAGE DISK */ DEFAULT NULL",
            "int /*!50606 COLUMN_FORMAT FIXED */ DEFAULT NULL",
        ] {
            assert!(says_more(column, ""), "{column}");
        }
        for options in [" KEY_BLOCK_SIZE=8", " STATS_PERSISTENT=1", " ENCRYPTION='Y'"] {
            assert!(says_more("int", options), "{options}");
        }
    }
}
