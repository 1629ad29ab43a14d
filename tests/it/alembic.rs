//! Plans beside Alembic's: the answers that `tests/alembic/record.py` recorded must be ours too, but for
//! the deviations named here, which `docs/alembic-deviations.md` lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use revdag::internals::graph::{AppliedNode, Graph, Names, Node, PlanError, Request, State};
use revdag::model::{Direction, Id};
use serde_json::Value;

/// A graph with the questions asked of it.
struct Recorded {
    nodes: Vec<RecordedNode>,
    cases: Vec<Case>,
}

struct RecordedNode {
    id: String,
    parents: Vec<String>,
    depends_on: Vec<String>,
    labels: Vec<String>,
}

/// A question with Alembic's answer.
struct Case {
    rows: Vec<String>,
    command: String,
    names: Vec<String>,
    answer: Answer,
}

/// What comes of a command.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// The revisions run (none for a stamp), and the rows after: the applied revisions that no other
    /// applied one stands on, by parents or dependencies.
    Done { ran: BTreeSet<String>, rows: BTreeSet<String> },
    /// Alembic's or our words.
    Refused(String),
    /// Alembic's traceback.
    Crashed(String),
}

fn texts(value: &Value) -> Vec<String> {
    let array = value.as_array().expect("an array");
    array.iter().map(|item| item.as_str().expect("a text").to_owned()).collect()
}

fn recorded() -> Vec<Recorded> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/alembic/cases");
    let mut all = Vec::new();
    for number in 1..=3 {
        let text =
            std::fs::read_to_string(format!("{folder}/{number}.jsonl")).expect("recorded cases");
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).expect("JSON");
            let nodes =
                value["graph"].as_array().expect("an array").iter().map(|node| RecordedNode {
                    id: node[0].as_str().expect("a text").to_owned(),
                    parents: texts(&node[1]),
                    depends_on: texts(&node[2]),
                    labels: texts(&node[3]),
                });
            let cases = value["cases"].as_array().expect("an array").iter().map(|case| Case {
                rows: texts(&case[0]),
                command: case[1].as_str().expect("a text").to_owned(),
                names: texts(&case[2]),
                answer: match case[3].as_str().expect("a text") {
                    "ok" => Answer::Done {
                        ran: texts(&case[4]).into_iter().collect(),
                        rows: texts(&case[5]).into_iter().collect(),
                    },
                    "refused" => Answer::Refused(case[4].as_str().expect("a text").to_owned()),
                    _ => Answer::Crashed(case[4].as_str().expect("a text").to_owned()),
                },
            });
            all.push(Recorded { nodes: nodes.collect(), cases: cases.collect() });
        }
    }
    all
}

impl Recorded {
    fn graph(&self) -> Graph {
        let ids = |names: &[String]| names.iter().map(Id::from).collect();
        let nodes = self.nodes.iter().map(|node| Node {
            id: Id::from(&node.id),
            parents: ids(&node.parents),
            depends_on: ids(&node.depends_on),
            labels: node.labels.clone(),
            replaces: Vec::new(),
            created: None,
            cost: 1,
        });
        Graph::new(nodes.collect(), BTreeMap::new())
            .unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn node(&self, id: &str) -> &RecordedNode {
        self.nodes.iter().find(|node| node.id == id).expect("a revision")
    }

    /// What a revision stands on, by both edges, labels resolved.
    fn below(&self, id: &str) -> Vec<&str> {
        let node = self.node(id);
        let needs = node.depends_on.iter().map(|need| {
            let declares = |node: &&RecordedNode| node.labels.contains(need);
            self.nodes.iter().find(declares).map_or(need.as_str(), |node| node.id.as_str())
        });
        node.parents.iter().map(String::as_str).chain(needs).collect()
    }

    /// The rows with all that they imply.
    fn closure<'a>(&'a self, rows: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut todo: Vec<&str> = rows.into_iter().map(String::as_str).collect();
        while let Some(id) = todo.pop() {
            if found.insert(id) {
                todo.extend(self.below(id));
            }
        }
        found
    }

    /// The rows that Alembic would keep for an applied set.
    fn rows(&self, applied: &BTreeSet<&str>) -> BTreeSet<String> {
        let implied: BTreeSet<&str> = applied.iter().flat_map(|id| self.below(id)).collect();
        applied.difference(&implied).map(|id| (*id).to_owned()).collect()
    }

