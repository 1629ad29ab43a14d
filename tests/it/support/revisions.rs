//! Revision files, written in a line.

use super::Env;

impl Env {
    /// Writes a revision as a `.sql` file; an empty `down` means that there is none.
    pub fn revision(&self, id: &str, parents: &[&str], message: &str, up: &str, down: &str) {
        self.revision_with(id, parents, message, "", up, down);
    }

    /// The same, with more lines of YAML in the header.
    pub fn revision_with(
        &self,
        id: &str,
        parents: &[&str],
        message: &str,
        header: &str,
        up: &str,
        down: &str,
    ) {
        let mut text = format!("-- revision: {id}\n-- parents: [{}]\n", parents.join(", "));
        text.push_str(&format!("-- message: {message}\n"));
        for line in header.lines() {
            text.push_str(&format!("-- {line}\n"));
        }
        text.push_str(&format!("\n-- rev: up\n{up}\n"));
        text.push_str(&match down {
            "" => "\n-- rev: irreversible\n".to_owned(),
            down => format!("\n-- rev: down\n{down}\n"),
        });
        self.write(format!("revisions/{id}.sql"), text);
    }

    /// Writes a revision that makes a table of its own name, and drops it going down.
    pub fn table(&self, id: &str, parents: &[&str]) {
        let up = format!("CREATE TABLE {id} (v integer);");
        self.revision(id, parents, &format!("make {id}"), &up, &format!("DROP TABLE {id};"));
    }

    /// Takes a revision's file away.
    pub fn remove_revision(&self, id: &str) {
        std::fs::remove_file(self.path(format!("revisions/{id}.sql"))).expect("a file removed");
    }
}
