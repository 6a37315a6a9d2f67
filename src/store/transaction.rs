//! Transactions: a look that sees one state of the store, a turn that is on disk whole
//! or not at all, and several turns that wait for the disk together.

use rusqlite::{Connection, TransactionBehavior};

use super::{Error, Store};

impl Store {
    /// From here to `end`, whatever is written waits for the disk together, and what is
    /// asked is answered with it. Nobody else can write meanwhile.
    pub fn begin(&mut self) -> Result<(), Error> {
        let begun = self.conn.execute_batch("BEGIN IMMEDIATE");
        begun.map_err(|error| Error::of(&self.path, error))
    }

    /// Ends what `begin` began. Once this returns what went well, all of it is on disk;
    /// with a failure, which has to be the first that there was, nothing of it is.
    pub fn end<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        let ended = outcome.and_then(|told| {
            let ended = self.conn.execute_batch("COMMIT");
            ended.map(|()| told).map_err(|error| Error::of(&self.path, error))
        });
        if ended.is_err() {
            self.recent.get_mut().forget();
            // SQLite takes back by itself what it cannot go on with. What does not end here
            // would swallow all that is written from now on.
            if self.is_together()
                && let Err(source) = self.conn.execute_batch("ROLLBACK")
            {
                return Err(Error::Disk { path: self.path.clone(), source });
            }
        }
        ended
    }

    /// Whether this is between `begin` and `end`.
    fn is_together(&self) -> bool {
        !self.conn.is_autocommit()
    }

    /// Notes how often others have written.
    pub(super) fn look(&self) -> Result<(), Error> {
        self.read(|conn| others_wrote(conn).map(|n| self.seen.set(Some(n))))
    }

    /// As `write`, unless somebody else wrote since what is known was asked for: what
    /// was decided from that may be wrong by now.
    pub(super) fn write_as_known<T>(
        &mut self,
        act: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let seen = self.seen.take();
        let done = self.write(|turn| match seen {
            Some(seen) if seen != others_wrote(turn)? => Ok(None),
            _ => act(turn).map(Some),
        })?;
        done.ok_or_else(|| Error::Overtaken(self.path.clone()))
    }

    /// One look at the store, however many questions it takes: they see the same, and
    /// its locks are taken once.
    pub(super) fn read<T>(
        &self,
        ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let told = if self.is_together() { ask(&self.conn) } else { look(&self.conn, ask) };
        told.map_err(|error| Error::of(&self.path, error))
    }

    pub(super) fn write<T>(
        &mut self,
        act: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let told = if self.is_together() { act(&self.conn) } else { turn(&mut self.conn, act) };
        told.map_err(|error| Error::of(&self.path, error))
    }
}

fn look<T>(
    conn: &Connection,
    ask: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let look = conn.unchecked_transaction()?;
    let told = ask(&look)?;
    look.commit()?;
    Ok(told)
}

fn turn<T>(
    conn: &mut Connection,
    act: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let turn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let told = act(&turn)?;
    turn.commit()?;
    Ok(told)
}

/// Changes whenever another connection has committed.
fn others_wrote(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
