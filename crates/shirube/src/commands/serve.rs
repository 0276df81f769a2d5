//! The web face: puts the settings together, says where the site is, and ends when it is told to.

use std::process::ExitCode;

use tracing_subscriber::EnvFilter;
use web::config::{ConfigError, Mail, MailSecurity};
use web::{Config, Ready, ServeError};

use crate::cli::{Place, Serve};
use crate::failure::Failure;
use crate::session::Session;

pub(super) fn run(session: Session, command: &Serve) -> Result<ExitCode, Failure> {
    let config = settings(command).map_err(ServeError::from)?;
    logs(config.json_logs);
    let (lang, quiet) = (session.lang, session.quiet);
    web::serve(session.store, config, told_to_stop(), |ready| {
        if !quiet {
            announce(ready, lang);
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// All that the file, flags and environment say.
fn settings(command: &Serve) -> Result<Config, ConfigError> {
    let mut config = site(&command.place)?;
    if let Some(listen) = command.listen {
        config.listen = listen;
    }
    if !command.trusted_proxy.is_empty() {
        config.trusted_proxies.clone_from(&command.trusted_proxy);
    }
    if let Some(most) = command.requests_per_minute {
        config.requests_per_minute = most;
    }
    if let Some((server, from)) = command.mail_server.clone().zip(command.mail_from.clone()) {
        let security = match command.mail_security.as_deref() {
            None => MailSecurity::default(),
            Some(word) => word.parse()?,
        };
        config.mail = Some(Mail { server, from, security, user: None, password_file: None });
    }
    if command.vulns.is_some() {
        config.vulns.clone_from(&command.vulns);
    }
    config.json_logs |= command.json_logs;
    Ok(config)
}

/// The file, then what flags and environment say of where the site is.
pub(super) fn site(place: &Place) -> Result<Config, ConfigError> {
    let mut config = place.config.as_deref().map_or_else(|| Ok(Config::default()), Config::read)?;
    if let Some(prefix) = &place.prefix {
        config.prefix.clone_from(prefix);
    }
    if place.public_url.is_some() {
        config.public_url.clone_from(&place.public_url);
    }
    Ok(config)
}

/// What is written is chosen by `RUST_LOG`; without it, what an operator has to know.
fn logs(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,request=warn"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json {
        lines.json().init();
    } else {
        lines.init();
    }
}

fn announce(ready: &Ready, lang: base::Lang) {
    let (url, ms) = (&ready.url, ready.took.as_millis());
    eprintln!("{}", lang.pick("公開中：", "serving: ").to_owned() + url + &format!("  ({ms} ms)"));
    if let Some(setup) = &ready.setup {
        // The address of the site ends with the prefix, with which the path begins.
        let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        eprintln!(
            "{}\n  {origin}{setup}",
            lang.pick(
                "最初の管理者を登録するリンク（一度だけ、24時間有効）：",
                "to make the first administrator open this link (works once, within 24 hours):"
            )
        );
    }
    eprintln!("{}", lang.pick("終了は Ctrl+C", "stop with Ctrl+C"));
}

/// Ends at Ctrl+C and at the signal by which service managers stop a program.
async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminated) = terminated {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            return;
        }
    }
    let _ = interrupted.await;
}
