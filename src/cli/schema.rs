//! `rev schema`.

use serde_json::json;

use revdag::store;
use revdag::verb::CompareTarget;
use revdag::verb::schema::schema;

use super::context::Context;
use super::error::{Error, Exit};
use super::patterns::Only;
use super::progress::Progress;

/// Print a schema as DDL
///
/// The schema of the database, or with `--at` that of a revision, of `db:NAME` or of the `models`. The
/// SQL can be executed to recreate it; the YAML is a list of operations, as for `schema:` in store.yaml.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The schema to print: a revision, `db:NAME`, or `models`
    #[arg(long, value_name = "SIDE", default_value = "db:", allow_negative_numbers = true)]
    at: CompareTarget,
    /// The format
    #[arg(long, value_name = "FORM", default_value = "sql")]
    format: Form,
    #[command(flatten)]
    only: Only,
}

/// The form of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Sql,
    Yaml,
    Json,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?;
    let settings = context.reading(context.settings(&store, name))?;
    let only = args.only.filter();
    let shown = context.changing(async |cancel| {
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        Ok(schema(&store, &settings, &args.at, &only, &cancel, &mut events).await?)
    })?;
    for what in &shown.unsupported {
        context.out.notice(format_args!("not shown: {what}"));
    }
    let form = if context.global.json { Form::Json } else { args.format };
    match form {
        Form::Sql => context.out.exact(&shown.script())?,
        Form::Yaml => context.out.exact(&store::operations_text(&shown.operations))?,
        Form::Json => context.out.json(&json!({
            "dialect": shown.dialect.name(),
            "operations": shown.operations,
            "unseen": shown.unsupported,
        }))?,
    }
    Ok(if shown.unsupported.is_empty() { Exit::Done } else { Exit::Found })
}
