//! E-mail through a real SMTP server, Debian's `python3-aiosmtpd`: the variable
//! `WATCHFIRE_SMTPD` names a Python that has it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

use watchfire::alert::rule::{AlertType, Severity};
use watchfire::notify::email::{Encryption, Settings};
use watchfire::notify::{Channel, Refused, Sender};

use super::{dispatch, follows, installed, sender};

/// Keeps what it is given in a directory, a file a message; refuses two recipients.
const SERVER: &str = r#"
import sys, time
from aiosmtpd.controller import Controller

class Keeper:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("full@"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = "%s/%d.eml" % (sys.argv[1], time.monotonic_ns())
        with open(name + ".part", "wb") as out:
            out.write(envelope.content)
        import os
        os.rename(name + ".part", name)
        return "250 kept"

keeper = Controller(Keeper(), hostname="127.0.0.1", port=int(sys.argv[2]))
keeper.start()
with open(sys.argv[1] + "/ready", "w") as out:
    out.write(str(keeper.server.sockets[0].getsockname()[1]))
time.sleep(600)
"#;

struct Server {
    child: Child,
    home: tempfile::TempDir,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(python: &Path) -> Server {
        let home = tempfile::tempdir().unwrap();
        // Asked for a port of its own choice, the controller would not find itself.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let child = Command::new(python)
            .args(["-c", SERVER, home.path().to_str().unwrap(), &port.to_string()])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let ready = home.path().join("ready");
        let server = Server { child, home, port };
        for _ in 0..600 {
            if ready.exists() {
                return server;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the SMTP server did not start");
    }

    fn mails(&self) -> Vec<String> {
        let mut paths: Vec<_> = fs::read_dir(self.home.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "eml"))
            .collect();
        paths.sort();
        paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    fn to(&self, whom: &str, encryption: Encryption) -> Sender {
        sender(Channel::Email(Box::new(Settings {
            host: "127.0.0.1".into(),
            port: self.port,
            encryption,
            from: "Watchfire <watchfire@desk.example>".parse().unwrap(),
            to: whom.parse().unwrap(),
            login: None,
        })))
    }
}

#[tokio::test]
async fn mail_of_one_matter_is_one_thread_and_a_repeat_has_the_id_of_the_first() {
    let Some(python) = installed("WATCHFIRE_SMTPD") else { return };
    let server = Server::start(&python);
    let duty = server.to("Duty <duty@desk.example>", Encryption::None);
    duty.deliver(&dispatch()).await.unwrap();
    duty.deliver(&dispatch()).await.unwrap();
    duty.deliver(&follows(AlertType::Cancel, Severity::Warning)).await.unwrap();
    let mails = server.mails();
    assert_eq!(mails.len(), 3);
    for (mail, headers) in mails.iter().zip([
        ["Message-ID: <x1@desk.example>", "Subject: [warning] At least 11 killed in Kunduz"],
        ["Message-ID: <x1@desk.example>", "To: Duty <duty@desk.example>"],
        ["Message-ID: <x2@desk.example>", "In-Reply-To: <x1@desk.example>"],
    ]) {
        for header in headers.iter().chain(&["Auto-Submitted: auto-generated"]) {
            assert!(mail.lines().any(|line| line == *header), "{header} in\n{mail}");
        }
    }
    assert!(mails[0].contains("at least 10 of the security forces killed, say officials"));
    assert!(mails[2].contains("Subject: [warning] CANCELLED"), "{}", mails[2]);
}

#[tokio::test]
async fn what_the_server_answers_decides_what_becomes_of_a_mail() {
    let Some(python) = installed("WATCHFIRE_SMTPD") else { return };
    let server = Server::start(&python);
    let refused = |whom: &'static str, encryption| {
        let to = server.to(whom, encryption);
        async move { to.deliver(&dispatch()).await.unwrap_err() }
    };
    let nobody = refused("nobody@desk.example", Encryption::None).await;
    assert!(
        matches!(&nobody, Refused::Never { cause } if cause.contains("no such mailbox")),
        "{nobody}"
    );
    let full = refused("full@desk.example", Encryption::None).await;
    assert!(matches!(&full, Refused::Later { cause } if cause.contains("mailbox full")), "{full}");
    // It offers no encryption: nothing is said to it that matters.
    let bare = refused("duty@desk.example", Encryption::Starttls).await;
    assert!(matches!(&bare, Refused::Away { .. }), "{bare}");
    assert_eq!(server.mails().len(), 0);
}
