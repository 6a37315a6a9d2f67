//! Reads the attacks out of an article: where, when, who by, killed and wounded
//! a side. Reads only: which reports tell of one event is `correlate`'s.

pub mod event;
