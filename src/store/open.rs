//! Opening a store: the checks before the first statement, the lock that keeps
//! a second daemon out, the settings of the connection.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::Error;
use super::schema;

/// The first SQLite without the fault in which a reset of the write-ahead log
/// races a commit and loses it.
const SOUND_SQLITE: i32 = 3_051_003;

/// How long a statement waits for another connection; readers keep below 2 s.
const PATIENCE: Duration = Duration::from_secs(5);

/// Statements kept ready: more than there are.
const STATEMENTS: usize = 128;

/// Up to this size a store is checked whole when it is opened: about 30 ms.
const CHECKED_SIZE: u64 = 16 << 20;

/// The first bytes of every SQLite database.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The lock on a store, held as long as the value lives; the system releases it
/// when the process dies, however it dies.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Closing alone would leave it to a process forked off just now, until that
    /// becomes another program.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// A connection that may write, alone; the file is created if it is not there.
pub(super) fn writer(path: &Path) -> Result<(Connection, Lock), Error> {
    check_sqlite()?;
    check_directory(path)?;
    check_header(path)?;
    let lock = lock(path)?;
    let mut conn =
        connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    if conn.is_readonly("main").map_err(|error| Error::of(path, error))? {
        return Err(Error::ReadOnly(path.to_owned()));
    }
    schema::version(&conn, path)?;
    check_pages(&conn, path)?;
    settings(&conn).map_err(|error| Error::of(path, error))?;
    schema::migrate(&mut conn, path)?;
    Ok((conn, lock))
}

/// A connection that reads only, beside a daemon that may be writing.
pub(super) fn reader(path: &Path) -> Result<Connection, Error> {
    check_sqlite()?;
    match path.try_exists() {
        Ok(true) => {}
        Ok(false) => return Err(Error::Missing(path.to_owned())),
        Err(source) => return Err(Error::Unreachable { path: path.to_owned(), source }),
    }
    check_header(path)?;
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    match schema::version(&conn, path)? {
        0 => Err(Error::Missing(path.to_owned())),
        _ => Ok(conn),
    }
}

/// A connection that writes beside a daemon's: each waits for the other's commit.
pub(super) fn beside_a_daemon(path: &Path) -> Result<Connection, Error> {
    drop(reader(path)?);
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if conn.is_readonly("main").map_err(|error| Error::of(path, error))? {
        return Err(Error::ReadOnly(path.to_owned()));
    }
    let (found, known) = (schema::version(&conn, path)?, schema::VERSION);
    if found < known {
        return Err(Error::Older { path: path.to_owned(), found, known });
    }
    settings(&conn).map_err(|error| Error::of(path, error))?;
    // The daemon goes on from group to group of polls: a person's word waits longer.
    conn.busy_timeout(PATIENCE_BESIDE).map_err(|error| Error::of(path, error))?;
    Ok(conn)
}

/// How long a command waits for its turn beside a daemon that records without a pause.
const PATIENCE_BESIDE: Duration = Duration::from_secs(30);

/// A connection to a store that nobody else sees and that ends with it.
pub(super) fn in_memory() -> Result<Connection, Error> {
    let path = Path::new(":memory:");
    let mut conn = Connection::open_in_memory().map_err(|error| Error::of(path, error))?;
    settings(&conn).map_err(|error| Error::of(path, error))?;
    schema::migrate(&mut conn, path)?;
    Ok(conn)
}

fn check_sqlite() -> Result<(), Error> {
    if rusqlite::version_number() < SOUND_SQLITE {
        return Err(Error::OldSqlite(rusqlite::version()));
    }
    Ok(())
}

fn check_directory(path: &Path) -> Result<(), Error> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if directory.is_dir() { Ok(()) } else { Err(Error::NoDirectory(directory.to_owned())) }
}

/// A file that begins otherwise is somebody's, and SQLite must not touch it.
fn check_header(path: &Path) -> Result<(), Error> {
    let unreachable = |source| Error::Unreachable { path: path.to_owned(), source };
    let mut start = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MAGIC.len() as u64).read_to_end(&mut start).map_err(unreachable)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unreachable(error)),
    };
    if start.is_empty() || start == MAGIC {
        return Ok(());
    }
    Err(Error::Foreign { path: path.to_owned(), what: "not an SQLite database" })
}

fn lock(path: &Path) -> Result<Lock, Error> {
    let lock_path = beside(path, ".lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&lock_path)
        .map_err(|source| unwritable(path, source))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Error::InUse { path: path.to_owned(), pid: holder(&mut file) });
        }
        Err(TryLockError::Error(source)) => return Err(unwritable(path, source)),
    }
    // Only for the message that a second one prints; the lock is what counts.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(Lock { file })
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Error::ReadOnly(path)
        }
        _ => Error::Unreachable { path, source },
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|error| Error::of(path, error))?;
    conn.busy_timeout(PATIENCE).map_err(|error| Error::of(path, error))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(conn)
}

fn settings(conn: &Connection) -> rusqlite::Result<()> {
    // A statement is planned once, and not anew for each value that it is asked with.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA journal_size_limit = 67108864;",
    )
}

/// Damage found now is told with what to do; found in a query, it would stop a
/// poll half-way.
fn check_pages(conn: &Connection, path: &Path) -> Result<(), Error> {
    if path.metadata().map_or(0, |file| file.len()) > CHECKED_SIZE {
        return Ok(());
    }
    let answer: String = conn
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| Error::of(path, error))?;
    match answer.as_str() {
        "ok" => Ok(()),
        _ => {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
            let source = rusqlite::Error::SqliteFailure(code, Some(answer));
            Err(Error::Corrupt { path: path.to_owned(), source })
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
