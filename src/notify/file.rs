//! A file that is there whole or not at all, whoever reads it and whenever.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::Refused;

/// Puts the bytes where the file is, in one step, and waits for the disk.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), Refused> {
    replace(path, bytes).map_err(|error| Refused::Away {
        cause: format!("`{}` cannot be written: {error}", path.display()),
        after: None,
    })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = File::create(&beside)?;
    // For the web server that shows it; what it holds is to be shown.
    file.set_permissions(fs::Permissions::from_mode(0o644))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}
