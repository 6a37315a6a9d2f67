//! A program of the operator's own: it is given the alert as JSON on its standard
//! input and answers with its exit code, 0 for done and 75 (`EX_TEMPFAIL` of
//! sysexits.h) for later.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

use super::text::{Text, cut};
use super::{Refused, log};
use crate::alert::message::Dispatch;

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// A path; no shell reads it.
    pub program: PathBuf,
    pub arguments: Vec<String>,
}

/// `EX_TEMPFAIL`.
const TRY_LATER: i32 = 75;

/// Of what the program complains about, this much is kept.
const LONGEST_COMPLAINT: usize = 300;

/// Runs the program to its end; whoever drops this before kills it.
pub(super) async fn deliver(
    settings: &Settings,
    dispatch: &Dispatch,
    text: &Text,
) -> Result<(), Refused> {
    let away = |error: std::io::Error| Refused::Away {
        cause: format!("`{}` cannot be run: {error}", settings.program.display()),
        after: None,
    };
    let mut child = Command::new(&settings.program)
        .args(&settings.arguments)
        .env("WATCHFIRE_ID", dispatch.message.id())
        .env_remove("CREDENTIALS_DIRECTORY")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(away)?;
    let complaint = talk(&mut child, &input(dispatch, text)).await;
    let status = child.wait().await.map_err(away)?;
    answer(status, &complaint)
}

/// The line of the alert log with the texts for people beside it.
fn input(dispatch: &Dispatch, text: &Text) -> String {
    let mut value = log::value(&dispatch.message);
    value["title"] = json!(text.title);
    value["text"] = json!(text.body);
    format!("{value}\n")
}

/// Gives it its input while hearing its complaints; a program that reads nothing
/// may still be right.
async fn talk(child: &mut Child, input: &str) -> String {
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let give = async {
        if let Some(mut stdin) = stdin {
            let _ = stdin.write_all(input.as_bytes()).await;
        }
    };
    let hear = async {
        let mut heard = Vec::new();
        if let Some(mut stderr) = stderr {
            let mut part = [0; 1024];
            // All of it is taken, so that the program never waits; the start is kept.
            while let Ok(length @ 1..) = stderr.read(&mut part).await {
                let room = (4 * LONGEST_COMPLAINT).saturating_sub(heard.len());
                heard.extend_from_slice(&part[..length.min(room)]);
            }
        }
        heard
    };
    let ((), heard) = tokio::join!(give, hear);
    let clean = crate::text::html::clean(&String::from_utf8_lossy(&heard));
    cut(&clean.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST_COMPLAINT).to_owned()
}

fn answer(status: ExitStatus, complaint: &str) -> Result<(), Refused> {
    let said = if complaint.is_empty() { String::new() } else { format!(": {complaint}") };
    match status.code() {
        Some(0) => Ok(()),
        Some(TRY_LATER) => Err(Refused::Later { cause: format!("it asks for another try{said}") }),
        Some(code) => Err(Refused::Never { cause: format!("it ended with {code}{said}") }),
        None => Err(Refused::Later { cause: format!("it was killed{said}") }),
    }
}
