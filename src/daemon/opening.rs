//! What the loop needs before its first poll: the client, the means of the turns, and
//! what the store knows of the sources.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Settings;
use super::reader::Readers;
use super::turn::Means;
use super::writer::{Recalled, Request, Writer};
use crate::fetch::{Client, NoClient};
use crate::source::{Source, SourceState, host_of};
use crate::store;

/// Makes `https` ready while the store is opened, if one of the sources needs it.
pub(super) fn prepare(client: &Client, sources: &[Source]) -> JoinHandle<Result<(), NoClient>> {
    let is_secure = |source: &Source| source.mirrors.iter().any(|m| m.url.scheme() == "https");
    let is_needed = sources.iter().any(is_secure);
    let client = client.clone();
    tokio::task::spawn_blocking(move || if is_needed { client.prepare() } else { Ok(()) })
}

pub(super) fn means(settings: &Settings, client: Client, writer: &Writer) -> Means {
    Means {
        client,
        lexicon: settings.lexicon.clone(),
        readers: Readers::default(),
        writer: writer.requests.clone(),
        rooms: rooms(settings),
        stop: CancellationToken::new(),
    }
}

/// Room for as many sources as may be asked at once.
fn rooms(settings: &Settings) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(settings.fetch.at_once.max(1)))
}

/// Makes room for more sources, or for fewer as those that are asked come to their end:
/// at no moment are more asked than the old settings or the new ones allow.
pub(super) fn resize(rooms: &Arc<Semaphore>, before: usize, after: usize) {
    let (before, after) = (before.max(1), after.max(1));
    rooms.add_permits(after.saturating_sub(before));
    let gone = u32::try_from(before.saturating_sub(after)).unwrap_or(u32::MAX);
    let rooms = rooms.clone();
    tokio::spawn(async move {
        if let Ok(permits) = rooms.acquire_many_owned(gone).await {
            permits.forget();
        }
    });
}

/// Turns under way at once: those that ask, and as many again that wait to be recorded,
/// so that they share one wait for the disk.
pub(super) fn turns(settings: &Settings) -> usize {
    2 * settings.fetch.at_once
}

/// Hosts that asked to be left alone are left alone by every source that they serve,
/// after a restart too.
pub(super) fn keep_closed(client: &Client, states: &HashMap<String, SourceState>) {
    for (url, mirror) in states.values().flat_map(|state| &state.mirrors) {
        if let Some(until) = mirror.not_before {
            client.gate().close(&host_of(url), until);
        }
    }
}

/// What is known of the settings' sources; nothing where the writer ended.
pub(super) async fn configure(
    writer: &Writer,
    settings: &Settings,
) -> Option<Result<Recalled, store::Error>> {
    let (reply, answer) = oneshot::channel();
    writer.requests.send(Request::Configure(Box::new(settings.clone()), reply)).ok()?;
    answer.await.ok()
}
