//! Opens a store: reads `store.yaml` and every header, and checks them together.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::config::{self, Config};
use super::files::{Files, text};
use super::place::{self, Place};
use super::problems::Problems;
use super::read_config;
use super::yaml::Value;
use super::{CONFIG, Problem, StoreError, read, tags, yaml};
use crate::graph::{self, Graph, Node, ReplacedNode};
use crate::model::{Header, Id};

/// What opening gives.
pub(super) struct Opened {
    pub config: Config,
    pub graph: Graph,
    pub entries: HashMap<Id, Entry>,
    pub tags: BTreeMap<String, Vec<Id>>,
}

/// A revision's header and where it stands.
#[derive(Debug)]
pub(super) struct Entry {
    pub header: Header,
    pub file: String,
}

/// Reads and checks everything but the bodies.
pub(super) fn open(files: &Files) -> Result<Opened, StoreError> {
    let mut problems = Problems::of(CONFIG);
    let config = config(files, &mut problems)?;
    let mut problems = problems.list;
    // Without a configuration nobody knows where the revisions are.
    let Some(config) = config else { return Err(sorted(problems, |file| files.text(file))) };

    let mut incomplete = false;
    for folder in files.missing(&config.revisions) {
        problems.push(missing_folder(files, folder));
        incomplete = true;
    }
    let names = files.list(&config.revisions, &mut problems);
    let mut headers: Vec<(String, Header)> = Vec::with_capacity(names.len());
    let mut buffer = Vec::new();
    for name in names {
        let (header, mut found) = read::header_of(files, &name, &mut buffer);
        problems.append(&mut found);
        match header {
            Some(header) => headers.push((name, header)),
            None => incomplete = true,
        }
    }
    let entries = index(files, headers, &mut problems);
    let mut nodes: Vec<Node> = entries.values().map(|entry| node(&entry.header)).collect();
    nodes.sort_by(|a, b| a.id.cmp(&b.id));
    let known: HashSet<String> = match incomplete {
        true => nodes
            .iter()
            .flat_map(|node| node.labels.iter().cloned().chain([node.id.to_string()]))
            .collect(),
        false => HashSet::new(),
    };
    let tags = tags::read(files, &config, &mut problems);
    match Graph::new(nodes, tags.clone()) {
        Ok(graph) if problems.is_empty() => Ok(Opened { config, graph, entries, tags }),
        Ok(_) => Err(sorted(problems, |file| files.text(file))),
        Err(found) => {
            let places = Places { files, entries: &entries, config: &config, tags: &tags };
            for problem in found {
                // What is missing may be in a file that could not be read.
                let is_missing = |word: &String| !known.contains(word);
                if incomplete && problem.word.as_ref().is_some_and(is_missing) {
                    continue;
                }
                problems.push(places.problem(problem));
            }
            Err(sorted(problems, |file| files.text(file)))
        }
    }
}

/// The problems in the order of files and lines, each with its excerpt.
pub(super) fn sorted(
    mut problems: Vec<Problem>,
    text_of: impl Fn(&str) -> Option<String>,
) -> StoreError {
    problems.sort();
    // What is wrong twice on a line is told once.
    problems.dedup_by(|a, b| {
        (&a.file, a.line, &a.message, &a.hint) == (&b.file, b.line, &b.message, &b.hint)
    });
    place::show(&mut problems, text_of);
    StoreError::Problems(problems)
}

fn config(files: &Files, problems: &mut Problems) -> Result<Option<Config>, StoreError> {
    let Some(text) = text(files.read(CONFIG)?, problems) else { return Ok(None) };
    Ok(read_config::read(&text, problems))
}

/// A folder that is not there is never taken for an empty one: a container that was built without it
/// would find nothing to do, and call that success.
fn missing_folder(files: &Files, folder: &str) -> Problem {
    let text = text(files.read(CONFIG).unwrap_or_default(), &mut Problems::of(CONFIG));
    let place = text.and_then(|text| {
        let root = yaml::parse(&text).ok()??;
        let listed = root.get("revisions").and_then(|folders| match &folders.value {
            Value::List(items) => items
                .iter()
                .find(|item| item.text().is_some_and(|name| config::clean(name) == folder)),
            _ => None,
        });
        listed.map(yaml::Node::place).or_else(|| root.place_of(&["revisions"]))
    });
    let message = format!("the folder of revisions {folder:?} does not exist");
    let hint =
        "create it, with a file such as .gitkeep that keeps it in git, or correct `revisions`";
    Problem::at(CONFIG, place, message, Some(hint.to_owned()))
}

