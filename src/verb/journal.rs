//! The verb `journal`.
