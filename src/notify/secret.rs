//! Keys, tokens and passwords: named in the configuration, read from their file at
//! each use, never held longer and never shown. A changed file needs no reload.

use std::fs;
use std::path::{Path, PathBuf};

use super::Refused;

/// Where a secret lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    File(PathBuf),
    /// A credential of the service manager, in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
}

/// The longest file that can be one.
const LONGEST: u64 = 64 << 10;

impl Secret {
    /// The file that holds it; none where the service manager passed no credentials.
    pub fn path(&self) -> Option<PathBuf> {
        match self {
            Secret::File(path) => Some(path.clone()),
            Secret::Credential(name) => {
                let directory = std::env::var_os("CREDENTIALS_DIRECTORY")?;
                Some(Path::new(&directory).join(name))
            }
        }
    }

    /// What is to be told of it: where it lies, not what it is.
    pub fn place(&self) -> String {
        match self {
            Secret::File(path) => path.display().to_string(),
            Secret::Credential(name) => format!("credential {name}"),
        }
    }

    /// The secret without the blanks around it.
    pub(super) fn read(&self) -> Result<String, Refused> {
        let place = self.place();
        let away = |what: String| Refused::Away { cause: what, after: None };
        let path = self
            .path()
            .ok_or_else(|| away(format!("no `{place}`: the service manager passed none")))?;
        let size = fs::metadata(&path).map(|file| file.len());
        if size.is_ok_and(|size| size > LONGEST) {
            return Err(away(format!("the secret in `{place}` is too long to be one")));
        }
        let text = fs::read_to_string(&path)
            .map_err(|error| away(format!("the secret in `{place}` cannot be read: {error}")))?;
        match text.trim() {
            "" => Err(away(format!("the secret in `{place}` is empty"))),
            secret => Ok(secret.to_owned()),
        }
    }
}
