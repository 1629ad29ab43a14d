//! What an application that embeds the library relies on.

use revdag::internals::run::{Cancel, Database, Event};
use revdag::model::Filter;
use revdag::store::{DatabaseSettings, Store};
use revdag::verb::autogenerate::{AutogenerateOptions, RenamePrompt};
use revdag::verb::{CompareTarget, Place};
use revdag::verb::{
    autogenerate, check, current, diff, downgrade, ensure_version, journal, resume, schema, script,
    stamp, status, switch, upgrade, verify,
};

/// Compiles only where the future may be moved between threads, as `tokio::spawn` and axum need it.
fn is_send(future: impl Future + Send) {
    drop(future);
}

/// A future that is made and dropped has done nothing; this holds that each is `Send`.
#[expect(dead_code, reason = "it only has to compile")]
fn futures_of_verbs_are_send(
    store: &Store,
    database: &mut Database,
    settings: &DatabaseSettings,
    prompt: &mut dyn RenamePrompt,
    events: &mut (dyn FnMut(Event) + Send),
) {
    let cancel = &Cancel::default();
    let only = &Filter::default();
    let place = &Place::files(&[]);
    let side = &CompareTarget::Models;
    is_send(Database::connect(settings.clone(), true));
    is_send(upgrade::upgrade(store, database, Default::default(), cancel, events));
    is_send(downgrade::downgrade(store, database, Default::default(), cancel, events));
    is_send(switch::switch(store, database, Default::default(), cancel, events));
    is_send(stamp::stamp(store, database, Default::default(), cancel, events));
    is_send(stamp::accept(store, database, &[], cancel, events));
    is_send(resume::resume(store, database, Default::default(), cancel, events));
    is_send(ensure_version::ensure_version(store, database, cancel, events));
    is_send(current::current(store, database, true));
    is_send(status::status(store, database));
    is_send(status::wait(store, "default", None, &mut |_| ()));
    is_send(journal::journal(database, None));
    is_send(script::script(
        store,
        database,
        &revdag::internals::graph::Request::Switch { targets: Vec::new() },
    ));
    is_send(verify::verify(store, database));
    is_send(verify::verify_live(store, database, cancel, events));
    is_send(check::check(store, settings, false, only, cancel, events));
    is_send(diff::diff(store, settings, (side, side), only, cancel, events));
    is_send(schema::schema(store, settings, side, only, cancel, events));
    let options = &AutogenerateOptions::default();
    is_send(autogenerate::autogenerate(store, settings, options, place, prompt, cancel, events));
}
