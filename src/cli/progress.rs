//! What is shown while a run goes on, always on stderr: a bar on a terminal, plain lines elsewhere,
//! nothing with `--json` or `--quiet`.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use revdag::Event;

use super::context::Context;
use super::output::{style, to_stderr, without_styles};

/// Listens to a run.
pub struct Progress {
    view: View,
    /// When a batch was last told.
    said: Option<Instant>,
}

/// How long no batch is told after one.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

enum View {
    Silent,
    Lines,
    Bar(ProgressBar),
}

impl Progress {
    /// The view that this command line wants.
    pub fn new(context: &Context) -> Progress {
        let view = if context.global.json || context.global.quiet {
            View::Silent
        } else if std::io::stderr().is_terminal() && context.global.verbose < 2 {
            let bar = ProgressBar::no_length();
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {wide_msg} {bar:20} {pos}/{len}")
            {
                bar.set_style(style);
            }
            View::Bar(bar)
        } else {
            View::Lines
        };
        Progress { view, said: None }
    }

    /// Shows one thing that happened.
    pub fn event(&mut self, event: Event) {
        match event {
            Event::StepBegun { index, total, direction, revision, message } => {
                let title = message.lines().next().unwrap_or_default();
                match &self.view {
                    View::Silent => {}
                    View::Lines => {
                        let line =
                            format!("[{}/{total}] {direction} {revision} {title}", index + 1);
                        say(line.trim_end());
                    }
                    View::Bar(bar) => {
                        bar.set_message(without_styles(&format!("{direction} {revision} {title}")));
                        bar.set_length(total as u64);
                        bar.set_position(index as u64);
                        bar.enable_steady_tick(Duration::from_millis(100));
                    }
                }
            }
            Event::StepDone { .. } => {
                if let View::Bar(bar) = &self.view {
                    bar.inc(1);
                }
            }
            Event::LockBusy { holder } => self.line(&match holder {
                Some(holder) => format!("waiting for another migrator: {holder}"),
                None => "waiting for another migrator".to_owned(),
            }),
            Event::PlannedAnew => {
                self.line("the database was changed in the meantime: planned again")
            }
            Event::Retry { revision, attempt, of } => {
                self.line(&format!(
                    "{revision} timed out waiting for a table lock: attempt {attempt} of {of}"
                ));
            }
            Event::Notice(text) => {
                let warning = style::WARNING;
                self.line(&format!("{warning}note:{warning:#} {text}"));
            }
            Event::ProgramSays { line, .. } => self.line(&line),
            Event::Batch { revision, rows, key, rate, .. } => {
                let line = format!("{revision} {rows} rows, up to key {key}, {rate:.0} rows/s");
                match &self.view {
                    View::Bar(bar) => bar.set_message(without_styles(&line)),
                    View::Silent | View::Lines => self.now_and_then(&line),
                }
            }
            // Statements are told by `-vv`; what else may come is none of a progress.
            _ => {}
        }
    }

    /// A line unless there was one a moment ago: batches come thick and fast.
    fn now_and_then(&mut self, words: &str) {
        let is_time = self.said.is_none_or(|said| said.elapsed() >= BETWEEN_LINES);
        if is_time {
            self.said = Some(Instant::now());
            self.line(words);
        }
    }

    fn line(&self, words: &str) {
        match &self.view {
            View::Silent => {}
            View::Lines => say(words),
            View::Bar(bar) => bar.suspend(|| say(words)),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let View::Bar(bar) = &self.view {
            bar.finish_and_clear();
        }
    }
}

/// One line on stderr.
pub fn say(words: &str) {
    to_stderr(&format!("{words}\n"));
}
