//! The verb `merge`: a revision that joins branches, once it is shown that they commute.

use std::collections::HashSet;

use crate::db::{self, DbError};
use crate::graph::Graph;
use crate::model::{Id, up_digest};
use crate::run::{self, Cancel, MergeVerdict, Merging, Proof};
use crate::store::{DatabaseSettings, ProofFile, ProvenLine, ProvenRevision, Store};
use crate::text::Dialect;

use super::compare::CompareSession;
use super::new::{self, Draft, Made};
use super::options::options;
use super::{Error, Place};

options! {
    /// What the merge shall be.
    #[derive(Debug, Clone, Default)]
    pub struct MergeOptions {
        /// What it is for; `None`: which revisions it joins.
        pub message: Option<String>,
        /// Joins revisions that are no heads, too.
        pub splice: bool,
        /// The labels that it declares.
        pub labels: Vec<String>,
        /// Its id; `None`: a random one.
        pub rev_id: Option<String>,
        /// Writes it though the branches do not commute.
        pub force: bool,
        /// Writes nothing.
        pub check: bool,
    }
}

/// What came of a merge.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// What is known of its branches.
    pub proof: Proof,
    /// The revision; `None`: none was to be written, or the branches do not commute.
    pub made: Option<Made>,
}

/// The revisions that names stand for, as the parents of a merge; of `heads` there may be one alone.
///
/// # Errors
/// Fewer than two revisions by other names, one that stands below another, one that is no head without
/// `splice`.
pub fn parents(
    store: &Store,
    names: &[String],
    splice: bool,
    place: &Place,
) -> Result<Vec<Id>, Error> {
    let graph = store.graph();
    let parents = place.with_names(|known| graph.resolve(names, known))?;
    if parents.len() < 2 {
        if names.iter().all(|name| name == "heads") {
            return Ok(parents);
        }
        return Err(Error::refused(
            match parents.first() {
                Some(only) => format!("there is nothing to merge with {only}"),
                None => "there is nothing to merge".to_owned(),
            },
            "name two revisions or more; `rev heads` lists the heads",
        ));
    }
    for upper in &parents {
        let below = ancestors(graph, upper);
        if let Some(lower) = parents.iter().find(|id| below.contains(*id)) {
            return Err(Error::refused(
                format!("{lower} is already an ancestor of {upper}: there is nothing to merge"),
                "`rev log --graph` shows the graph",
            ));
        }
    }
    if !splice {
        new::require_heads(store, &parents)?;
    }
    Ok(parents)
}

/// Shows whether branches commute, and writes a revision whose parents they are, and the proof beside it.
/// `settings`: the database that it is shown for; or why none is known, and nothing is replayed.
///
/// # Errors
/// As [`super::revision::revision`]; a `seed` that fails; a scratch database that is lost.
pub async fn merge(
    store: &Store,
    settings: Result<&DatabaseSettings, String>,
    parents: &[Id],
    options: &MergeOptions,
    cancel: &Cancel,
) -> Result<Merged, Error> {
    let proof = prove(store, settings, parents, cancel).await?;
    if options.check || (proof.verdict() == MergeVerdict::Conflict && !options.force) {
        return Ok(Merged { proof, made: None });
    }
    let listed = || parents.iter().map(Id::as_str).collect::<Vec<_>>().join(" and ");
    let message = options.message.clone().unwrap_or_else(|| format!("merge {}", listed()));
    let draft = Draft {
        message,
        parents: parents.to_vec(),
        labels: options.labels.clone(),
        rev_id: options.rev_id.clone(),
        ..Draft::default()
    };
    let made = new::write(store, draft)?;
    if let Some(file) = proof_file(store, &made.view.header.id, &proof)? {
        store.write_proof(&made.path, &file)?;
    }
    Ok(Merged { proof, made: Some(made) })
}

/// Shows whether branches commute.
async fn prove(
    store: &Store,
    settings: Result<&DatabaseSettings, String>,
    parents: &[Id],
    cancel: &Cancel,
) -> Result<Proof, Error> {
    let dialect = match &settings {
        Ok(settings) => Some(db::dialect_of(settings.url.reveal())?),
        Err(_) => None,
    };
    let merging = Merging::new(store, parents, dialect)?;
    if merging.is_decided() {
        return Ok(merging.unreplayed(""));
    }
    let settings = match settings {
        Ok(settings) => settings,
        Err(reason) => return Ok(merging.unreplayed(&reason)),
    };
    let mut session = CompareSession::new(store, settings, cancel);
    let proof = replay(&mut session, parents, merging).await;
    session.close().await;
    proof
}

