//! The loop that everything hangs on: starts turns when they are due, takes up
//! their ends, hears the operator, shows the service manager that all moves on.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::Instant;

use super::journal::{self, Fates};
use super::opening::{configure, keep_closed, means, prepare, resize, turns};
use super::pages::{PageTally, Pages};
use super::roster::Roster;
use super::turn::{self, End, Means, Turn};
use super::watchdog::Watchdog;
use super::writer::{self, Recalled, Request, Writer};
use super::{Control, Error, Lines, Notice, Settings, Span, Tally, systemd};
use crate::fetch::Client;
use crate::source::blind::Blind;
use crate::source::outage::Change;
use crate::store::Outcome;

/// The longest that turns may take to end once a stop was asked for; with the
/// writer's share it stays below ten seconds.
const GRACE: Duration = Duration::from_secs(5);

/// The sinks' share of a stop.
const SINKS_GRACE: Duration = Duration::from_secs(2);

/// How long a single round waits for its sinks: each has its try.
const SINKS_ROUND: Duration = Duration::from_secs(60);

/// The writer's share of a stop.
const LAST_GRACE: Duration = Duration::from_secs(2);

/// The wall clock may be set, or the machine sleep: it is looked at again after this.
const LONGEST_NAP: Duration = Duration::from_secs(15);

/// How often it is looked at which alarms stand: it takes a while with many sources.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How long a source waits whose poll the store refused.
const REFUSED: Duration = Duration::from_secs(30);

/// How long a source waits whose poll was lost.
const LOST: Duration = Duration::from_secs(15 * 60);

pub(super) struct Scheduler {
    settings: Settings,
    lines: Lines,
    roster: Roster,
    writer: Writer,
    means: Means,
    turns: JoinSet<Turn>,
    /// Whose turn a task is.
    of: HashMap<Id, String>,
    tally: Tally,
    span: Span,
    pages: Pages,
    watchdog: Option<Watchdog>,
    /// The alarms that stood when they were last looked at, and when that was.
    blind: (Option<Vec<Blind>>, Instant),
    is_stopping: bool,
}

/// A turn that ended, or the task that was lost with it.
type Ended = Result<(Id, Turn), JoinError>;

/// What woke the loop.
enum Wake {
    /// A turn ended, or its task was lost.
    Turn(Ended),
    Control(Option<Control>),
    /// The writer's thread is gone.
    Writer(Result<(), Error>),
    Watchdog,
    Due,
}

impl Scheduler {
    /// Opens what is needed and tells that all is ready.
    pub async fn start(settings: Settings, span: Span, lines: Lines) -> Result<Scheduler, Error> {
        let client = Client::new(settings.fetch.clone())?;
        let prepared = prepare(&client, &settings.sources);
        let writer = writer::start(&settings, Timestamp::now())?;
        let Some(recalled) = configure(&writer, &settings).await else {
            return Err(writer.stop(Duration::ZERO).await.err().unwrap_or(Error::Died("store")));
        };
        let Recalled { states, outage } = recalled?;
        // Where the thread is lost, the first request tells.
        if let Err(fault) = prepared.await.unwrap_or(Ok(())) {
            writer.stop(Duration::ZERO).await?;
            return Err(fault.into());
        }
        keep_closed(&client, &states);
        let means = means(&settings, client, &writer);
        journal::ready(&settings);
        systemd::ready();
        let _ = lines.notices.send(Notice::Ready);
        Ok(Scheduler {
            pages: Pages::open(span, &means, &settings, &lines),
            roster: Roster::new(span, turns(&settings), settings.sources.clone(), states)
                .darkened(outage),
            settings,
            lines,
            watchdog: Watchdog::new(&writer),
            writer,
            means,
            turns: JoinSet::new(),
            of: HashMap::new(),
            tally: Tally::default(),
            span,
            blind: (None, Instant::now()),
            is_stopping: false,
        })
    }

