//! Choices made by a list of numbers: a shorter list with smaller numbers makes simpler choices.

pub struct Choices(std::vec::IntoIter<u16>);

impl Choices {
    pub fn new(numbers: Vec<u16>) -> Choices {
        Choices(numbers.into_iter())
    }

    /// A number below `end`; 0 when there are no more numbers.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { usize::from(self.0.next().unwrap_or(0)) % end }
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { Some(&of[self.below(of.len())]) }
    }

    /// Whether it happens, once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// Whether there are no more numbers.
    pub fn are_over(&self) -> bool {
        self.0.len() == 0
    }
}