    fn state(&self, graph: &Graph, case: &Case) -> State {
        let applied = self.closure(&case.rows);
        // The file has parents first, so its order is one in which they may have been applied.
        let rows = self.nodes.iter().filter(|node| applied.contains(node.id.as_str()));
        let rows = rows.enumerate().map(|(place, node)| AppliedNode {
            id: Id::from(&node.id),
            seq: place as i64 + 1,
            parents: node.parents.iter().map(Id::from).collect(),
            depends_on: self.below(&node.id)[node.parents.len()..].iter().map(Id::from).collect(),
        });
        State::new(graph, rows.collect())
    }

    fn ask(&self, graph: &Graph, case: &Case) -> Answer {
        let state = self.state(graph, case);
        let targets = case.names.clone();
        let request = match case.command.as_str() {
            "upgrade" => Request::Upgrade { targets, out_of_order: false },
            "downgrade" => Request::Downgrade { targets },
            _ => Request::Stamp { targets, purge: false, only: false },
        };
        let names = Names { state: Some(&state), ..Names::default() };
        let plan = match graph.plan(&state, &request, &names) {
            Ok(plan) => plan,
            Err(error) => return Answer::Refused(refusal(&error)),
        };
        let mut applied = self.closure(&case.rows);
        let mut ran = BTreeSet::new();
        for step in &plan.steps {
            let id = self.node(step.revision.as_str()).id.as_str();
            let changed = match step.direction {
                Direction::Up => applied.insert(id),
                Direction::Down => applied.remove(id),
            };
            assert!(changed, "{id} goes {} twice", step.direction);
            // The order is ours, but a step stands on what is there.
            let below = |id: &str| self.below(id).iter().all(|one| applied.contains(one));
            assert!(
                case.command == "stamp" || applied.iter().all(|id| below(id)),
                "{id} is out of order"
            );
            let wanted = if case.command == "downgrade" { Direction::Down } else { Direction::Up };
            if case.command != "stamp" {
                assert_eq!(step.direction, wanted, "{id}");
                ran.insert(id.to_owned());
            }
        }
        let rows = self.rows(&applied);
        let heads: BTreeSet<String> = plan.heads_after.iter().map(Id::to_string).collect();
        assert_eq!(heads, rows, "the heads after {} {}", case.command, case.names.join(" "));
        // A relative name counts otherwise in a plan, and `base` is more than an empty set there.
        let plain = |name: &String| !name.contains(['+', '-']) && !name.contains("base");
        if case.command != "downgrade" && case.names.iter().all(plain) {
            let targets = graph.resolve(&case.names, &names).expect("names that were planned with");
            let targets: Vec<String> = targets.iter().map(Id::to_string).collect();
            assert_eq!(applied, self.reached(case, &targets), "{}", case.names.join(" "));
        }
        Answer::Done { ran, rows }
    }

    /// The applied set that an upgrade or a stamp must lead to, by their definitions alone. It holds
    /// also where Alembic has no answer to compare with.
    fn reached<'a>(&'a self, case: &'a Case, targets: &'a [String]) -> BTreeSet<&'a str> {
        let (mut applied, wanted) = (self.closure(&case.rows), self.closure(targets));
        if case.command == "stamp" {
            let above = |id: &str| {
                self.closure([&self.node(id).id])
                    .iter()
                    .any(|one| targets.iter().any(|target| target == one))
            };
            applied.retain(|id| wanted.contains(id) || !above(id));
        }
        applied.extend(wanted);
        applied
    }

    /// The ids and the labels.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.nodes
            .iter()
            .flat_map(|node| [&node.id].into_iter().chain(&node.labels))
            .map(String::as_str)
    }

    /// The form of a name: `LABEL@ID-N`.
    fn form(&self, name: &str) -> String {
        let word = |word: &str| {
            let ends = |end: &str| word == end;
            if word.is_empty() || ["head", "heads", "base", "current"].into_iter().any(ends) {
                word.to_owned()
            } else if self.nodes.iter().any(|node| node.id == word) {
                "ID".to_owned()
            } else if self.nodes.iter().any(|node| node.labels.iter().any(|label| label == word)) {
                "LABEL".to_owned()
            } else if self.words().any(|name| name.starts_with(word)) {
                "PREFIX".to_owned()
            } else {
                "UNKNOWN".to_owned()
            }
        };
        let (line, rest) =
            name.split_once('@').map_or((None, name), |(line, rest)| (Some(line), rest));
        let (symbol, count) = rest.split_at(rest.find(['+', '-']).unwrap_or(rest.len()));
        let mut form = line.map(|line| format!("{}@", word(line))).unwrap_or_default();
        form += &word(symbol);
        if let Some(sign) = count.chars().next() {
            form.push(sign);
            let junk = count[1..].trim_start_matches(|c: char| c.is_ascii_digit());
            form += if junk.is_empty() { "N" } else { "N junk" };
        }
        form
    }
}