    pub async fn run(mut self) -> Result<Tally, Error> {
        self.tell_status();
        self.tell_blind();
        self.pages.start();
        while !self.is_stopping && !self.roster.is_done() {
            for job in self.roster.due(Timestamp::now()) {
                let name = job.source.name.clone();
                let task = self.turns.spawn(turn::take(self.means.clone(), job));
                self.of.insert(task.id(), name);
            }
            match self.wake().await {
                Wake::Turn(ended) => {
                    self.take_up(ended);
                    // Those recorded together end together.
                    while let Some(ended) = self.turns.try_join_next_with_id() {
                        self.take_up(ended);
                    }
                }
                Wake::Control(Some(Control::Reload)) => self.reload().await,
                // Nobody is left to ask for a stop: that is one.
                Wake::Control(Some(Control::Stop) | None) => self.is_stopping = true,
                Wake::Writer(outcome) => {
                    return Err(outcome.err().unwrap_or(Error::Died("store")));
                }
                Wake::Watchdog => self.ping(),
                // A source falls silent without a turn of its own.
                Wake::Due => self.look_at_blind(),
            }
        }
        if !self.is_stopping {
            self.finish_round().await?;
        }
        self.stop().await
    }

    /// A single round also reads the pages that its polls found.
    async fn finish_round(&mut self) -> Result<(), Error> {
        let Some(mut round) = self.pages.round() else { return Ok(()) };
        loop {
            tokio::select! {
                told = &mut round => {
                    self.count(told.unwrap_or_default());
                    return Ok(());
                }
                control = self.lines.controls.recv() => match control {
                    Some(Control::Reload) => self.reload().await,
                    Some(Control::Stop) | None => self.means.stop.cancel(),
                },
                outcome = &mut self.writer.ended => {
                    let outcome = outcome.unwrap_or(Err(Error::Died("store")));
                    return Err(outcome.err().unwrap_or(Error::Died("store")));
                }
            }
        }
    }

    fn count(&mut self, told: PageTally) {
        self.tally.articles += told.articles;
        self.tally.alerts += told.alerts;
    }

    async fn wake(&mut self) -> Wake {
        let nap = self.roster.next_in(Timestamp::now()).unwrap_or(LONGEST_NAP).min(LONGEST_NAP);
        let watchdog = async {
            match &mut self.watchdog {
                Some(watchdog) => watchdog.tick.tick().await,
                None => std::future::pending::<Instant>().await,
            };
        };
        tokio::select! {
            Some(ended) = self.turns.join_next_with_id() => Wake::Turn(ended),
            control = self.lines.controls.recv() => Wake::Control(control),
            outcome = &mut self.writer.ended => {
                Wake::Writer(outcome.unwrap_or(Err(Error::Died("store"))))
            }
            () = watchdog => Wake::Watchdog,
            () = tokio::time::sleep(nap) => Wake::Due,
        }
    }

    fn take_up(&mut self, ended: Ended) {
        self.tally.polls += 1;
        let turn = match ended {
            Ok((id, turn)) => {
                self.of.remove(&id);
                turn
            }
            Err(lost) => return self.write_off(&lost),
        };
        let name = turn.source.name.clone();
        match &turn.end {
            End::Recorded(recorded) => {
                let fates = Fates::of(&recorded.assessment.verdicts);
                let is_failed = matches!(recorded.outcome, Outcome::Failed(_));
                self.tally.failed += u64::from(is_failed);
                self.tally.articles += (fates.new + fates.updated) as u64;
                self.tally.alerts += recorded.assessment.alerts.len() as u64;
                self.roster.finish(&name, recorded.state.clone());
                self.pages.ring();
            }
            End::Unrecorded { .. } => {
                self.tally.failed += 1;
                self.roster.put_off(&name, Timestamp::now(), REFUSED);
            }
            End::Abandoned => {}
        }
        self.look_at_horizon(&turn);
        self.look_at_blind();
        journal::turn(&turn);
        let _ = self.lines.notices.send(Notice::Turn(Box::new(turn)));
        self.tell_status();
    }

    fn look_at_horizon(&mut self, turn: &Turn) {
        let (name, now) = (&turn.source.name, Timestamp::now());
        let (change, excused) = self.roster.note(name, turn.sight.clone(), now, fastrand::u64(..));
        if !excused.is_empty() {
            let _ = self.writer.requests.send(Request::Excuse(excused));
        }
        match change {
            Change::None => {}
            Change::Fell => tracing::error!("nobody can be reached, no source is blamed"),
            Change::Rose => tracing::info!("publishers can be reached again"),
        }
    }

