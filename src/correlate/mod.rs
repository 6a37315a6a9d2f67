//! Merges the reports of many articles into events and says which count to
//! trust. Decides nothing about alerts.

pub mod event;
