//! The two lines of revisions that a merge joins, and which of their pairs footprints cannot decide.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::graph::{Names, Request, State};
use crate::model::operation::{Footprint, Object, ObjectClass, Part};
use crate::model::{Entry, Id, Operation, Revision};
use crate::run::Error;
use crate::store::Store;
use crate::text::{self, Dialect, Kind, TokenKind};

/// Two lines, and what stands below both.
pub(super) struct Lines {
    /// The heads of what both stand on.
    pub below: Vec<Id>,
    /// What both stand on, in the order of a new database.
    pub shared: Vec<Id>,
    /// The revisions of each line alone, in the order of a new database.
    pub sides: [Vec<Id>; 2],
}

impl Lines {
    /// The lines that lead to these revisions.
    ///
    /// # Errors
    /// No plan.
    pub fn of(store: &Store, left: &[Id], right: &[Id]) -> Result<Lines, Error> {
        let [left, right] = [closure(store, left)?, closure(store, right)?];
        let [in_left, in_right] = [&left, &right].map(|ids| ids.iter().collect::<HashSet<_>>());
        let (shared, left_alone): (Vec<Id>, Vec<Id>) =
            left.iter().cloned().partition(|id| in_right.contains(id));
        let right_alone = right.iter().filter(|id| !in_left.contains(id)).cloned().collect();
        let graph = store.graph();
        let stood_on: HashSet<Id> = shared
            .iter()
            .flat_map(|id| [graph.parents(id), graph.depends_on(id)].concat())
            .collect();
        let below = shared.iter().filter(|id| !stood_on.contains(*id)).cloned().collect();
        Ok(Lines { below, shared, sides: [left_alone, right_alone] })
    }
}

/// The revisions that stand on one side of a merge alone, for each of its heads.
///
/// # Errors
/// No plan.
pub fn alone(store: &Store, heads: &[Id]) -> Result<Vec<Vec<Id>>, Error> {
    let closures = heads.iter().map(|head| closure(store, std::slice::from_ref(head)));
    let closures = closures.collect::<Result<Vec<_>, _>>()?;
    let mut seen: HashMap<&Id, usize> = HashMap::new();
    for id in closures.iter().flatten() {
        *seen.entry(id).or_default() += 1;
    }
    let of_one =
        |ids: &Vec<Id>| ids.iter().filter(|id| seen.get(id) == Some(&1)).cloned().collect();
    Ok(closures.iter().map(of_one).collect())
}

/// Revisions and all that they stand on, in the order in which a new database would run them.
fn closure(store: &Store, ids: &[Id]) -> Result<Vec<Id>, Error> {
    let graph = store.graph();
    let nothing = State::new(graph, Vec::new());
    let targets = ids.iter().map(|id| id.as_str().to_owned()).collect();
    let request = Request::Upgrade { targets, out_of_order: false };
    let plan = graph.plan(&nothing, &request, &Names::default())?;
    Ok(plan.steps.into_iter().map(|step| step.revision).collect())
}

/// A revision of a line, and what it touches.
pub(super) struct Touching {
    pub revision: Revision,
    footprint: Footprint,
    carriers: Carriers,
    /// Whether it writes rows by statements for rows, so that triggers and cascading keys carry it on.
    pub writes_rows: bool,
    /// Whether it does nothing else.
    pub only_rows: bool,
    /// A command of the application's that it runs: no replay does.
    pub program: bool,
}

impl Touching {
    /// Reads a revision. `dialect`: whose SQL and whose operations by dialect count; `None`: those of all.
    ///
    /// # Errors
    /// Its body is not right.
    pub fn read(store: &Store, id: &Id, dialect: Option<Dialect>) -> Result<Touching, Error> {
        let revision = store.revision(id)?;
        let (mut footprint, mut carriers) = (Footprint::default(), Carriers::default());
        let (mut writes_rows, mut only_rows, mut program) = (false, true, false);
        for entry in on(&revision, dialect) {
            let own = footprint_of(&entry, dialect);
            carriers.take_from(&own);
            footprint.extend(own);
            let (any, all) = writes_rows_of(&entry.operation, dialect);
            writes_rows |= any;
            only_rows &= all;
            program |= matches!(entry.operation, Operation::Program(_));
        }
        Ok(Touching { revision, footprint, carriers, writes_rows, only_rows, program })
    }

    pub fn id(&self) -> &Id {
        &self.revision.header.id
    }

    /// The operations that a dialect runs.
    pub fn entries(&self, dialect: Option<Dialect>) -> Vec<Entry> {
        on(&self.revision, dialect)
    }
}