/// The headers by id. An id in a second file is a problem of that file.
fn index(
    files: &Files,
    headers: Vec<(String, Header)>,
    problems: &mut Vec<Problem>,
) -> HashMap<Id, Entry> {
    let mut entries: HashMap<Id, Entry> = HashMap::with_capacity(headers.len());
    for (file, header) in headers {
        if let Some(first) = entries.get(&header.id) {
            let message = format!("the revision {} is in {} already", header.id, first.file);
            let place = place_of(files, &file, header.id.as_str(), &["revision"]);
            let hint = "each revision has an id of its own: give one of them another";
            problems.push(Problem::at(&file, place, message, Some(hint.to_owned())));
            continue;
        }
        entries.insert(header.id.clone(), Entry { header, file });
    }
    entries
}

/// A revision as the graph sees it.
pub(super) fn node(header: &Header) -> Node {
    let replaces = header.replaces.iter().map(|replaced| ReplacedNode {
        id: replaced.revision.clone(),
        parents: replaced.parents.clone(),
        depends_on: replaced.depends_on.clone(),
    });
    Node {
        id: header.id.clone(),
        parents: header.parents.clone(),
        depends_on: header.depends_on.clone(),
        labels: header.labels.clone(),
        replaces: replaces.collect(),
        created: header.created.as_ref().map(|created| created.micros),
        cost: 1,
    }
}

/// Finds the places in the files that the graph's problems are about.
struct Places<'a> {
    files: &'a Files,
    entries: &'a HashMap<Id, Entry>,
    config: &'a Config,
    tags: &'a BTreeMap<String, Vec<Id>>,
}

impl Places<'_> {
    fn problem(&self, problem: graph::Problem) -> Problem {
        let entry = problem.revisions.first().and_then(|id| self.entries.get(id));
        let tag = problem.word.as_ref().and_then(|word| {
            self.config.tags.0.iter().find(|(tag, ids)| tag == word || ids.contains(word))
        });
        let tag_file = problem.word.as_ref().and_then(|word| {
            let named = |ids: &Vec<Id>| ids.iter().any(|id| id.as_str() == word);
            let found = self.tags.iter().find(|(tag, ids)| *tag == word || named(ids));
            found.map(|(tag, _)| tags::file(tag))
        });
        let (file, place) = match (entry, tag) {
            (Some(entry), _) => {
                let word = problem.word.as_deref().unwrap_or(entry.header.id.as_str());
                let is_label = entry.header.labels.iter().any(|label| label == word);
                let keys: &[&str] = match is_label {
                    true => &["labels"],
                    false => &["parents", "depends_on", "replaces", "revision"],
                };
                let place = place_of(self.files, &entry.file, word, keys).or_else(|| {
                    place_of(self.files, &entry.file, entry.header.id.as_str(), &["revision"])
                });
                (entry.file.as_str(), place)
            }
            (None, Some((tag, _))) => {
                let text =
                    text(self.files.read(CONFIG).unwrap_or_default(), &mut Problems::of(CONFIG));
                let root = text.and_then(|text| yaml::parse(&text).ok()?);
                (CONFIG, root.and_then(|root| root.place_of(&["tags", tag])))
            }
            (None, None) => (tag_file.as_deref().unwrap_or(CONFIG), None),
        };
        Problem::at(file, place, problem.message, problem.hint)
    }
}

/// Where in a file's header a word stands as a value of one of the keys.
fn place_of(files: &Files, file: &str, word: &str, keys: &[&str]) -> Option<Place> {
    let root = read::header_tree(files, file)?;
    let Value::Map(entries) = &root.value else { return None };
    keys.iter().find_map(|wanted| {
        let named = |key: &yaml::Node| matches!(&key.value, Value::Scalar(key, _) if key == wanted);
        let values = entries.iter().filter(|(key, _)| named(key)).map(|(_, value)| value);
        values.into_iter().find_map(|value| find(value, word))
    })
}

/// The place of the first text that is this word.
fn find(node: &yaml::Node, word: &str) -> Option<Place> {
    match &node.value {
        Value::Scalar(text, _) => (text == word).then(|| node.place()),
        Value::List(items) => items.iter().find_map(|item| find(item, word)),
        Value::Map(entries) => entries.iter().find_map(|(_, value)| find(value, word)),
    }
}
