//! What SQLite's statements do beyond their own file.

use super::sqlite::Sqlite;
use super::token::{Family as _, Token, significant};

/// Functions of its own client and of extensions that touch files or load code.
const FUNCTIONS: [(&str, &str); 5] = [
    ("load_extension", "loads a library"),
    ("writefile", "writes a file"),
    ("readfile", "reads a file"),
    ("edit", "runs an editor"),
    ("fsdir", "reads a folder"),
];

pub(super) fn reaches_out(sql: &str) -> Option<String> {
    let tokens: Vec<Token<'_>> = significant(&Sqlite, sql).collect();
    let begins = |words: &[&str]| {
        tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| token.is(word))
    };
    let of_words = || match () {
        () if begins(&["ATTACH"]) => Some("attaches another file"),
        () if begins(&["DETACH"]) => Some("detaches another file"),
        () if begins(&["VACUUM"]) && tokens.iter().any(|token| token.is("INTO")) => {
            Some("writes another file")
        }
        () if begins(&["PRAGMA"]) => {
            let folders = ["temp_store_directory", "data_store_directory"];
            let names_one = |token: &Token<'_>| {
                let name = Sqlite.name(token).map(|name| name.to_ascii_lowercase());
                name.is_some_and(|name| folders.contains(&name.as_str()))
            };
            tokens.iter().any(names_one).then_some("sets where other files are written")
        }
        () => None,
    };
    let of_functions = || {
        tokens.windows(2).filter(|two| two[1].is_symbol("(")).find_map(|two| {
            let name = Sqlite.name(&two[0])?.to_ascii_lowercase();
            FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, what)| *what)
        })
    };
    of_words().or_else(of_functions).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, reaches_out};

    #[test]
    fn what_goes_beyond_the_file_is_told() {
        let told = |sql| reaches_out(Dialect::Sqlite, sql).unwrap_or_else(|| "stays".to_owned());
        assert_eq!(told("attach 'x.db' AS x"), "attaches another file");
        assert_eq!(told("VACUUM main INTO 'copy.db'"), "writes another file");
        assert_eq!(told("VACUUM"), "stays");
        assert_eq!(told("SELECT writefile('x', 1)"), "writes a file");
        assert_eq!(told("SELECT load_extension ('x')"), "loads a library");
        assert_eq!(
            told("PRAGMA temp_store_directory = '/x'"),
            "sets where other files are written"
        );
        assert_eq!(told("PRAGMA foreign_keys = on"), "stays");
        assert_eq!(told("CREATE TABLE attach (edit integer, readfile text)"), "stays");
    }
}