/// The operations of a revision's `up` that a dialect runs; `None`: as they stand.
fn on(revision: &Revision, dialect: Option<Dialect>) -> Vec<Entry> {
    let entries = revision.up.iter().flat_map(|entry| {
        let own = dialect.and_then(|dialect| entry.for_dialect(dialect));
        own.map_or_else(|| vec![entry.clone()], |own| own.into_owned())
    });
    entries.collect()
}

/// What an operation touches; SQL for other dialects touches nothing on this one.
pub(super) fn footprint_of(entry: &Entry, dialect: Option<Dialect>) -> Footprint {
    match (&entry.operation, dialect) {
        (Operation::Sql(sql), Some(dialect))
            if sql.section(dialect).is_some_and(|section| section.text.trim().is_empty()) =>
        {
            Footprint::default()
        }
        (operation, _) => operation.footprint(),
    }
}

/// Whether any statement of an operation is one for rows, and whether all are.
fn writes_rows_of(operation: &Operation, dialect: Option<Dialect>) -> (bool, bool) {
    match operation {
        Operation::BulkInsert(_) | Operation::BulkDelete(_) | Operation::Backfill(_) => {
            (true, true)
        }
        Operation::Sql(sql) => {
            let pieces = dialect.and_then(|dialect| {
                let text = &sql.section(dialect)?.text;
                Some((dialect, text::split(dialect, text).ok()?))
            });
            let Some((dialect, pieces)) = pieces else { return (true, false) };
            let is_one = |piece: &text::Piece| {
                text::kind(dialect, &piece.sql) == Kind::Dml || piece.copy_data.is_some()
            };
            (pieces.iter().any(is_one), pieces.iter().all(is_one))
        }
        _ => (false, false),
    }
}

/// The pairs of revisions, by their places in the lines, of which footprints do not show that they
/// commute. `shared` is read only where it matters: where rows are written.
///
/// # Errors
/// A body that is not right.
pub(super) fn undecided(
    store: &Store,
    lines: &Lines,
    sides: [&[Touching]; 2],
    dialect: Option<Dialect>,
) -> Result<BTreeSet<(usize, usize)>, Error> {
    let [left, right] = sides;
    let mut undecided = BTreeSet::new();
    let touched = Touched::of(right);
    for (i, one) in left.iter().enumerate() {
        let meets = match one.footprint.opaque {
            true => (0..right.len()).collect(),
            false => touched.meeting(&one.footprint),
        };
        undecided.extend(meets.into_iter().map(|j| (i, j)));
        let opaque = right.iter().enumerate().filter(|(_, other)| other.footprint.opaque);
        undecided.extend(opaque.map(|(j, _)| (i, j)));
    }
    if !left.iter().chain(right).any(|one| one.writes_rows) {
        return Ok(undecided);
    }
    let mut carriers = Carriers::default();
    for one in left.iter().chain(right) {
        carriers.extend(&one.carriers);
    }
    for id in &lines.shared {
        if carriers.unknown {
            break;
        }
        carriers.extend(&Touching::read(store, id, dialect)?.carriers);
    }
    let is_carried = |one: &Touching| one.writes_rows && carriers.carry(&one.footprint);
    let carried = [left, right].map(|side| side.iter().map(is_carried).collect::<Vec<bool>>());
    for i in 0..left.len() {
        let all = (0..right.len()).filter(|&j| carried[0][i] || carried[1][j]);
        undecided.extend(all.map(|j| (i, j)));
    }
    Ok(undecided)
}

/// What the revisions of a line touch, by name: a line of many is not compared with each of another.
struct Touched<'a> {
    by_name: HashMap<(ObjectClass, String), Vec<Touch<'a>>>,
}

/// The place of a revision, whether it writes, and what.
type Touch<'a> = (usize, bool, &'a Object);

impl<'a> Touched<'a> {
    fn of(side: &'a [Touching]) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for (at, one) in side.iter().enumerate() {
            let Footprint { reads, writes, .. } = &one.footprint;
            let reads = reads.iter().map(|object| (false, object));
            for (is_written, object) in reads.chain(writes.iter().map(|object| (true, object))) {
                by_name.entry(key(object)).or_default().push((at, is_written, object));
            }
        }
        Touched { by_name }
    }

    /// The places of those that meet a footprint in something that one of the two writes.
    fn meeting(&self, footprint: &Footprint) -> BTreeSet<usize> {
        let Footprint { reads, writes, .. } = footprint;
        let reads = reads.iter().map(|object| (false, object));
        let all = reads.chain(writes.iter().map(|object| (true, object)));
        all.flat_map(|(is_written, object)| {
            let met = self.by_name.get(&key(object)).into_iter().flatten();
            met.filter(move |(_, written, other)| {
                (is_written || *written) && object.overlaps(other)
            })
        })
        .map(|(at, ..)| *at)
        .collect()
    }
}