    /// Looks now and then at which alarms stand, and has them recorded where others did
    /// before.
    fn look_at_blind(&mut self) {
        if self.blind.1.elapsed() >= LOOK_EVERY {
            self.tell_blind();
        }
    }

    fn tell_blind(&mut self) {
        let blind = self.roster.blind(Timestamp::now());
        self.blind.1 = Instant::now();
        if self.blind.0.as_ref() != Some(&blind) {
            self.blind.0 = Some(blind.clone());
            // Where the writer ended, the loop hears of it by itself.
            let _ = self.writer.requests.send(Request::Blind(blind));
        }
    }

    /// A turn whose task was lost recorded nothing: its source is polled again later.
    fn write_off(&mut self, lost: &JoinError) {
        self.tally.failed += 1;
        let Some(source) = self.of.remove(&lost.id()) else { return };
        tracing::error!(source, "poll lost by a fault of watchfire, please report it");
        self.roster.put_off(&source, Timestamp::now(), LOST);
    }

    /// Reads the configuration again; a bad one changes nothing.
    async fn reload(&mut self) {
        systemd::reloading();
        let outcome = self.take_over().await;
        journal::reloaded(&outcome);
        let _ = self.lines.notices.send(Notice::Reloaded(outcome));
        systemd::ready();
        self.tell_status();
    }

    async fn take_over(&mut self) -> Result<(), String> {
        let load = self.lines.load.clone();
        let loaded = tokio::task::spawn_blocking(move || load()).await;
        let settings = loaded.unwrap_or_else(|_| Err("reading it failed".to_owned()));
        let settings = match settings {
            Ok(settings) => settings,
            Err(faults) => {
                // The log is opened anew all the same: that is what a rotation asks for.
                let _ = configure(&self.writer, &self.settings).await;
                return Err(faults);
            }
        };
        if settings.store != self.settings.store {
            return Err("the path of the store changes only at a restart".to_owned());
        }
        let client = Client::new(settings.fetch.clone()).map_err(|error| journal::chain(&error))?;
        if let Err(fault) = prepare(&client, &settings.sources).await.unwrap_or(Ok(())) {
            return Err(journal::chain(&fault));
        }
        let recalled = configure(&self.writer, &settings).await.ok_or("the store ended")?;
        let states = recalled.map_err(|error| journal::chain(&error))?.states;
        keep_closed(&client, &states);
        self.roster.replace(turns(&settings), settings.sources.clone(), states);
        resize(&self.means.rooms, self.settings.fetch.at_once, settings.fetch.at_once);
        self.means.client = client;
        self.means.lexicon = settings.lexicon.clone();
        self.settings = settings;
        let told = self.pages.replace(&self.means, &self.settings, &self.lines).await;
        self.count(told);
        Ok(())
    }

    /// Ends every turn that still asks, waits for those that record, then closes all.
    async fn stop(mut self) -> Result<Tally, Error> {
        systemd::stopping();
        self.means.stop.cancel();
        let deadline = Instant::now() + GRACE;
        while let Ok(Some(ended)) =
            tokio::time::timeout_at(deadline, self.turns.join_next_with_id()).await
        {
            self.take_up(ended);
        }
        self.tell_blind();
        let told = tokio::time::timeout_at(deadline, self.pages.end()).await;
        self.count(told.unwrap_or_default());
        let is_late = !self.turns.is_empty();
        self.turns.abort_all();
        let patience = match self.span {
            Span::Forever => SINKS_GRACE,
            Span::Once => SINKS_ROUND,
        };
        let closed = tokio::time::timeout(patience + LAST_GRACE, self.writer.stop(patience)).await;
        closed.map_err(|_| Error::Late)??;
        if is_late { Err(Error::Late) } else { Ok(self.tally) }
    }

    fn ping(&mut self) {
        let Some(watchdog) = &mut self.watchdog else { return };
        match watchdog.all_moved(&self.writer) {
            true => systemd::alive(),
            false => tracing::error!("store or alert log stand still"),
        }
    }

    fn tell_status(&self) {
        let (sources, failing) = self.roster.health();
        let Tally { polls, articles, alerts, .. } = self.tally;
        systemd::status(&format!(
            "{sources} sources, {failing} failing; since the start {polls} polls, \
             {articles} articles, {alerts} alerts"
        ));
    }
}
