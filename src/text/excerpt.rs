//! Lines of a text around a place in it, for messages.

/// As many lines of a long text are shown around the place that matters.
const LINES: usize = 6;

/// Lines around the place that a message is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Excerpt {
    /// The number of the first line, counted from 1.
    pub first_line: usize,
    /// The lines, without the last line end.
    pub text: String,
    /// Where in them the place begins and ends, in bytes; `None`: it is not known.
    pub place: Option<(usize, usize)>,
}

impl Excerpt {
    /// The lines of a text around a position in it, in characters from 0; without one its beginning.
    /// The place is the word that begins there.
    pub fn around(text: &str, position: Option<usize>) -> Excerpt {
        let at = position
            .map(|position| text.char_indices().nth(position).map_or(text.len(), |(at, _)| at));
        let line = at.map_or(0, |at| text[..at].matches('\n').count());
        let first = (line + 1).saturating_sub(LINES);
        let mut lines = text.split_inclusive('\n');
        let start: usize = lines.by_ref().take(first).map(str::len).sum();
        let length: usize = lines.take(LINES).map(str::len).sum();
        let shown = text[start..start + length].trim_end_matches(['\n', '\r']);
        let place = at.map(|at| {
            let begin = (at - start).min(shown.len());
            (begin, begin + word(&shown[begin..]))
        });
        Excerpt { first_line: first + 1, text: shown.to_owned(), place }
    }

    /// A line of a text, with the columns that matter: in characters from 0, without the last.
    pub fn of_line(text: &str, line: usize, columns: Option<(usize, usize)>) -> Option<Excerpt> {
        let text = text.lines().nth(line.checked_sub(1)?)?;
        let byte = |column: usize| text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
        let place = columns.map(|(start, end)| (byte(start), byte(end)));
        Some(Excerpt { first_line: line, text: text.to_owned(), place })
    }

    /// The same lines in a file in which the text begins on this line, perhaps behind something else
    /// and indented; `None`: they are not there.
    pub fn in_file(&self, file: &str, begins: usize) -> Option<Excerpt> {
        let first_line = begins + self.first_line - 1;
        let mut own = file.lines().skip(first_line.checked_sub(1)?);
        let (mut text, mut place, mut start) = (String::new(), None, 0);
        for line in self.text.split('\n') {
            let found = own.next()?;
            let indent = found.find(line.trim_end_matches('\r'))?;
            if let Some((begin, end)) = self.place
                && (start..=start + line.len()).contains(&begin)
            {
                let moved = text.len() + indent;
                place = Some((begin - start + moved, end - start + moved));
            }
            text.push_str(found);
            text.push('\n');
            start += line.len() + 1;
        }
        text.pop();
        Some(Excerpt { first_line, text, place })
    }

    /// The line and the column of the place, counted from 1, in characters.
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        let (begin, _) = self.place?;
        let before = &self.text[..begin];
        let line = self.first_line + before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        Some((line, column + 1))
    }
}

/// The length of the word at the beginning of a text; of anything else it is that of one character.
fn word(text: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let length = text.find(|c| !is_word(c)).unwrap_or(text.len());
    match text.chars().next() {
        Some('\n' | '\r') | None => 0,
        Some(first) => length.max(first.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_a_position() {
        let text = "1\n2\n3\n4\n5\n6\nä SELEC x\n8\n";
        let found = Excerpt::around(text, Some(14));
        assert_eq!(found.text, "2\n3\n4\n5\n6\nä SELEC x");
        assert_eq!((found.first_line, found.line_and_column()), (2, Some((7, 3))));
        assert_eq!(found.place.map(|(begin, end)| &found.text[begin..end]), Some("SELEC"));
        let end = Excerpt::around("a +", Some(9));
        assert_eq!((end.place, end.line_and_column()), (Some((3, 3)), Some((1, 4))));
        assert_eq!(Excerpt::around(text, None).text, "1\n2\n3\n4\n5\n6");
        assert_eq!(Excerpt::around("", Some(0)).line_and_column(), Some((1, 1)));
    }

    #[test]
    fn the_same_lines_in_a_file() {
        let file = "up:\n- sql: |\n    SELECT 1\n    FRM x\n";
        let found = Excerpt::around("SELECT 1\nFRM x", Some(9)).in_file(file, 3).unwrap();
        assert_eq!(found.text, "    SELECT 1\n    FRM x");
        assert_eq!((found.first_line, found.line_and_column()), (3, Some((4, 5))));
        assert_eq!(Excerpt::around("SELECT 2", Some(0)).in_file(file, 3), None);
        assert_eq!(Excerpt::around("SELECT 1", Some(0)).in_file(file, 30), None);
    }

    #[test]
    fn columns_of_a_line() {
        let found = Excerpt::of_line("a\n  ü key: 1\n", 2, Some((4, 7))).unwrap();
        assert_eq!(found.place.map(|(begin, end)| &found.text[begin..end]), Some("key"));
        assert_eq!(found.line_and_column(), Some((2, 5)));
        assert_eq!(Excerpt::of_line("a", 2, None), None);
    }
}
