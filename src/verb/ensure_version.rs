//! The verb `ensure-version`.