/// The words of a refusal, with its kind in front.
fn refusal(error: &PlanError) -> String {
    let kind = format!("{error:?}");
    let kind = kind.split([' ', '{']).next().unwrap_or_default();
    format!("{kind}: {error}")
}

/// A way in which we answer otherwise than Alembic, on purpose.
struct Deviation {
    /// What differs.
    kind: &'static str,
    /// Why.
    reason: &'static str,
    /// Whether a case differs in this way.
    explains: fn(&Recorded, &Case, &Answer) -> bool,
}

/// The first that explains a case counts it.
const DEVIATIONS: &[Deviation] = &[
    Deviation {
        kind: "text behind a relative name (`ID-1junk`)",
        reason: "Alembic reads `ID-1` and drops the rest; a name that is not of the grammar is refused",
        explains: |recorded, case, ours| {
            forms(recorded, case).any(|form| form.contains("junk"))
                && refused(ours, "Name(Malformed")
        },
    },
    Deviation {
        kind: "a prefix of a name of up to three characters",
        reason: "prefixes are looked for among all names; Alembic passes over those of three characters and fewer",
        explains: |recorded, case, ours| {
            case.names.iter().any(|name| prefix_counts_otherwise(recorded, name))
                && is_answered_as_spelt_out(recorded, case, ours)
        },
    },
    Deviation {
        kind: "an ambiguous branch (`a@base`)",
        reason: "refused, with the candidates; Alembic goes on as if no branch were named",
        explains: |recorded, case, ours| {
            forms(recorded, case).any(|form| form.starts_with("PREFIX@"))
                && refused(ours, "Name(Ambiguous")
        },
    },
    Deviation {
        kind: "`LABEL@PREFIX`",
        reason: "one revision of that branch must be meant; Alembic counts a revision and its label as two, and its `downgrade` looks everywhere",
        explains: |recorded, case, ours| {
            theirs(case, "Can't locate")
                && forms(recorded, case).any(|form| form.ends_with("@PREFIX"))
                && done(ours)
        },
    },
    Deviation {
        kind: "`stamp` with a relative name (`+1`, `ID-1`, `LABEL@+1`)",
        reason: "names mean the same in every command; Alembic's `stamp` reads `-N` only, and counts it from the heads of the files",
        explains: |recorded, case, _| {
            case.command == "stamp" && forms(recorded, case).any(|form| form.contains(['+', '-']))
        },
    },
    Deviation {
        kind: "`current` as a target",
        reason: "names mean the same in every command; Alembic knows `current` in `history`, `show` and `edit` only",
        explains: |_, case, ours| case.names.iter().any(|name| name == "current") && done(ours),
    },
    Deviation {
        kind: "`-N` from several heads",
        reason: "refused, with the candidates; Alembic takes the first row of its table",
        explains: |recorded, case, ours| {
            case.command == "downgrade"
                && case.rows.len() > 1
                && forms(recorded, case).any(|form| form == "-N")
                && refused(ours, "Name(Ambiguous")
        },
    },
    Deviation {
        kind: "a walk down through a merge (`-1`, `LABEL@-1`, `ID-1`)",
        reason: "below a merge are all its parents, so `-1` from a merge undoes the merge; Alembic calls the walk ambiguous",
        explains: |recorded, case, ours| {
            theirs(case, "Ambiguous walk")
                && forms(recorded, case).any(|form| form.contains("-N"))
                && done(ours)
        },
    },
    Deviation {
        kind: "one below the base (`base-1`)",
        reason: "refused: nothing is there; Alembic stays at the base, or walks on from another",
        explains: |recorded, case, ours| {
            forms(recorded, case).any(|form| form.contains("base-N"))
                && refused(ours, "Name(OutOfRange")
        },
    },
    Deviation {
        kind: "`downgrade LABEL@ID` with a revision of another line",
        reason: "refused as in every other command; Alembic does not look",
        explains: |_, case, ours| case.command == "downgrade" && refused(ours, "Name(WrongLine"),
    },
    Deviation {
        kind: "`downgrade LABEL@head` and `LABEL@heads`",
        reason: "the heads of that branch; Alembic forgets the label here and says that there are several heads",
        explains: |recorded, case, ours| {
            case.command == "downgrade"
                && theirs(case, "Multiple head revisions")
                && forms(recorded, case)
                    .any(|form| form.ends_with("@head") || form.ends_with("@heads"))
                && done(ours)
        },
    },
    Deviation {
        kind: "`downgrade LABEL@ID` with the label at the target or below it",
        reason: "the children of the target on that branch come down; Alembic wants the label above the target and refuses",
        explains: |_, case, ours| {
            theirs(case, "Not a valid downgrade target from current heads") && done(ours)
        },
    },
    Deviation {
        kind: "a traceback of Alembic's",
        reason: "Alembic ends with `KeyError` or `AssertionError` where there is a walk: dependencies on what an ancestor depends on, a walk that ends at the base, a revision stamped twice",
        explains: |_, case, ours| matches!(case.answer, Answer::Crashed(_)) && done(ours),
    },
    Deviation {
        kind: "rows that imply each other",
        reason: "the same revisions are applied afterwards, but Alembic keeps a row that another implies and then refuses to go on from there",
        explains: |recorded, case, ours| match (&case.answer, ours) {
            (Answer::Done { ran, rows }, Answer::Done { ran: our_ran, rows: our_rows }) => {
                let applied = recorded.closure(rows);
                ran == our_ran
                    && recorded.rows(&applied) != *rows
                    && applied == recorded.closure(our_rows)
            }
            _ => false,
        },
    },
    Deviation {
        kind: "`stamp` of what lies below a merge or a dependency",
        reason: "only what depends on the target goes; Alembic forgets the other parents and the dependencies too",
        explains: |recorded, case, ours| match (&case.answer, ours) {
            (Answer::Done { rows, .. }, Answer::Done { rows: our_rows, .. }) => {
                let (fewer, more) = (recorded.closure(rows), recorded.closure(our_rows));
                case.command == "stamp" && case.names.len() == 1 && fewer.is_subset(&more)
            }
            _ => false,
        },
    },
    Deviation {
        kind: "`stamp` of several revisions",
        reason: "afterwards all of them are applied, whatever their order; Alembic lets one undo the other, or `base` empty all but what follows",
        explains: |_, case, ours| case.command == "stamp" && case.names.len() > 1 && done(ours),
    },
];

