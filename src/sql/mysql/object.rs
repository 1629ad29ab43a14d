//! Views, routines, triggers, sequences, databases, rights.

use super::writer::Writer;
use crate::model::operation::{
    AlterSequence, CheckOption, CreateRoutine, CreateSchema, CreateSequence, CreateTrigger,
    CreateView, DropRoutine, DropSchema, DropSequence, DropTrigger, DropView, Grant, GrantObject,
    SequenceOptions, Timing, TriggerEvent,
};
use crate::sql::lowering::{Lowered, Unsupported};
use crate::text::quote_literal;

impl Writer<'_> {
    pub(super) fn create_view(&self, create: &CreateView) -> Result<Vec<Lowered>, Unsupported> {
        let view = &create.definition;
        let mut sql = "CREATE".to_owned();
        if create.or_replace {
            sql.push_str(" OR REPLACE");
        }
        if let Some(algorithm) = &view.algorithm {
            sql.push_str(&format!(" ALGORITHM = {}", algorithm.to_uppercase()));
        }
        sql.push_str(&self.definer(view.definer.as_deref()));
        if let Some(security) = &view.sql_security {
            sql.push_str(&format!(" SQL SECURITY {}", security.to_uppercase()));
        }
        sql.push_str(" VIEW ");
        if create.if_not_exists {
            sql.push_str("IF NOT EXISTS ");
        }
        sql.push_str(&self.name(create.schema.as_deref(), &create.name));
        if !view.columns.is_empty() {
            sql.push_str(&format!(" ({})", self.idents(&view.columns)));
        }
        let query = self.said(&view.query, "create_view.query")?;
        sql.push_str(&format!(" AS\n{}", self.body(query)));
        match view.check_option {
            Some(CheckOption::Local) => sql.push_str("\nWITH LOCAL CHECK OPTION"),
            Some(CheckOption::Cascaded) => sql.push_str("\nWITH CASCADED CHECK OPTION"),
            None => {}
        }
        Ok(vec![Lowered::new(sql, "create_view")])
    }

    pub(super) fn drop_view(&self, drop: &DropView) -> Vec<Lowered> {
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let name = self.name(drop.schema.as_deref(), &drop.name);
        vec![Lowered::new(format!("DROP VIEW {if_exists}{name}"), "drop_view")]
    }

    /// `kind` is `function` or `procedure`.
    pub(super) fn create_routine(
        &self,
        create: &CreateRoutine,
        kind: &str,
    ) -> Result<Vec<Lowered>, Unsupported> {
        let path = format!("create_{kind}");
        let routine = &create.definition;
        let mut sql = "CREATE".to_owned();
        if create.or_replace {
            sql.push_str(" OR REPLACE");
        }
        sql.push_str(&self.definer(routine.definer.as_deref()));
        sql.push_str(&format!(" {} ", kind.to_uppercase()));
        if create.if_not_exists {
            sql.push_str("IF NOT EXISTS ");
        }
        let arguments = match &routine.arguments {
            Some(arguments) => self.said(arguments, &format!("{path}.arguments"))?,
            None => "",
        };
        let name = self.name(create.schema.as_deref(), &create.name);
        sql.push_str(&format!("{name}({arguments})"));
        if let Some(returns) = &routine.returns {
            let returns = self.said(returns, &format!("{path}.returns"))?;
            sql.push_str(&format!("\nRETURNS {returns}"));
        }
        for attribute in &routine.attributes {
            sql.push_str(&format!("\n{attribute}"));
        }
        if routine.comment.is_some() {
            sql.push_str(&format!("\n{}", self.comment(routine.comment.as_deref(), &path)?.trim()));
        }
        let body = self.said(&routine.body, &format!("{path}.body"))?;
        sql.push_str(&format!("\n{}", self.body(body)));
        Ok(vec![Lowered::new(sql, path)])
    }

    pub(super) fn drop_routine(&self, drop: &DropRoutine, kind: &str) -> Vec<Lowered> {
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let name = self.name(drop.schema.as_deref(), &drop.name);
        let sql = format!("DROP {} {if_exists}{name}", kind.to_uppercase());
        vec![Lowered::new(sql, format!("drop_{kind}"))]
    }

    pub(super) fn create_trigger(
        &self,
        create: &CreateTrigger,
    ) -> Result<Vec<Lowered>, Unsupported> {
        let trigger = &create.definition;
        let schema = create.schema.as_deref();
        let timing = match trigger.timing {
            Timing::Before => "BEFORE",
            Timing::After | Timing::InsteadOf => "AFTER",
        };
        let event = match trigger.events.first() {
            Some(TriggerEvent::Update) => "UPDATE",
            Some(TriggerEvent::Delete) => "DELETE",
            _ => "INSERT",
        };
        let mut sql = "CREATE".to_owned();
        if create.or_replace {
            sql.push_str(" OR REPLACE");
        }
        sql.push_str(&self.definer(trigger.definer.as_deref()));
        sql.push_str(" TRIGGER ");
        if create.if_not_exists {
            sql.push_str("IF NOT EXISTS ");
        }
        sql.push_str(&format!(
            "{} {timing} {event} ON {} FOR EACH ROW",
            self.name(schema, &create.name),
            self.name(schema, &create.table)
        ));
        if let Some(other) = &trigger.follows {
            sql.push_str(&format!(" FOLLOWS {}", self.ident(other)));
        }
        if let Some(other) = &trigger.precedes {
            sql.push_str(&format!(" PRECEDES {}", self.ident(other)));
        }
        let body = match &trigger.body {
            Some(body) => self.said(body, "create_trigger.body")?,
            None => "",
        };
        sql.push_str(&format!("\n{}", self.body(body)));
        Ok(vec![Lowered::new(sql, "create_trigger")])
    }

    pub(super) fn drop_trigger(&self, drop: &DropTrigger) -> Vec<Lowered> {
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let name = self.name(drop.schema.as_deref(), &drop.name);
        vec![Lowered::new(format!("DROP TRIGGER {if_exists}{name}"), "drop_trigger")]
    }

    pub(super) fn create_sequence(&self, create: &CreateSequence) -> Vec<Lowered> {
        let sql = format!(
            "CREATE SEQUENCE {}{}{}",
            if create.if_not_exists { "IF NOT EXISTS " } else { "" },
            self.name(create.schema.as_deref(), &create.name),
            sequence(&create.definition.options)
        );
        vec![Lowered::new(sql, "create_sequence")]
    }

    pub(super) fn alter_sequence(&self, alter: &AlterSequence) -> Vec<Lowered> {
        let mut options = sequence(&alter.definition.options);
        if let Some(restart) = alter.restart {
            options.push_str(&format!(" RESTART WITH {restart}"));
        }
        if options.is_empty() {
            return Vec::new();
        }
        let name = self.name(alter.schema.as_deref(), &alter.name);
        vec![Lowered::new(format!("ALTER SEQUENCE {name}{options}"), "alter_sequence")]
    }

    pub(super) fn drop_sequence(&self, drop: &DropSequence) -> Vec<Lowered> {
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let name = self.name(drop.schema.as_deref(), &drop.name);
        vec![Lowered::new(format!("DROP SEQUENCE {if_exists}{name}"), "drop_sequence")]
    }

    pub(super) fn create_schema(&self, create: &CreateSchema) -> Result<Vec<Lowered>, Unsupported> {
        let mut sql = "CREATE DATABASE ".to_owned();
        if create.if_not_exists {
            sql.push_str("IF NOT EXISTS ");
        }
        sql.push_str(&self.ident(&create.name));
        if let Some(charset) = &create.charset {
            sql.push_str(&format!(" CHARACTER SET {}", self.ident(charset)));
        }
        if let Some(collation) = &create.collation {
            sql.push_str(&format!(" COLLATE {}", self.ident(collation)));
        }
        sql.push_str(&self.comment(create.comment.as_deref(), "create_schema")?);
        Ok(vec![Lowered::new(sql, "create_schema")])
    }

    /// The server drops a database with all that is in it: where nobody has asked for that, a query
    /// fails before if there is anything.
    pub(super) fn drop_schema(&self, drop: &DropSchema) -> Vec<Lowered> {
        let name = self.ident(&drop.name);
        let mut statements = Vec::new();
        if !drop.cascade {
            let schema = quote_literal(self.flavour.dialect, &drop.name);
            let sql = format!(
                "SELECT (SELECT 'nothing is in it' UNION ALL SELECT table_name \
                 FROM information_schema.tables WHERE table_schema = {schema}) AS must_be_empty"
            );
            statements.push(Lowered::new(sql, "drop_schema"));
        }
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        statements.push(Lowered::new(format!("DROP DATABASE {if_exists}{name}"), "drop_schema"));
        statements
    }

    pub(super) fn grant(&self, grant: &Grant) -> Vec<Lowered> {
        let option = if grant.grant_option { " WITH GRANT OPTION" } else { "" };
        let sql = format!(
            "GRANT {} ON {} TO {}{option}",
            self.privileges(grant),
            self.object(grant),
            self.accounts(grant)
        );
        vec![Lowered::new(sql, "grant")]
    }

    pub(super) fn revoke(&self, grant: &Grant) -> Vec<Lowered> {
        let privileges = match grant.grant_option {
            true => "GRANT OPTION".to_owned(),
            false => self.privileges(grant),
        };
        let sql =
            format!("REVOKE {privileges} ON {} FROM {}", self.object(grant), self.accounts(grant));
        vec![Lowered::new(sql, "revoke")]
    }

    fn privileges(&self, grant: &Grant) -> String {
        let columns = match grant.columns.is_empty() {
            true => String::new(),
            false => format!(" ({})", self.idents(&grant.columns)),
        };
        let one = |privilege: &String| format!("{}{columns}", privilege.to_uppercase());
        grant.privileges.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn object(&self, grant: &Grant) -> String {
        let schema = grant.schema.as_deref();
        let name = grant.name.as_deref();
        match grant.on {
            GrantObject::Schema => format!("{}.*", self.ident(name.unwrap_or_default())),
            GrantObject::AllTables => match schema.or(name) {
                Some(schema) => format!("{}.*", self.ident(schema)),
                None => "*".to_owned(),
            },
            on => {
                let word = match on {
                    GrantObject::Function => "FUNCTION ",
                    GrantObject::Procedure => "PROCEDURE ",
                    _ => "",
                };
                format!("{word}{}", self.name(schema, name.unwrap_or_default()))
            }
        }
    }

    fn accounts(&self, grant: &Grant) -> String {
        let accounts = grant.roles.iter().map(|role| self.account(role));
        accounts.collect::<Vec<_>>().join(", ")
    }
}

fn sequence(options: &SequenceOptions) -> String {
    let SequenceOptions { start, increment, min, max, cache, cycle } = options;
    let mut sql = String::new();
    let numbers = [
        ("START WITH", start),
        ("INCREMENT BY", increment),
        ("MINVALUE", min),
        ("MAXVALUE", max),
        ("CACHE", cache),
    ];
    for (word, number) in numbers {
        if let Some(number) = number {
            sql.push_str(&format!(" {word} {number}"));
        }
    }
    match cycle {
        Some(true) => sql.push_str(" CYCLE"),
        Some(false) => sql.push_str(" NOCYCLE"),
        None => {}
    }
    sql
}
