//! What can go wrong with a store, told by what its owner can do about it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the store did not answer; every text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "the directory `{}` for the store does not exist; create it for the user that runs watchfire, or set `path` under [store]", .0.display()
    )]
    NoDirectory(PathBuf),
    #[error(
        "the store `{}` cannot be opened; see that it is a file that the user who runs watchfire may read and write", path.display()
    )]
    Unreachable { path: PathBuf, source: io::Error },
    #[error("there is no store at `{}`; start the daemon once to create it, or set `path` under [store]", .0.display())]
    Missing(PathBuf),
    #[error(
        "the store `{}` is read-only; give the user that runs watchfire the right to write to the file and its directory", .0.display()
    )]
    ReadOnly(PathBuf),
    #[error(
        "the store `{}` is in use by another watchfire{}; stop that one, or give this one a `path` of its own under [store]", path.display(), by(pid)
    )]
    InUse { path: PathBuf, pid: Option<u32> },
    #[error("`{}` is not a watchfire store ({what}); set `path` under [store] to another file, this one is left as it is", path.display())]
    Foreign { path: PathBuf, what: &'static str },
    #[error(
        "the store `{}` is of version {found}, newer than the {known} that this watchfire knows; run the newer watchfire, or restore a backup that this one made", path.display()
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "the store `{}` is damaged; move it aside together with its -wal and -shm files and restore a backup, or start with an empty one", path.display()
    )]
    Corrupt { path: PathBuf, source: rusqlite::Error },
    #[error("there is no room left for the store `{}`; free some space on its disk", path.display())]
    Full { path: PathBuf, source: rusqlite::Error },
    #[error("another program holds the store `{}` locked; end it and try again", path.display())]
    Busy { path: PathBuf, source: rusqlite::Error },
    #[error("the disk under the store `{}` failed; stop watchfire and check the disk before starting it again", path.display())]
    Disk { path: PathBuf, source: rusqlite::Error },
    #[error(
        "the store `{}` is of version {found}, older than the {known} of this watchfire; start its daemon once, which brings it up to date", path.display()
    )]
    Older { path: PathBuf, found: i64, known: i64 },
    #[error("somebody else wrote to the store `{}` at the same moment; try again", .0.display())]
    Overtaken(PathBuf),
    #[error(
        "SQLite {0} can lose committed writes; build watchfire with the bundled SQLite (3.51.3 or newer)"
    )]
    OldSqlite(&'static str),
    #[error("the store `{}` did not take a statement; this is a fault of watchfire, please report it", path.display())]
    Statement { path: PathBuf, source: rusqlite::Error },
}

impl Error {
    /// Reads SQLite's answer about the store at `path`.
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Error {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Error::Foreign {
                path,
                what: "not an SQLite database, or damaged in its first page",
            },
            Some(ErrorCode::DatabaseCorrupt) => Error::Corrupt { path, source },
            Some(ErrorCode::DiskFull) => Error::Full { path, source },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Error::Busy { path, source }
            }
            Some(ErrorCode::SystemIoFailure) => Error::Disk { path, source },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Error::ReadOnly(path),
            Some(ErrorCode::CannotOpen) => {
                Error::Unreachable { path, source: io::Error::other(source) }
            }
            _ if is_unreadable_record(&source) => Error::Corrupt { path, source },
            _ => Error::Statement { path, source },
        }
    }

    /// Whether the same call may succeed a little later with nothing done.
    pub fn is_passing(&self) -> bool {
        matches!(self, Error::Busy { .. } | Error::Full { .. } | Error::Overtaken(_))
    }
}

/// A row that is there and does not parse was written by no version of ours.
fn is_unreadable_record(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..)
    )
}

fn by(pid: &Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}
