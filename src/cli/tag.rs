//! `rev tag`.

use serde_json::{Value, json};

use revdag::model::Id;
use revdag::verb::tag::{delete_tag, set_tag};

use super::context::Context;
use super::error::{Error, Exit};
use super::output::style;
use super::words;

/// Name a set of revisions, or list the names
///
/// Each tag is a file in .rev/tags, so that branches that tag do not conflict in git; older ones stand in
/// store.yaml. Without arguments, all tags are listed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tag
    tag: Option<String>,
    /// The revisions that it names [default: heads]
    #[arg(value_name = "REVISION", allow_negative_numbers = true)]
    names: Vec<String>,
    /// Remove the tag
    #[arg(long, requires = "tag", conflicts_with = "names")]
    delete: bool,
    /// Move an existing tag
    #[arg(short, long, requires = "tag", conflicts_with = "delete")]
    force: bool,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let Some(tag) = args.tag else {
        let tags = store.tags();
        if context.global.json {
            let values: Value = tags.iter().map(|(tag, ids)| value(tag, ids)).collect();
            context.out.json(&values)?;
        } else {
            let width = tags.keys().map(|tag| tag.len()).max().unwrap_or(0);
            for (tag, ids) in tags {
                let (name, id) = (style::TAG, style::ID);
                let ids = words::list(ids);
                context.out.line(format_args!("{name}{tag:<width$}{name:#} {id}{ids}{id:#}"))?;
            }
        }
        return Ok(Exit::Done);
    };
    let (ids, did) = if args.delete {
        (delete_tag(&store, &tag)?, "removed")
    } else {
        let names = if args.names.is_empty() { vec!["heads".to_owned()] } else { args.names };
        let set = |place: &_| set_tag(&store, &tag, &names, args.force, place);
        (context.named(&store, set)?, "set")
    };
    if context.global.json {
        context.out.json(&value(&tag, &ids))?;
    } else {
        context.out.line(format_args!("{did} tag {tag}: {}", words::list(&ids)))?;
    }
    Ok(Exit::Done)
}

fn value(tag: &str, ids: &[Id]) -> Value {
    let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
    json!({"tag": tag, "revisions": ids})
}