fn key(object: &Object) -> (ObjectClass, String) {
    (object.class, object.name.to_lowercase())
}

/// What carries a change of rows to other tables.
#[derive(Default)]
struct Carriers {
    /// Anything may: there is SQL that nobody has understood, or a routine that a default may call.
    unknown: bool,
    /// Tables with triggers, and both ends of foreign keys, in lower case.
    tables: HashSet<String>,
}

impl Carriers {
    /// Takes in what one operation makes of them.
    fn take_from(&mut self, footprint: &Footprint) {
        let Footprint { reads, writes, opaque } = footprint;
        self.unknown |= opaque | writes.iter().any(|object| object.class == ObjectClass::Routine);
        let is_key = |object: &&Object| object.part == Some(Part::Keys);
        let refers = reads.iter().any(|object| is_key(&object));
        let is_trigger = |object: &&Object| object.part == Some(Part::Triggers);
        let named = writes.iter().filter(|object| refers || is_trigger(object));
        let named = reads.iter().filter(is_key).chain(named);
        self.tables.extend(named.map(|object| object.name.to_lowercase()));
    }

    fn extend(&mut self, other: &Carriers) {
        self.unknown |= other.unknown;
        self.tables.extend(other.tables.iter().cloned());
    }

    /// Whether what a revision does to rows may go on elsewhere.
    fn carry(&self, footprint: &Footprint) -> bool {
        let mut written =
            footprint.writes.iter().filter(|object| object.class == ObjectClass::Rows);
        self.unknown || written.any(|object| self.tables.contains(&object.name.to_lowercase()))
    }
}

/// The first two operations of two revisions of which footprints do not show that they commute, and the
/// object in which they meet, if it is known.
pub(super) fn meeting(
    one: &Touching,
    other: &Touching,
    dialect: Option<Dialect>,
) -> (Option<Entry>, Option<Entry>, Option<Object>) {
    let footprints = |touching: &Touching| {
        let entries = touching.entries(dialect).into_iter();
        entries.map(|entry| (footprint_of(&entry, dialect), entry)).collect::<Vec<_>>()
    };
    let (ones, others) = (footprints(one), footprints(other));
    let pairs = || ones.iter().flat_map(|one| others.iter().map(move |other| (one, other)));
    let met = pairs().find_map(|(one, other)| {
        let object = one.0.conflict(&other.0)?.clone();
        Some((Some(one.1.clone()), Some(other.1.clone()), Some(object)))
    });
    let opaque = || {
        let pair = pairs().find(|(one, other)| one.0.opaque || other.0.opaque);
        pair.map(|(one, other)| (Some(one.1.clone()), Some(other.1.clone()), None))
    };
    met.or_else(opaque).unwrap_or_default()
}

/// Words that statements of the revisions compare columns with, so that rows can be made that they
/// concern: a column in lower case, and the literals.
pub(super) fn compared_with(
    touchings: &[&Touching],
    dialect: Dialect,
) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let texts =
        touchings.iter().flat_map(|one| one.entries(Some(dialect))).filter_map(|entry| match entry
            .operation
        {
            Operation::Sql(sql) => sql.section(dialect).map(|section| section.text.clone()),
            Operation::Backfill(backfill) => {
                backfill.where_.and_then(|text| text.get(dialect).cloned())
            }
            _ => None,
        });
    for text in texts {
        let tokens = text::tokens(dialect, &text);
        let mut sets = false;
        for (at, token) in tokens.iter().enumerate() {
            sets = match () {
                () if token.is("SET") => true,
                () if token.is_any(&["WHERE", "FROM"]) || token.is_symbol(";") => false,
                () => sets,
            };
            let behind = tokens.get(at + 1..).unwrap_or_default();
            let literals = match behind {
                // What is set is what rows shall have, not what they have.
                [operator, literal, ..] if operator.is_symbol("=") && !sets => {
                    std::slice::from_ref(literal)
                }
                [operator, open, list @ ..] if operator.is("IN") && open.is_symbol("(") => {
                    let end = list.iter().position(|token| token.is_symbol(")"));
                    &list[..end.unwrap_or_default()]
                }
                _ => continue,
            };
            let literals = literals
                .iter()
                .filter(|token| matches!(token.sort, TokenKind::Text | TokenKind::Number));
            let Some(name) = text::name_of(dialect, token) else { continue };
            let known = found.entry(name.to_lowercase()).or_default();
            for literal in literals {
                if !known.iter().any(|known| known == literal.text) {
                    known.push(literal.text.to_owned());
                }
            }
        }
    }
    found
}
