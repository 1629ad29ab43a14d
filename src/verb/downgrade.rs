//! The verb `downgrade`.
