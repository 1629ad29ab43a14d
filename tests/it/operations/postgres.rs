//! What operations become on PostgreSQL.
