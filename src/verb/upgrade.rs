//! The verb `upgrade`.
