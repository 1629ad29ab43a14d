//! An axum service that migrates its database when it starts. Many replicas may start at once: one
//! migrates, the others wait for it and find nothing to do.
//!
//! ```console
//! $ DATABASE_URL=postgres://… cargo run --example service
//! ```

use std::error::Error;

use axum::Router;
use axum::routing::get;
use revdag::include_dir::{Dir, include_dir};
use revdag::store::{DatabaseSettings, Store, Variables};
use revdag::verb::upgrade::{UpgradeOptions, upgrade};
use revdag::{Cancel, Database, Event};

static STORE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples/service/db");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let store = Store::embedded(&STORE, Variables::default())?;
    let settings = store.database("default").await?;
    // SIGTERM while it migrates: the statement is cancelled, its outcome recorded, and the process ends.
    let cancel = Cancel::default();
    let stop = cancel.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
    });
    // In a task of its own, as any future that is `Send`.
    tokio::spawn(migrate(store, settings, cancel)).await??;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, routes()).await?;
    Ok(())
}

/// Applies what the database lacks; the number of revisions.
async fn migrate(
    store: Store,
    settings: DatabaseSettings,
    cancel: Cancel,
) -> Result<usize, Box<dyn Error + Send + Sync>> {
    let mut database = Database::connect(settings, true).await?;
    let options = UpgradeOptions::default().targets(["heads".to_owned()]);
    let mut log = |event: Event| {
        if let Event::StepBegun { direction, revision, message, .. } = event {
            println!("{direction} {revision} {message}");
        }
    };
    let outcome = upgrade(&store, &mut database, options, &cancel, &mut log).await?;
    Ok(outcome.steps.len())
}

fn routes() -> Router {
    Router::new().route("/health", get(async || "the schema is current"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use revdag::store::Secret;

    #[tokio::test]
    async fn replicas_that_start_together_migrate_once() -> Result<(), Box<dyn Error + Send + Sync>>
    {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let mut replicas = Vec::new();
        for _ in 0..4 {
            let store = Store::embedded(&STORE, Variables::default())?;
            let settings = store.database_at("default", Secret::new(url.clone()))?;
            replicas.push(tokio::spawn(migrate(store, settings, Cancel::default())));
        }
        let mut applied = 0;
        for replica in replicas {
            applied += replica.await??;
        }
        assert_eq!(applied, 1);
        drop(routes());
        Ok(())
    }
}
