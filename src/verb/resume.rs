//! The verb `resume`.