async fn replay(
    session: &mut CompareSession<'_>,
    parents: &[Id],
    merging: Merging<'_>,
) -> Result<Proof, Error> {
    let (store, settings, cancel) = (session.store, session.settings, session.cancel);
    let template = match session.template().await {
        Ok(template) => template,
        Err(error) => match no_scratch(&error) {
            Some(reason) => return Ok(merging.unreplayed(&reason)),
            None => return Err(error),
        },
    };
    // An address of MySQL's may lead to MariaDB, whose operations by dialect are others.
    let merging = match template.as_ref().map(|database| database.connection.dialect()) {
        Some(dialect) if Some(dialect) != merging.dialect() => {
            Merging::new(store, parents, Some(dialect))?
        }
        _ => merging,
    };
    match merging.replay(settings, template, cancel).await.map_err(Error::from) {
        Ok(proof) => Ok(proof),
        Err(error) => match no_scratch(&error) {
            Some(reason) => Ok(merging.unreplayed(&reason)),
            None => Err(error),
        },
    }
}

/// Why nothing can be replayed, where that is no error of the merge.
fn no_scratch(error: &Error) -> Option<String> {
    match error {
        Error::Refused { message, hint } => Some(match hint {
            Some(hint) => format!("{message}: {hint}"),
            None => message.clone(),
        }),
        Error::Db(error @ DbError::Connect { .. }) => Some(error.to_string()),
        Error::Run(run::Error::Replay(step)) => Some(format!(
            "{}, which both branches stand on, does not run on a scratch database: {}",
            step.revision, step.error
        )),
        Error::Run(error @ run::Error::Lower(_)) => Some(error.to_string()),
        _ => None,
    }
}

/// What is kept of a proof: what it is about, by digest. `None`: it proves nothing, or for nobody knows what.
fn proof_file(store: &Store, id: &Id, proof: &Proof) -> Result<Option<ProofFile>, Error> {
    let (MergeVerdict::Disjoint | MergeVerdict::Replayed, Some(dialect)) =
        (proof.verdict(), proof.dialect)
    else {
        return Ok(None);
    };
    let line = |head: &Id, ids: &[Id]| -> Result<ProvenLine, Error> {
        let revisions = ids.iter().map(|id| proven(store, id, dialect));
        Ok(ProvenLine { head: head.clone(), revisions: revisions.collect::<Result<_, _>>()? })
    };
    let lines = proof.heads.iter().zip(&proof.lines).map(|(head, ids)| line(head, ids));
    Ok(Some(ProofFile {
        format: ProofFile::FORMAT.to_owned(),
        revision: id.clone(),
        dialect,
        server: proof.server.clone(),
        seed: proof.seed.map(|seed| seed.name().to_owned()),
        verdict: proof.verdict().name().to_owned(),
        disjoint: proof.disjoint,
        replayed: proof.replayed,
        lines: lines.collect::<Result<_, _>>()?,
    }))
}

/// Whether a proof is about what a merge joins now.
///
/// # Errors
/// A revision's body that is not right.
pub(super) fn is_about(store: &Store, proof: &ProofFile, merge: &Id) -> Result<bool, Error> {
    let parents = store.graph().parents(merge);
    if proof.revision != *merge || !proof.lines.iter().map(|line| &line.head).eq(&parents) {
        return Ok(false);
    }
    for (line, ids) in proof.lines.iter().zip(run::branches(store, &parents)?) {
        let now = ids.iter().map(|id| proven(store, id, proof.dialect));
        if now.collect::<Result<Vec<_>, _>>()? != line.revisions {
            return Ok(false);
        }
    }
    Ok(true)
}

fn proven(store: &Store, id: &Id, dialect: Dialect) -> Result<ProvenRevision, Error> {
    let revision = store.revision(id)?;
    Ok(ProvenRevision { revision: id.clone(), up: up_digest(&revision, dialect).to_string() })
}

/// The ancestors of a revision by parents alone: two lines may be joined though one depends on the
/// other.
fn ancestors(graph: &Graph, id: &Id) -> HashSet<Id> {
    let mut seen = HashSet::new();
    let mut open = vec![id.clone()];
    while let Some(id) = open.pop() {
        let parents = graph.get(&id).into_iter().flat_map(|node| &node.parents);
        open.extend(parents.filter(|parent| seen.insert((*parent).clone())).cloned());
    }
    seen
}
