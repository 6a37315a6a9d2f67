//! Decides which events deserve an alert. Decides only: `notify` delivers.

pub mod rule;
