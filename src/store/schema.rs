//! The versions of the schema, and the way from any of them to the newest.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::Error;

/// Each brings a store from the version that is its index to the next. A landed
/// migration is never edited: stores in the field have it behind them.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_tables.sql"),
    include_str!("migrations/0002_views.sql"),
    include_str!("migrations/0003_copies.sql"),
    include_str!("migrations/0004_outbox.sql"),
    include_str!("migrations/0005_health.sql"),
    include_str!("migrations/0006_pages.sql"),
    include_str!("migrations/0007_pages_again.sql"),
    include_str!("migrations/0008_persons.sql"),
    include_str!("migrations/0009_sums.sql"),
    include_str!("migrations/0010_holds.sql"),
    include_str!("migrations/0011_panics.sql"),
    include_str!("migrations/0012_marks.sql"),
    include_str!("migrations/0013_keys.sql"),
];

/// The version that this program writes, as `PRAGMA user_version` has it.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Marks the file as ours: "wfir".
const APPLICATION_ID: i64 = 0x7766_6972;

/// Brings the store to `VERSION`, all in one transaction; refuses a database of
/// another program and a store of a newer version.
pub(super) fn migrate(conn: &mut Connection, path: &Path) -> Result<(), Error> {
    let told = |error| Error::of(path, error);
    let found = version(conn, path)?;
    if found == VERSION {
        return Ok(());
    }
    let turn = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
    for migration in &MIGRATIONS[found as usize..] {
        turn.execute_batch(migration).map_err(told)?;
    }
    turn.pragma_update(None, "application_id", APPLICATION_ID).map_err(told)?;
    turn.pragma_update(None, "user_version", VERSION).map_err(told)?;
    turn.commit().map_err(told)
}

/// The version of the store, which is ours and no newer than `VERSION`; 0 of an
/// empty file.
pub(super) fn version(conn: &Connection, path: &Path) -> Result<i64, Error> {
    let told = |error| Error::of(path, error);
    let number = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let application = number("application_id").map_err(told)?;
    let found = number("user_version").map_err(told)?;
    let tables: i64 =
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(told)?;
    let is_new = application == 0 && found == 0 && tables == 0;
    if !is_new && (application != APPLICATION_ID || found < 1) {
        let what = "an SQLite database of another program";
        return Err(Error::Foreign { path: path.to_owned(), what });
    }
    if found > VERSION {
        return Err(Error::Newer { path: path.to_owned(), found, known: VERSION });
    }
    Ok(found)
}
