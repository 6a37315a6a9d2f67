//! One GET: in its host's turn, redirects followed, cut off where it takes too long
//! or goes where it may not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    USER_AGENT,
};
use reqwest::{RequestBuilder, StatusCode};
use url::Url;

use crate::fetch::gate::{Closed, HostGate, Pass};
use crate::fetch::trail::{Redirect, Trail};
use crate::fetch::{
    FetchError, Names, NoClient, Payload, Progress, Request, Response, Settings, body, guard,
    headers, line, trail,
};
use crate::source::host_of;
use crate::source::state::Validators;

/// Makes requests. Built once, at the start; cheap to clone, and clones share the
/// doors of the hosts.
#[derive(Debug, Clone)]
pub struct Client {
    lines: line::Lines,
    gate: HostGate,
    settings: Arc<Settings>,
}

/// What one request brought, no redirect followed.
#[derive(Debug)]
pub enum Hop {
    /// An answer.
    Here(Box<Response>),
    /// The way to somewhere else.
    There(Redirect),
}

/// An answer whose headers came, and the right to read on.
struct Heard {
    answer: reqwest::Response,
    url: Url,
    waited: Duration,
    _pass: Pass,
}

/// What is heard of one hop.
enum Step {
    Answer(Heard),
    Redirect(Redirect),
}

impl Client {
    /// A client, or the reason why this machine can have none. That there is no `https`
    /// shows with `prepare`, or else with the first request that needs it.
    pub fn new(settings: Settings) -> Result<Client, NoClient> {
        Client::with_names(settings, Names::system())
    }

    /// A client that resolves names in another way than the system does.
    pub fn with_names(settings: Settings, names: Names) -> Result<Client, NoClient> {
        let gate = HostGate::new(settings.host_spacing);
        let lines = line::Lines::new(&settings, names)?;
        Ok(Client { lines, gate, settings: Arc::new(settings) })
    }

    /// Makes ready what only `https` needs, some milliseconds that would else be the first
    /// request's; or says why this machine can have none of it.
    pub fn prepare(&self) -> Result<(), NoClient> {
        self.lines.closed(&self.settings).map(drop)
    }

    /// The doors of the hosts: every request goes through them by itself.
    pub fn gate(&self) -> &HostGate {
        &self.gate
    }

    /// One GET, redirects followed. `now` dates the validators and the waits. Each hop
    /// waits for its host's turn; that wait is not counted as slowness of the host.
    pub async fn get(&self, request: &Request, now: Timestamp) -> Result<Response, FetchError> {
        self.get_beside(request, now, &Progress::default()).await
    }

    /// As `get`, for somebody who wants to know how far it has come.
    pub async fn get_beside(
        &self,
        request: &Request,
        now: Timestamp,
        progress: &Progress,
    ) -> Result<Response, FetchError> {
        let mut left = self.settings.total_timeout;
        let mut trail = Trail::from(request.url.clone());
        loop {
            match self.step(request, trail.end(), &mut left, now, progress).await? {
                Step::Redirect(redirect) => trail.follow(redirect)?,
                Step::Answer(heard) => {
                    progress.heard();
                    let received = self.receive(request, heard, trail.moved(), now);
                    return self.within(left, request, received).await;
                }
            }
        }
    }

    /// One GET, for somebody who judges for himself where a redirect leads.
    pub async fn hop(&self, request: &Request, now: Timestamp) -> Result<Hop, FetchError> {
        let mut left = self.settings.total_timeout;
        let progress = Progress::default();
        match self.step(request, &request.url, &mut left, now, &progress).await? {
            Step::Redirect(redirect) => Ok(Hop::There(redirect)),
            Step::Answer(heard) => {
                let received = self.receive(request, heard, None, now);
                Ok(Hop::Here(Box::new(self.within(left, request, received).await?)))
            }
        }
    }

    /// Asks `url` in its host's turn, as part of a request that has so much time `left`.
    async fn step(
        &self,
        request: &Request,
        url: &Url,
        left: &mut Duration,
        now: Timestamp,
        progress: &Progress,
    ) -> Result<Step, FetchError> {
        guard::check_url(url, &request.access, &self.settings.allow_networks)?;
        let pass = self.turn(url, now).await?;
        progress.sent();
        let begun = Instant::now();
        let heard = self.within(*left, request, self.ask(request, url, pass)).await?;
        *left = left.saturating_sub(begun.elapsed());
        Ok(match trail::redirect(&heard.answer, url)? {
            Some(redirect) => Step::Redirect(redirect),
            None => Step::Answer(heard),
        })
    }

