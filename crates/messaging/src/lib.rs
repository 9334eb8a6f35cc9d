//! AWS messaging semantics as state machines in one World.