/// The forms of the names of a case.
fn forms<'a>(recorded: &'a Recorded, case: &'a Case) -> impl Iterator<Item = String> + 'a {
    case.names.iter().map(|name| recorded.form(name))
}

fn done(answer: &Answer) -> bool {
    matches!(answer, Answer::Done { .. })
}

/// Whether we refuse with this kind of error.
fn refused(answer: &Answer, kind: &str) -> bool {
    matches!(answer, Answer::Refused(words) if words.starts_with(kind))
}

/// Whether Alembic refuses with these words.
fn theirs(case: &Case, words: &str) -> bool {
    matches!(&case.answer, Answer::Refused(answer) if answer.contains(words))
}

/// Whether a word of a name begins an id of up to three characters, and is no name itself.
fn prefix_counts_otherwise(recorded: &Recorded, name: &str) -> bool {
    name.split(['@', '+', '-']).any(|word| {
        let short = |node: &RecordedNode| node.id.len() <= 3 && node.id.starts_with(word);
        recorded.form(word) == "PREFIX" && recorded.nodes.iter().any(short)
    })
}

/// Whether we answer as to the names with each prefix spelt out, or refuse where it begins several names.
fn is_answered_as_spelt_out(recorded: &Recorded, case: &Case, ours: &Answer) -> bool {
    let mut names = Vec::new();
    for name in &case.names {
        let mut spelt = String::new();
        for part in name.split_inclusive(['@', '+', '-']) {
            let word = part.trim_end_matches(['@', '+', '-']);
            let prefix = recorded.form(word) == "PREFIX";
            let begun = recorded.words().filter(|name| prefix && name.starts_with(word));
            match begun.collect::<Vec<_>>().as_slice() {
                // A count, `head`, or a name in full.
                [] => spelt += word,
                [name] => spelt += name,
                // Within a line it may still be the only one.
                _ if spelt.contains('@') => return true,
                _ => return refused(ours, "Name(Ambiguous"),
            }
            spelt += &part[word.len()..];
        }
        names.push(spelt);
    }
    let (rows, command) = (case.rows.clone(), case.command.clone());
    let spelt = Case { rows, command, names, answer: Answer::Refused(String::new()) };
    match recorded.ask(&recorded.graph(), &spelt) {
        Answer::Done { ran, rows } => *ours == Answer::Done { ran, rows },
        _ => !done(ours),
    }
}

