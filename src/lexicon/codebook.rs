//! The codebook's closed lists: the kinds of events and the parties to them, in
//! ACLED's and UCDP's terms made coarser. Words map onto them in the data files.

use serde::{Deserialize, Serialize};

/// The kind of an event, in the terms of ACLED's sub-event types, made coarser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    ArmedAssault,
    Bombing,
    SuicideBombing,
    Airstrike,
    Shelling,
    Assassination,
    Abduction,
    /// Both sides fight and nobody is said to have started it.
    Clash,
    /// State forces are the attackers.
    Operation,
    Unrest,
    Other,
}

/// Whose people a toll counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Army, police, intelligence, guards, pro-government militias.
    Security,
    /// Foreign troops, peacekeepers, armed contractors.
    Foreign,
    Civilian,
    /// Insurgents, gunmen, attackers.
    Militant,
    /// "People", "victims": nobody said who.
    Unknown,
}
