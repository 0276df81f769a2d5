//! How a letter reaches the mail server: by SMTP, encrypted unless the settings say otherwise, bounded in time.

use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{SmtpTransport, Transport};

use crate::config::{Config, ConfigError, Mail, MailSecurity};

/// How long a server is waited for at each step.
const PATIENCE: Duration = Duration::from_secs(20);

/// A letter as it goes out.
pub(super) struct Message {
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    /// The same at every try, so that a mailbox can tell that it has it.
    pub(super) id: String,
}

/// Why a letter has not left.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SendError {
    /// It may leave later.
    #[error("{0}")]
    Later(String),
    /// It never will.
    #[error("{0}")]
    Refused(String),
}

impl SendError {
    pub(super) fn is_permanent(&self) -> bool {
        matches!(self, SendError::Refused(_))
    }
}

/// The way to the mail server.
#[derive(Clone)]
pub(super) struct Sender {
    transport: SmtpTransport,
    from: Mailbox,
    host: String,
}

impl Sender {
    pub(super) fn new(settings: &Mail) -> Result<Self, ConfigError> {
        let wrong = |error: &dyn std::fmt::Display| ConfigError::Value(format!("mail: {error}"));
        let (host, port) = place(settings)?;
        let mut builder = match settings.security {
            MailSecurity::Tls => SmtpTransport::relay(host).map_err(|error| wrong(&error))?,
            MailSecurity::Starttls => SmtpTransport::starttls_relay(host).map_err(|error| wrong(&error))?,
            MailSecurity::None => SmtpTransport::builder_dangerous(host),
        };
        if let (Some(user), Some(file)) = (&settings.user, &settings.password_file) {
            let password = std::fs::read_to_string(file)
                .map_err(|error| ConfigError::Unreadable { path: file.clone(), error })?;
            builder = builder.credentials(Credentials::new(user.clone(), password.trim().to_owned()));
        }
        let from: Mailbox = settings.from.parse().map_err(|error| wrong(&error))?;
        let transport = builder.port(port).timeout(Some(PATIENCE)).build();
        Ok(Sender { transport, host: from.email.domain().to_owned(), from })
    }

    /// Sends a letter, on a thread that may block.
    pub(super) async fn send(&self, message: Message) -> Result<(), SendError> {
        let built = self.built(&message)?;
        let transport = self.transport.clone();
        let sending = tokio::task::spawn_blocking(move || transport.send(&built));
        let sent = sending.await.map_err(|error| SendError::Later(error.to_string()))?;
        sent.map(drop).map_err(|error| {
            if error.is_permanent() {
                SendError::Refused(error.to_string())
            } else {
                SendError::Later(error.to_string())
            }
        })
    }

    fn built(&self, message: &Message) -> Result<lettre::Message, SendError> {
        let refused = |error: &dyn std::fmt::Display| SendError::Refused(error.to_string());
        let to: Mailbox = message.to.parse().map_err(|error| refused(&error))?;
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(message.text.clone());
        let mut built = lettre::Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(message.subject.clone())
            .message_id(Some(format!("<{}@{}>", message.id, self.host)))
            .singlepart(text)
            .map_err(|error| refused(&error))?;
        // RFC 3834: nobody's absence note answers a machine.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        built.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Ok(built)
    }
}

/// Refuses settings of a mail server that cannot be.
pub(crate) fn checked(config: &Config) -> Result<(), ConfigError> {
    let Some(mail) = &config.mail else { return Ok(()) };
    place(mail)?;
    let from: Result<Mailbox, _> = mail.from.parse();
    from.map_err(|error| ConfigError::Value(format!("mail: from `{}`: {error}", mail.from)))?;
    if mail.user.is_some() != mail.password_file.is_some() {
        return Err(ConfigError::Value("mail: give both user and password-file, or neither".into()));
    }
    if mail.user.is_some() && mail.security == MailSecurity::None {
        return Err(ConfigError::Value("mail: a password is not sent without encryption".into()));
    }
    Ok(())
}

fn place(mail: &Mail) -> Result<(&str, u16), ConfigError> {
    let split = mail.server.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    split.filter(|(host, _)| !host.is_empty()).ok_or_else(|| {
        ConfigError::Value(format!(
            "mail: server `{}`: write a host and a port, such as mail.example.jp:465",
            mail.server
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Mail {
        Mail {
            server: "127.0.0.1:25".into(),
            from: "Shirube <shirube@example.jp>".into(),
            security: MailSecurity::None,
            user: None,
            password_file: None,
        }
    }

    #[test]
    fn no_header_can_be_added_by_what_a_letter_says() {
        let sender = Sender::new(&settings()).unwrap();
        let message = |to: &str, subject: &str| Message {
            to: to.into(),
            subject: subject.into(),
            text: "本文\r\n.\r\nRCPT TO:<x@example.jp>".into(),
            id: "1-p".into(),
        };
        let built = sender.built(&message("a@example.jp", "CVE-1\r\nBcc: x@example.jp")).unwrap();
        let sent = String::from_utf8(built.formatted()).unwrap();
        let head = sent.split("\r\n\r\n").next().unwrap();
        assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
        assert!(head.contains("Auto-Submitted: auto-generated"), "{head}");
        for to in ["a@example.jp\r\nBcc: x@example.jp", "a@example.jp, b@example.jp", ""] {
            assert!(sender.built(&message(to, "s")).is_err(), "{to:?}");
        }
    }

    #[test]
    fn settings_that_cannot_be_are_refused_at_the_start() {
        let with = |change: &dyn Fn(&mut Mail)| {
            let mut mail = settings();
            change(&mut mail);
            checked(&Config { mail: Some(mail), ..Config::default() })
        };
        assert!(with(&|_| ()).is_ok());
        assert!(with(&|mail| mail.server = "mail.example.jp".into()).is_err());
        assert!(with(&|mail| mail.from = "nobody".into()).is_err());
        assert!(with(&|mail| mail.user = Some("u".into())).is_err());
        let secret = |mail: &mut Mail| {
            (mail.user, mail.password_file) = (Some("u".into()), Some("/run/secret".into()));
        };
        assert!(with(&secret).is_err(), "a password in clear");
    }
}