    /// Waits for the turn to ask a host.
    async fn turn(&self, url: &Url, now: Timestamp) -> Result<Pass, FetchError> {
        let host = host_of(url);
        let pass = self.gate.enter(&host, now).await;
        pass.map_err(|Closed(left)| FetchError::Closed { host, left })
    }

    async fn within<T>(
        &self,
        left: Duration,
        request: &Request,
        part: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        let late = |_| FetchError::Timeout {
            host: host_of(&request.url),
            stage: "the whole request",
            limit: self.settings.total_timeout,
        };
        tokio::time::timeout(left, part).await.map_err(late)?
    }

    /// Asks one hop, and returns with its headers.
    async fn ask(&self, request: &Request, url: &Url, pass: Pass) -> Result<Heard, FetchError> {
        let (access, begun) = (&request.access, Instant::now());
        let client = self.lines.of(access, url, &self.settings);
        let client = client.map_err(|reason| FetchError::Access { host: host_of(url), reason })?;
        let mut asked = client
            .get(url.clone())
            .header(ACCEPT, request.accept)
            .header(ACCEPT_ENCODING, body::ACCEPT_ENCODING);
        if let Some(agent) = &access.user_agent {
            asked = asked.header(USER_AGENT, agent);
        }
        // A key is for the publisher, and not for whomever he redirects to.
        if url.origin() == request.url.origin() {
            asked =
                access.headers.iter().fold(asked, |asked, (name, value)| asked.header(name, value));
        }
        let asked = conditional(asked, request.validators.as_ref().filter(|v| v.url == *url));
        let limit = self.settings.first_byte_timeout;
        let late = |_| FetchError::Timeout { host: host_of(url), stage: "the first byte", limit };
        let answer = tokio::time::timeout(limit, asked.send()).await.map_err(late)?;
        let answer =
            answer.map_err(|fault| FetchError::of(&fault, url, self.settings.connect_timeout))?;
        // With a proxy this is the proxy, which the operator has named.
        if let Some(remote) = answer.remote_addr().filter(|_| access.proxy.is_none()) {
            guard::check_address(url, remote.ip(), &self.settings.allow_networks)?;
        }
        Ok(Heard { answer, url: url.clone(), waited: begun.elapsed(), _pass: pass })
    }

    async fn receive(
        &self,
        request: &Request,
        heard: Heard,
        moved: Option<Url>,
        now: Timestamp,
    ) -> Result<Response, FetchError> {
        let Heard { answer, url, waited, _pass } = heard;
        let sent = request.validators.clone().filter(|validators| validators.url == url);
        let fresh_for = headers::fresh_for(answer.headers(), now);
        let remote = answer.remote_addr();
        let (payload, validators) = match (answer.status(), sent) {
            (StatusCode::NOT_MODIFIED, Some(sent)) => {
                (Payload::NotModified, Some(headers::renewed(sent, answer.headers(), now)))
            }
            (StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION, _) => {
                let validators = headers::validators(answer.headers(), &url, now);
                (self.whole(answer, &url).await?, validators)
            }
            (status, _) => {
                let (host, status) = (host_of(&url), status.as_u16());
                let retry_after = headers::retry_after(answer.headers(), now);
                let until = retry_after.and_then(|wait| now.checked_add(wait).ok());
                if let Some(until) = until.filter(|_| matches!(status, 429 | 503)) {
                    self.gate.close(&host, until);
                }
                return Err(FetchError::Status { host, status, retry_after });
            }
        };
        Ok(Response { url, moved, payload, validators, fresh_for, remote, waited })
    }

    async fn whole(&self, answer: reqwest::Response, url: &Url) -> Result<Payload, FetchError> {
        let content_type = answer.headers().get(CONTENT_TYPE);
        let content_type =
            content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let limits = body::Limits {
            wire: self.settings.wire_limit,
            decoded: self.settings.decoded_limit,
            idle: self.settings.idle_timeout,
        };
        let body = body::read(answer, &host_of(url), limits).await?;
        Ok(Payload::Whole { bytes: body.bytes, content_type, wire: body.wire })
    }
}

fn conditional(request: RequestBuilder, validators: Option<&Validators>) -> RequestBuilder {
    let Some(validators) = validators else { return request };
    let value = |stored: &Option<String>| -> Option<HeaderValue> {
        headers::header_value(stored.as_deref()?)
    };
    let mut request = request;
    if let Some(etag) = value(&validators.etag) {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(date) = value(&validators.last_modified) {
        request = request.header(IF_MODIFIED_SINCE, date);
    }
    request
}
