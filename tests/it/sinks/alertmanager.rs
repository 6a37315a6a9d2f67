//! The real Alertmanager, Debian's `prometheus-alertmanager`: the variable
//! `WATCHFIRE_ALERTMANAGER` names its program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use watchfire::alert::message::{Dispatch, Message};
use watchfire::alert::rule::{Alert, AlertType, Severity};
use watchfire::notify::{Channel, alertmanager};

use super::receiver::{Answer, Receiver};
use super::{dispatch, installed, sender};

struct Manager {
    child: Child,
    url: String,
    _home: tempfile::TempDir,
}

impl Drop for Manager {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Manager {
    /// One that tells `hook` of whatever fires and resolves, at once.
    async fn start(program: &Path, hook: &str) -> Manager {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("alertmanager.yml");
        let text = format!(
            "route:\n  receiver: hook\n  group_by: ['matter', 'severity']\n  group_wait: 0s\n  \
             group_interval: 1s\n  repeat_interval: 1h\nreceivers:\n- name: hook\n  \
             webhook_configs:\n  - url: {hook}/\n    send_resolved: true\n"
        );
        fs::write(&file, text).unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let child = Command::new(program)
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.path={}", home.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let manager = Manager { child, url: format!("http://{address}"), _home: home };
        for _ in 0..600 {
            if manager.get("/-/ready").await.is_some() {
                return manager;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("Alertmanager did not start");
    }

    async fn get(&self, path: &str) -> Option<String> {
        let answer = reqwest::get(format!("{}{path}", self.url)).await.ok()?;
        answer.error_for_status().ok()?.text().await.ok()
    }

    /// Severity and summary of what is active there.
    async fn active(&self) -> BTreeSet<(String, String)> {
        let text = self.get("/api/v2/alerts?active=true").await.unwrap();
        let alerts: Vec<Value> = serde_json::from_str(&text).unwrap();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        alerts
            .iter()
            .map(|a| (word(&a["labels"]["severity"]), word(&a["annotations"]["summary"])))
            .collect()
    }
}

fn now(kind: AlertType, level: Severity, after: i64, earlier: &[Dispatch]) -> Dispatch {
    let Message::Attack(alert) = dispatch().message else { unreachable!() };
    let alert = Alert {
        id: format!("x{}", earlier.len()),
        kind,
        level,
        sent: Timestamp::now() + SignedDuration::from_secs(after - 60),
        references: (!earlier.is_empty()).then(|| "x0".to_owned()),
        headline: format!("headline {}", earlier.len()),
        ..*alert
    };
    let earlier = earlier.iter().map(|dispatch| dispatch.message.clone()).collect();
    Dispatch { message: alert.into(), earlier, ..dispatch() }
}

/// Waits until the hook heard of an alert with that status and severity.
async fn hears(hook: &Receiver, status: &str, severity: &str) {
    for _ in 0..400 {
        for heard in hook.heard() {
            let alerts = heard.json()["alerts"].as_array().cloned().unwrap_or_default();
            let is_it = |a: &Value| a["status"] == status && a["labels"]["severity"] == severity;
            if alerts.iter().any(is_it) {
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nobody was told that {severity} is {status}: {:?}", hook.heard());
}

#[tokio::test]
async fn alerts_appear_update_and_resolve_in_the_real_one() {
    let Some(program) = installed("WATCHFIRE_ALERTMANAGER") else { return };
    let hook = Receiver::start(|_| Answer::status(200)).await;
    let manager = Manager::start(&program, &hook.url).await;
    let oncall = sender(Channel::Alertmanager(alertmanager::Settings {
        url: manager.url.parse().unwrap(),
        token: None,
        stands_for: alertmanager::STANDS_FOR,
    }));
    let told = |severity: &str, title: &str| [(severity.to_owned(), title.to_owned())].into();

    let first = now(AlertType::Alert, Severity::Warning, 0, &[]);
    oncall.deliver(&first).await.unwrap();
    // A repeat is the same alert there.
    oncall.deliver(&first).await.unwrap();
    assert_eq!(manager.active().await, told("warning", "[warning] headline 0"));
    hears(&hook, "firing", "warning").await;

    let second = now(AlertType::Update, Severity::Critical, 20, std::slice::from_ref(&first));
    oncall.deliver(&second).await.unwrap();
    assert_eq!(manager.active().await, told("critical", "[critical] UPDATE headline 1"));
    hears(&hook, "firing", "critical").await;
    hears(&hook, "resolved", "warning").await;

    let third = now(AlertType::Cancel, Severity::Critical, 40, &[first, second]);
    oncall.deliver(&third).await.unwrap();
    assert_eq!(manager.active().await, BTreeSet::new());
    hears(&hook, "resolved", "critical").await;
}
