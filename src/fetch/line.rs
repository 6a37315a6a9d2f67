//! The ways out: one HTTP client for each proxy and each set of trusted certificates,
//! and one without any for what is not encrypted.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use reqwest::redirect::Policy;
use reqwest::{Certificate, Proxy};
use url::Url;

use crate::fetch::error::root_cause;
use crate::fetch::{Names, NoClient, Settings, resolve};
use crate::source::Access;

/// The clients made so far; clones share them.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    names: Names,
    /// For `http`: it trusts nobody's certificate.
    open: reqwest::Client,
    /// For `https`: the system's certificates take some milliseconds to be read, so that
    /// it is made when it is first asked for.
    closed: Arc<OnceLock<reqwest::Client>>,
    special: Arc<Mutex<HashMap<Way, Result<reqwest::Client, String>>>>,
}

/// What tells two clients apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Way {
    proxy: Option<Url>,
    ca_file: Option<PathBuf>,
}

impl Lines {
    pub fn new(settings: &Settings, names: Names) -> Result<Lines, NoClient> {
        let open = builder(settings, &names, None).tls_certs_only([]).build()?;
        Ok(Lines { names, open, closed: Arc::default(), special: Arc::default() })
    }

    /// The client for this access to `url`, or why there can be none. Reads the
    /// certificates when it is first asked for.
    pub fn of(
        &self,
        access: &Access,
        url: &Url,
        settings: &Settings,
    ) -> Result<reqwest::Client, String> {
        let way = Way { proxy: access.proxy.clone(), ca_file: access.ca_file.clone() };
        if way.proxy.is_some() || way.ca_file.is_some() {
            let mut special = self.special.lock().unwrap_or_else(PoisonError::into_inner);
            let made = special.entry(way);
            return made.or_insert_with_key(|way| client(way, settings, &self.names)).clone();
        }
        match url.scheme() {
            "http" => Ok(self.open.clone()),
            _ => self.closed(settings).map_err(|fault| root_cause(&fault)),
        }
    }

    /// The client for `https`, or why none could be made now: the next who asks tries again.
    pub fn closed(&self, settings: &Settings) -> Result<reqwest::Client, NoClient> {
        if let Some(client) = self.closed.get() {
            return Ok(client.clone());
        }
        let made = builder(settings, &self.names, None).build()?;
        Ok(self.closed.get_or_init(|| made).clone())
    }
}

fn client(way: &Way, settings: &Settings, names: &Names) -> Result<reqwest::Client, String> {
    let mut builder = builder(settings, names, way.proxy.as_ref());
    if let Some(proxy) = &way.proxy {
        let proxy = Proxy::all(proxy.clone());
        builder =
            builder.proxy(proxy.map_err(|fault| format!("its proxy: {}", root_cause(&fault)))?);
    }
    if let Some(path) = &way.ca_file {
        builder = builder.tls_certs_merge(certificates(path)?);
    }
    builder.build().map_err(|fault| root_cause(&fault))
}

fn builder(settings: &Settings, names: &Names, proxy: Option<&Url>) -> reqwest::ClientBuilder {
    // A proxy that resolves names itself leaves only its own to be resolved here, and
    // that the operator has named.
    let is_resolved_there = proxy.is_some_and(|proxy| proxy.scheme() != "socks5");
    let allowed = match is_resolved_there {
        true => ["0.0.0.0/0", "::/0"].iter().filter_map(|all| all.parse().ok()).collect(),
        false => settings.allow_networks.clone(),
    };
    reqwest::Client::builder()
        .user_agent(&settings.user_agent)
        .connect_timeout(settings.connect_timeout)
        // Each hop is checked here before it is asked.
        .redirect(Policy::none())
        .referer(false)
        // None from the environment: a proxy dials for us, past every check of the
        // address; only one that the operator names may.
        .no_proxy()
        .dns_resolver(Arc::new(resolve::Resolver { names: names.clone(), allowed: allowed.into() }))
        .pool_idle_timeout(std::time::Duration::from_secs(90))
        .pool_max_idle_per_host(1)
}

/// The certificates of a PEM file.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, String> {
    const LARGEST: u64 = 4 << 20;
    let told = |what: String| format!("its certificates `{}` {what}", path.display());
    let is_large = std::fs::metadata(path).is_ok_and(|file| file.len() > LARGEST);
    if is_large {
        return Err(told("are no file of certificates: it is too large".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|fault| told(format!("cannot be read: {fault}")))?;
    let found = Certificate::from_pem_bundle(&bytes);
    let found = found.map_err(|fault| told(format!("are not PEM: {}", root_cause(&fault))))?;
    if found.is_empty() {
        return Err(told("hold none: there is no `BEGIN CERTIFICATE`".to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::certificates;

    #[test]
    fn a_file_that_holds_no_certificate_says_so() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("ca.pem");
        let told = || certificates(&path).unwrap_err();
        assert!(told().contains("cannot be read"), "{}", told());
        fs::write(&path, "hello").unwrap();
        assert!(told().contains("hold none"), "{}", told());
    }
}
