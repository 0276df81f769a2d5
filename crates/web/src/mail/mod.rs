//! Mail: who is concerned by a change is written to, once for each event, in their own language, with nothing in it that they may not see.
//! What happened is the history's business; here is who is told of it, in which words, and how a letter reaches the server.

mod follow;
mod letters;
mod send;
mod words;

use std::time::Duration;

use jiff::Timestamp;

pub(crate) use send::checked;

use crate::app::App;
use crate::failure::Failure;

/// How often the history and the letters are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Follows the history and sends letters until the server ends; nothing at all where no mail server is set.
pub(crate) async fn run(app: App) {
    let Some(settings) = app.config.mail.clone() else { return };
    let sender = match send::Sender::new(&settings) {
        Ok(sender) => sender,
        Err(error) => return tracing::error!(%error, "no mail is sent"),
    };
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        if let Err(failure) = turn(&app, &sender).await {
            tracing::warn!(%failure, "mail is late");
        }
    }
}

async fn turn(app: &App, sender: &send::Sender) -> Result<(), Failure> {
    while follow::portion(app).await? {}
    let due = app.desk.look(|store| letters::due(store, Timestamp::now())).await?;
    for filed in due {
        // Several servers on one database: of those who try, one has the letter.
        let Some(filed) =
            app.desk.change(move |store| letters::claim(store, filed, Timestamp::now())).await?
        else {
            continue;
        };
        let Some(message) = words::written(app, &filed).await? else {
            app.desk.change(move |store| letters::done(store, &filed)).await?;
            continue;
        };
        let sent = sender.send(message).await;
        let kept = app.desk.change(move |store| match sent {
            Ok(()) => letters::done(store, &filed),
            Err(error) => letters::failed(store, filed, &error, Timestamp::now()),
        });
        kept.await?;
    }
    Ok(())
}
