//! `rev templates`.

use serde_json::{Value, json};

use revdag::store::TEMPLATES;

use super::context::Context;
use super::error::{Error, Exit};

/// List the templates of `rev init`
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_: Args, context: &mut Context) -> Result<Exit, Error> {
    if context.global.json {
        let values: Value = TEMPLATES
            .iter()
            .map(|template| json!({"template": template.name, "about": template.about}))
            .collect();
        context.out.json(&values)?;
        return Ok(Exit::Done);
    }
    let width = TEMPLATES.iter().map(|template| template.name.len()).max().unwrap_or(0);
    for template in TEMPLATES {
        context.out.line(format_args!("{:<width$}  {}", template.name, template.about))?;
    }
    Ok(Exit::Done)
}
