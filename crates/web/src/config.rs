//! How a server is set up: flags, environment and one TOML file, in that order of strength. The command line reads the
//! first two; here stand the values, their defaults and the file.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What a server is told. Every value has a default that does on one machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The path below which everything hangs behind a proxy, such as `/shirube`; empty at the root.
    pub prefix: String,
    /// The address by which people know it, such as `https://plan.example.jp`: in feeds, in links sent out, for passkeys and
    /// single sign-on. Where it is not given, links are relative and the listening address is taken.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Requests a minute that one address may make before it is told to wait. Configuration without a source.
    pub requests_per_minute: u32,
    /// The largest file taken in, in MiB.
    pub upload_mib: u64,
    /// Connections to the database that read; 0 chooses by the number of processors.
    pub readers: usize,
    /// Memory for finished pages, in MiB.
    pub page_cache_mib: u64,
    /// Seconds that running requests are given when the server is asked to stop.
    pub stop_after_seconds: u64,
    /// Single sign-on.
    pub single_sign_on: Option<SingleSignOn>,
    /// The server that sends mail; without one no mail is sent.
    pub mail: Option<Mail>,
    /// Webhooks may lead into private networks and to this machine, and by http: for a site within an organisation's own network.
    pub hooks_to_private_networks: bool,
    /// The index of vulnerability data that `shirube vulns update` writes; a new file is taken while the server runs.
    pub vulns: Option<PathBuf>,
    /// Log lines as JSON, one each; otherwise for people.
    pub json_logs: bool,
}

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mail {
    /// Its host and port: `mail.example.jp:465`.
    pub server: String,
    /// Who letters come from: `Shirube <shirube@example.jp>`.
    pub from: String,
    /// How the way there is encrypted.
    #[serde(default)]
    pub security: MailSecurity,
    /// Our name there; none where it asks for none.
    #[serde(default)]
    pub user: Option<String>,
    /// A file with our password there.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
}

/// How the way to a mail server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailSecurity {
    /// From the first byte (port 465).
    #[default]
    Tls,
    /// After a greeting in clear, or not at all (port 587).
    Starttls,
    /// Not encrypted: to a server on this machine or in the same closed network.
    None,
}

/// An OpenID Connect provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SingleSignOn {
    /// What the button says: 「GビズIDでサインイン」.
    pub name: String,
    /// Its address.
    pub issuer: String,
    /// Our id there.
    pub client_id: String,
    /// A file with our secret there; none for a public client.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// Whether somebody whom the provider knows and we do not becomes a person here, without any role but those granted below.
    /// Otherwise an invitation is needed.
    #[serde(default)]
    pub welcome: bool,
    /// Where people belong according to the provider; applied anew at every sign-in through it.
    #[serde(default)]
    pub grants: Vec<Grant>,
}

/// Whoever has this value in this claim of the provider belongs there and has these roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Grant {
    /// The claim: `groups`; a dot goes down, as in `realm_access.roles`.
    pub claim: String,
    /// Its value, or one of its values.
    pub value: String,
    /// The record of the register `organisation`.
    pub organisation: String,
    /// The roles there, in the words of the registers' rights. To manage people is not among them.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("{path}: {error}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is not what is expected.
    #[error("{path}: {message}", path = path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The parser's message with line and column.
        message: String,
    },
    /// A value cannot be.
    #[error("{0}")]
    Value(String),
}

impl std::str::FromStr for MailSecurity {
    type Err = ConfigError;
    fn from_str(word: &str) -> Result<Self, ConfigError> {
        match word {
            "tls" => Ok(MailSecurity::Tls),
            "starttls" => Ok(MailSecurity::Starttls),
            "none" => Ok(MailSecurity::None),
            _ => Err(ConfigError::Value(format!("mail security `{word}`: write tls, starttls or none"))),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            prefix: String::new(),
            public_url: None,
            trusted_proxies: Vec::new(),
            requests_per_minute: 1200,
            upload_mib: 512,
            readers: 0,
            page_cache_mib: 24,
            stop_after_seconds: 20,
            single_sign_on: None,
            mail: None,
            hooks_to_private_networks: false,
            vulns: None,
            json_logs: false,
        }
    }
}

impl Config {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        toml::from_str(&text)
            .map_err(|error| ConfigError::Form { path: path.to_owned(), message: error.to_string() })
    }

    /// The same with its values brought into their one form, or what is wrong with them.
    pub fn checked(mut self) -> Result<Self, ConfigError> {
        let prefix = self.prefix.trim_end_matches('/').to_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
        if !prefix.is_empty() && (!prefix.starts_with('/') || !prefix.chars().all(plain)) {
            return Err(ConfigError::Value(format!(
                "prefix `{prefix}`: write a path such as /shirube, of letters, digits, -, _ and ."
            )));
        }
        self.prefix = prefix;
        if let Some(url) = &mut self.public_url {
            if !url.starts_with("https://") && !url.starts_with("http://") {
                return Err(ConfigError::Value(format!(
                    "public-url `{url}`: begin with https:// (or http:// on your own machine)"
                )));
            }
            url.truncate(url.trim_end_matches('/').len());
        }
        crate::people::ways::sign_on(&self)?;
        crate::mail::checked(&self)?;
        Ok(self)
    }

    /// The address by which people know the server, without the prefix and without a slash at the end.
    pub fn origin(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Whether people reach it by https: cookies are then sent by https alone.
    pub fn is_https(&self) -> bool {
        self.origin().starts_with("https://")
    }

    pub(crate) fn readers(&self) -> usize {
        if self.readers > 0 {
            return self.readers;
        }
        std::thread::available_parallelism().map_or(4, |cores| cores.get() * 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file that is handed out names every setting, with its default where it has one.
    #[test]
    fn the_settings_handed_out_are_those_the_program_knows() {
        let handed_out = include_str!("../../../deploy/shirube.toml");
        let setting = |line: &&str| line.contains(" = ") && !line.contains(": ") || line.starts_with('[');
        let settings: Vec<&str> =
            handed_out.lines().filter_map(|line| line.strip_prefix("# ")).filter(setting).collect();
        let read: Config = toml::from_str(&settings.join("\n")).unwrap();
        let known = toml::Table::try_from(&read).unwrap();
        assert_eq!(known.len(), 14, "{known:?}");
        let plain = Config {
            public_url: None,
            prefix: String::new(),
            trusted_proxies: vec![],
            single_sign_on: None,
            mail: None,
            vulns: None,
            ..read.clone()
        };
        assert_eq!(read.mail.as_ref().map(|mail| mail.security), Some(MailSecurity::Tls));
        let provider = read.single_sign_on.unwrap();
        assert!(!provider.welcome && provider.grants.len() == 1);
        assert_eq!(plain, Config::default());
    }

    #[test]
    fn a_setting_nobody_knows_is_refused() {
        assert!(toml::from_str::<Config>("lisen = \"127.0.0.1:1\"").is_err());
    }

    #[test]
    fn a_prefix_is_a_plain_path() {
        let with = |prefix: &str| Config { prefix: prefix.into(), ..Config::default() }.checked();
        assert_eq!(with("/shirube/").unwrap().prefix, "/shirube");
        assert!(with("shirube").is_err() && with("/a b").is_err());
    }
}
