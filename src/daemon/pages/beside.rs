//! The desk beside the loop of the polls: when it begins, goes on with other settings,
//! and ends.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{PageDesk, PageTally};
use crate::daemon::turn::Means;
use crate::daemon::{Lines, Settings, Span};

/// The desk that has pages read, and its task where it works beside the polls.
pub(in crate::daemon) struct Pages {
    span: Span,
    /// Until it is set to work.
    desk: Option<PageDesk>,
    task: Option<JoinHandle<PageTally>>,
    /// Ends the desk alone: at a reload.
    stop: CancellationToken,
    /// Rung when a poll was recorded.
    bell: Arc<Notify>,
}

impl Pages {
    pub fn open(span: Span, means: &Means, settings: &Settings, lines: &Lines) -> Pages {
        let (stop, bell) = (means.stop.child_token(), Arc::new(Notify::new()));
        let means = Means { stop: stop.clone(), ..means.clone() };
        let (workers, notices) = (settings.workers.clone(), lines.notices.clone());
        let desk = PageDesk::new(means, workers, &settings.sources, notices, bell.clone());
        Pages { span, desk: Some(desk), task: None, stop, bell }
    }

    /// Sets the desk to work beside the polls; in a single round it waits for its turn.
    pub fn start(&mut self) {
        if self.span == Span::Forever {
            self.task = self.desk.take().map(|desk| tokio::spawn(desk.run(Span::Forever)));
        }
    }

    /// The desk's work in a single round, where the round is not begun yet.
    pub fn round(&mut self) -> Option<JoinHandle<PageTally>> {
        self.desk.take().map(|desk| tokio::spawn(desk.run(Span::Once)))
    }

    /// Tells that the queue may have grown.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Goes on with other settings, once what was under way is finished or undone.
    pub async fn replace(
        &mut self,
        means: &Means,
        settings: &Settings,
        lines: &Lines,
    ) -> PageTally {
        let had_desk = self.desk.is_some();
        self.stop.cancel();
        let told = self.end().await;
        if had_desk || self.span == Span::Forever {
            *self = Pages::open(self.span, means, settings, lines);
            self.start();
        }
        told
    }

    /// Waits for the end of the desk, which was told to stop.
    pub async fn end(&mut self) -> PageTally {
        match self.task.take() {
            Some(task) => task.await.unwrap_or_default(),
            None => PageTally::default(),
        }
    }
}