/// Whether two answers come to the same: the same steps and rows, or no walk.
fn agree(theirs: &Answer, ours: &Answer) -> bool {
    match (theirs, ours) {
        (Answer::Done { .. }, _) => theirs == ours,
        (_, ours) => !matches!(ours, Answer::Done { .. }),
    }
}

fn show(answer: &Answer) -> String {
    let list = |ids: &BTreeSet<String>| match ids.is_empty() {
        true => "nothing".to_owned(),
        false => ids.iter().cloned().collect::<Vec<_>>().join(" "),
    };
    match answer {
        Answer::Done { ran, rows } => format!("runs {}; rows {}", list(ran), list(rows)),
        Answer::Refused(words) => format!("refused: {words}"),
        Answer::Crashed(words) => format!("crashed: {words}"),
    }
}

fn describe(recorded: &Recorded, case: &Case, ours: &Answer) -> String {
    let mut text = String::new();
    for node in &recorded.nodes {
        let parents = node.parents.join(",");
        _ = write!(text, "    {} <- {parents}", node.id);
        for (word, list) in [("depends on", &node.depends_on), ("labels", &node.labels)] {
            if !list.is_empty() {
                _ = write!(text, "  {word} {}", list.join(","));
            }
        }
        text.push('\n');
    }
    let (rows, names) = (case.rows.join(" "), case.names.join(" "));
    _ = writeln!(text, "  rows [{rows}]  {} {names}", case.command);
    _ = writeln!(text, "  alembic {}\n  rev     {}", show(&case.answer), show(ours));
    text
}

#[test]
fn plans_equal_alembics() {
    let (mut cases, mut agreed) = (0, 0);
    let mut deviations: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for recorded in recorded() {
        let graph = recorded.graph();
        for case in &recorded.cases {
            cases += 1;
            let ours = recorded.ask(&graph, case);
            if agree(&case.answer, &ours) {
                agreed += 1;
                continue;
            }
            if let Some(found) =
                DEVIATIONS.iter().find(|one| (one.explains)(&recorded, case, &ours))
            {
                *deviations.entry(found.kind).or_default() += 1;
                continue;
            }
            let forms: Vec<String> = case.names.iter().map(|name| recorded.form(name)).collect();
            let word = |answer: &Answer| {
                show(answer)
                    .split(':')
                    .next()
                    .map(|word| word.split(' ').next().unwrap_or_default().to_owned())
            };
            let kind = format!(
                "{} {} {:?} {:?}",
                case.command,
                forms.join(" "),
                word(&case.answer),
                word(&ours)
            );
            let example = describe(&recorded, case, &ours);
            let entry = unexplained.entry(kind).or_insert_with(|| (0, example.clone()));
            entry.0 += 1;
            // The shortest example is the easiest to read.
            if example.len() < entry.1.len() {
                entry.1 = example;
            }
        }
    }
    let mut report = String::new();
    let mut list: Vec<_> = unexplained.into_iter().collect();
    list.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (kind, (count, example)) in &list {
        _ = writeln!(report, "{count} x {kind}\n{example}");
    }
    assert!(list.is_empty(), "{agreed} of {cases} agree; unexplained:\n{report}");
    check_page(cases, agreed, &deviations);
}

/// The page that lists the deviations; `UPDATE_DOCS=1` writes it anew.
fn check_page(cases: usize, agreed: usize, counts: &BTreeMap<&str, usize>) {
    let mut page = format!(
        "# Where `rev` answers otherwise than Alembic\n\n\
         Alembic's own answers to {cases} random commands on random graphs are recorded in `tests/alembic/cases`. \
         {agreed} of them are `rev`'s answers too: the same set of revisions run, the same rows afterwards, or no walk \
         at all. The others differ on purpose, in one of these ways. A test makes this page and fails on any other \
         difference.\n\n| cases | what differs | why |\n|--:|---|---|\n"
    );
    for deviation in DEVIATIONS {
        let count = counts.get(deviation.kind).copied().unwrap_or(0);
        assert!(count > 0, "no case differs in this way any more: {}", deviation.kind);
        _ = writeln!(page, "| {count} | {} | {} |", deviation.kind, deviation.reason);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/alembic-deviations.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, page).expect("a page written");
    } else {
        let now = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(now, page, "UPDATE_DOCS=1 writes {path} anew");
    }
}
