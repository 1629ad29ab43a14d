//! What an unknown name may have meant.

/// How many names are suggested.
const SUGGESTIONS: usize = 3;

/// The names nearest to a word, the nearest first; none if none is near.
pub(super) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let limit = (word.chars().count() / 3).clamp(1, 4);
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).take(200).collect();
    let mut near: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let other: Vec<char> = name.chars().flat_map(char::to_lowercase).take(200).collect();
            let differ = other.len().abs_diff(word.len());
            let whole = if differ > limit { usize::MAX } else { distance(&word, &other) };
            // A short word may be the beginning of an id, with a slip in it.
            let begins = other.len() > word.len() && word.len() >= 4;
            let begin = if begins { distance(&word, &other[..word.len()]) } else { usize::MAX };
            let distance = whole.min(begin);
            (distance <= limit).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(SUGGESTIONS).map(|(_, name)| name.to_owned()).collect()
}

/// The number of letters to insert, remove, replace or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_the_far_do_not() {
        let names = ["billing", "biling", "users", "c0ffee", "cofee"];
        assert_eq!(nearest("bililng", names.into_iter()), ["biling", "billing"]);
        assert_eq!(nearest("cofffee", names.into_iter()), ["c0ffee", "cofee"]);
        assert_eq!(nearest("c41b", ["c41a8e0d5f93", "d90b3f6e1a57"].into_iter()), ["c41a8e0d5f93"]);
        assert!(nearest("nothing_like_it", names.into_iter()).is_empty());
    }
}
