//! Reads a page in a process of its own, which can be stopped whatever it is
//! doing: its memory and its time on the processor are bounded by the system, its
//! time on the clock by whoever started it. A page that no limit let through is
//! lost alone; the program goes on.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use url::Url;

use crate::article::page::{self, Page};

/// The subcommand that makes this program a worker.
pub const SUBCOMMAND: &str = "extract-page";

/// On the clock, from the start to the last byte; a hundred times what a page takes.
const LONGEST: Duration = Duration::from_secs(10);
/// On the processor, in seconds; it also ends a worker whose parent was killed.
const MOST_SECONDS: u64 = 5;
/// Address space in bytes, the program itself included.
const MOST_MEMORY: u64 = 192 * 1024 * 1024;
/// Bytes of an answer.
const LONGEST_ANSWER: u64 = 16 * 1024 * 1024;
/// Workers at once: two of them at their limit still fit beside the daemon.
const MOST_AT_ONCE: usize = 2;

/// Starts workers.
#[derive(Debug, Clone)]
pub struct Workers {
    program: PathBuf,
    places: Arc<Semaphore>,
    longest: Duration,
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// No process could be had.
    #[error("no process could be started to read it")]
    NoProcess(#[source] std::io::Error),
    /// Stopped by the clock.
    #[error("it was not read within {} s", .0.as_secs_f32())]
    TooSlow(Duration),
    /// Stopped by a limit of the system, or by a fault of a reader.
    #[error("its reader ended with {0}")]
    Ended(ExitStatus),
    /// What came back is no answer.
    #[error("its reader gave no answer to use")]
    Garbled,
}

impl Workers {
    /// Workers that are this very program, even when its file was replaced since.
    pub fn of_this_program() -> Workers {
        Workers::of("/proc/self/exe".into())
    }

    /// Workers of the watchfire at `program`.
    pub fn of(program: PathBuf) -> Workers {
        Workers { program, places: Arc::new(Semaphore::new(MOST_AT_ONCE)), longest: LONGEST }
    }

    /// The same with another limit on the clock.
    pub fn within(self, longest: Duration) -> Workers {
        Workers { longest, ..self }
    }

    /// Reads a page as `article::page::read` does.
    ///
    /// # Errors
    /// When a limit stopped the worker; never for what the page holds.
    pub async fn read(
        &self,
        bytes: &[u8],
        content_type: Option<&str>,
        url: Option<&Url>,
    ) -> Result<Page, Unread> {
        let _place = self.places.acquire().await.map_err(|_| Unread::Garbled)?;
        let mut command = Command::new(&self.program);
        command.arg(SUBCOMMAND).env_clear().kill_on_drop(true);
        if let Some(content_type) = content_type {
            // A NUL in it would keep the process from being started.
            command.arg(format!("--content-type={}", content_type.replace('\0', "")));
        }
        if let Some(url) = url {
            command.arg(format!("--url={url}"));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(Unread::NoProcess)?;
        let bytes = &bytes[..bytes.len().min(page::LARGEST)];
        let answer = tokio::time::timeout(self.longest, exchange(&mut child, bytes)).await;
        let Ok(answer) = answer else {
            // Waited for, so that no dead process stays.
            let _ = child.kill().await;
            return Err(Unread::TooSlow(self.longest));
        };
        answer
    }
}

async fn exchange(child: &mut Child, bytes: &[u8]) -> Result<Page, Unread> {
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Unread::Garbled);
    };
    // A worker that died does not take it all; its status tells more.
    let _ = stdin.write_all(bytes).await;
    drop(stdin);
    let mut answer = Vec::new();
    let read = stdout.take(LONGEST_ANSWER).read_to_end(&mut answer).await;
    let status = child.wait().await.map_err(Unread::NoProcess)?;
    if !status.success() {
        return Err(Unread::Ended(status));
    }
    read.map_err(|_| Unread::Garbled)?;
    serde_json::from_slice(&answer).map_err(|_| Unread::Garbled)
}

/// The worker's own side: takes its limits upon itself, then reads `input` and
/// writes the page as JSON.
///
/// # Errors
/// When the limits cannot be set, or the parent is gone.
pub fn serve(
    mut input: impl Read,
    mut output: impl Write,
    content_type: Option<&str>,
    url: Option<&Url>,
) -> std::io::Result<()> {
    take_limits()?;
    // Where memory runs out all the same, this process is the one to go. A system that
    // does not let it say so has the limits alone.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    let mut bytes = Vec::new();
    input.by_ref().take(page::LARGEST as u64).read_to_end(&mut bytes)?;
    let page = page::read(&bytes, content_type, url);
    serde_json::to_writer(&mut output, &page)?;
    output.flush()
}

/// Nothing that a page does can lift them.
fn take_limits() -> std::io::Result<()> {
    for (resource, most) in
        [(Resource::As, MOST_MEMORY), (Resource::Cpu, MOST_SECONDS), (Resource::Core, 0)]
    {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
