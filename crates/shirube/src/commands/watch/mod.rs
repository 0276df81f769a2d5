//! The watch on the command line: products in, what is new and whom to tell out. Needs no database.

mod desk;
mod dossier;
mod findings;
mod history;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cyber::advisory::Advisory;
use cyber::advisory::source::{self, Contents};
use cyber::document::Limits;
use cyber::index::Index;
use cyber::sbom;
use cyber::watch::Product;
use cyber::watch::feeds::evidence;
use cyber::watch::triage::{Item, Progress, Refusal, Step};
use jiff::civil::Date;
use report::atom;
use report::outline::watch::{self as outline, Told};

use self::desk::{Acting, Desk, KeptCheck, KeptStep, hash};
use self::dossier::Dossier;
use super::sbom::{bytes_of, unread};
use super::vulns::{Opened, opened};
use crate::cli::{Answer, Common, Format};
use crate::cyber_cli::VulnsPlace;
use crate::failure::Failure;
use crate::output;
use crate::session::{Voice, acting, data_file};
use crate::watch_cli::{Watch, WatchAction};

/// Entries of the feed of alerts.
const ENTRIES: usize = 200;

pub(super) fn run(voice: Voice, common: &Common, watch: &Watch) -> Result<ExitCode, Failure> {
    if let WatchAction::Add { new: Some(file), .. } = &watch.action {
        return output::begin(voice, file, dossier::TEMPLATE, "shirube cyber watch add");
    }
    let folder = match &watch.portfolio {
        Some(folder) => folder.clone(),
        None => data_file("portfolio")?,
    };
    let mut desk = Desk::open(&folder)?;
    let (by, today) = acting(common);
    let acting = Acting { by: &by, on: today };
    let done = Ok(ExitCode::SUCCESS);
    match &watch.action {
        WatchAction::Add { files, maker, name, product_version, users, .. } => {
            let told = Words {
                maker: maker.as_ref(),
                name: name.as_ref(),
                version: product_version.as_ref(),
                users,
            };
            for dossier in dossiers(files, &told, &desk)? {
                let name = outline::named(&dossier.product());
                desk.put(dossier, "add", "", &acting)?;
                voice.remark(format!("{}{name}", voice.say("監視に加えました：", "watched: ")));
            }
            done
        }
        WatchAction::Remove { product, reason } => {
            let product = desk.product(product)?.product();
            desk.take_out(&product, "remove", reason, &acting)?;
            voice.remark(voice.say("監視から外しました", "taken out of the watch"));
            done
        }
        WatchAction::Undo { product } => undo(voice, &mut desk, product, &acting).and(done),
        WatchAction::History { answer } => history::run(voice, &desk, answer).and(done),
        WatchAction::List { answer } => {
            let all = findings::all(&desk, today);
            given(voice, answer, &all, today, || outline::listed(&all, today, voice.lang)).and(done)
        }
        WatchAction::Show { product, answer } => {
            let product = desk.product(product)?.product();
            let told: Vec<Told> =
                findings::all(&desk, today).into_iter().filter(|told| told.head.product == product).collect();
            given(voice, answer, &told, today, || outline::shown(&told[0], today, voice.lang)).and(done)
        }
        WatchAction::Check { place, answer } => {
            check(voice, &mut desk, &opened(voice, common, place)?, &acting, answer)
        }
        WatchAction::Advisory { advisory, place, answer } => {
            push(voice, &desk, &one_advisory(voice, common, advisory, place)?, today, answer)
        }
        WatchAction::Triage { product, advisory, to, reason, items } => {
            let product = desk.product(product)?.product();
            triage(&mut desk, &product, advisory, to.as_deref(), reason, items, &acting).and(done)
        }
        WatchAction::Feeds { checked, items, read, answer } => {
            if let Some(feed) = checked {
                known_feed(&desk, feed)?;
                let hash = read.as_ref().map(|file| bytes_of(file).map(|bytes| hash(&bytes))).transpose()?;
                let check = KeptCheck { feed: feed.clone(), on: today, items: *items, hash, by: by.clone() };
                desk.state.checks.push(check);
                desk.save()?;
            }
            let shown = evidence(&desk.settings.feeds(), &desk.checks(), today);
            output::document(voice, &outline::feeds(&shown, today, voice.lang), answer).and(done)
        }
        WatchAction::Feed { out } => feed(voice, &desk, out.as_deref()).and(done),
    }
}

/// A list of products as a document, or for programs.
fn given(
    voice: Voice,
    answer: &Answer,
    told: &[Told],
    today: Date,
    document: impl FnOnce() -> report::Document,
) -> Result<(), Failure> {
    if answer.format == Format::Json {
        return output::machine(voice, answer, &outline::json(told, today, voice.lang));
    }
    output::document(voice, &document(), answer)
}

/// What the command line says of a product of which only bills are given.
struct Words<'a> {
    maker: Option<&'a String>,
    name: Option<&'a String>,
    version: Option<&'a String>,
    users: &'a [String],
}

/// The products that files describe: one for each product file, and one for all bills. A product that is watched already keeps what is
/// known of it where only new bills are given.
fn dossiers(files: &[PathBuf], told: &Words<'_>, desk: &Desk) -> Result<Vec<Dossier>, Failure> {
    let is_toml = |file: &&PathBuf| file.extension().is_some_and(|end| end == "toml");
    let mut all =
        files.iter().filter(is_toml).map(|file| Dossier::read(file)).collect::<Result<Vec<_>, _>>()?;
    let bills: Vec<PathBuf> = files.iter().filter(|file| !is_toml(file)).cloned().collect();
    let says_something = told.maker.or(told.name).or(told.version).is_some() || !told.users.is_empty();
    if bills.is_empty() && says_something {
        return Err(Failure::said(
            "--maker、--name、--product-version、--user はSBOMを示すときのものです。製品ファイルでは、その中に書いてください",
            "--maker, --name, --product-version and --user go with SBOMs; of a product file they stand in the file",
        ));
    }
    if let Some(first) = bills.first() {
        let reading =
            sbom::read(&bytes_of(first)?, &Limits::default()).map_err(|error| unread(first, &error))?;
        let subject = reading.sbom.subjects.first().and_then(|at| reading.sbom.components.get(*at));
        let maker = told.maker.cloned().or(reading.sbom.supplier.clone());
        let maker = maker.or_else(|| subject.and_then(|one| one.supplier.clone().or(one.maker.clone())));
        let name = told.name.cloned().or(subject.map(|one| one.name.clone()));
        let version = told.version.cloned().or(subject.and_then(|one| one.version.clone()));
        let (Some(maker), Some(name)) = (maker, name) else {
            return Err(Failure::said(
                format!(
                    "{}：製造販売業者か製品名が書かれていません。--maker と --name で示してください",
                    first.display()
                ),
                format!("{} names no maker or no product: say them with --maker and --name", first.display()),
            ));
        };
        let product = Product::new(maker, name, version.unwrap_or_default());
        let known = desk.state.products.iter().find(|known| known.product() == product).cloned();
        let mut dossier = known.unwrap_or_else(|| Dossier::of(&product));
        dossier.bills = bills;
        for user in told.users {
            if !dossier.users.contains(user) {
                dossier.users.push(user.clone());
            }
        }
        all.push(dossier);
    }
    Ok(all)
}

fn undo(voice: Voice, desk: &mut Desk, named: &str, acting: &Acting<'_>) -> Result<(), Failure> {
    let history = desk.history()?;
    let of = |dossier: &Option<Dossier>| dossier.as_ref().is_some_and(|one| desk::is_named(one, named));
    let last = history.iter().rev().find(|one| of(&one.before) || of(&one.after));
    let Some(last) = last else {
        return Err(Failure::said(
            format!("{named} の履歴はありません"),
            format!("there is no history of {named}"),
        ));
    };
    let reason = format!("{} {}", last.what, last.on);
    match (&last.before, &last.after) {
        (Some(before), _) => desk.put_back(before.clone(), &reason, acting)?,
        (None, Some(after)) => desk.take_out(&after.product(), "undo", &reason, acting)?,
        (None, None) => {}
    }
    voice.remark(format!("{}{reason}", voice.say("取り消しました：", "taken back: ")));
    Ok(())
}

fn check(
    voice: Voice,
    desk: &mut Desk,
    opened: &Opened,
    acting: &Acting<'_>,
    answer: &Answer,
) -> Result<ExitCode, Failure> {
    if desk.state.products.is_empty() {
        return Err(Failure::said(
            "監視している製品がありません。shirube cyber watch add で加えてください",
            "no product is watched; add one with `shirube cyber watch add`",
        ));
    }
    let index = opened.index()?;
    let since = desk.state.checked;
    let compared = findings::compared(desk, &index, acting.on).map_err(|error| opened.damaged(error))?;
    let news = compared.news;
    for source in &opened.about.sources {
        let name = source.name.rsplit('/').find(|part| !part.is_empty()).unwrap_or(&source.name);
        desk.state.checks.push(KeptCheck {
            feed: name.to_owned(),
            on: acting.on,
            items: source.records,
            hash: Some(source.sha256.clone()).filter(|hash| !hash.is_empty()),
            by: acting.by.to_owned(),
        });
    }
    desk.state.checked = Some(acting.on);
    let count = index.len();
    given(voice, answer, &news, acting.on, || outline::checked(&news, since, count, acting.on, voice.lang))?;
    // What nobody was shown is still new.
    desk.save()?;
    if compared.unheard > 0 {
        let unheard = compared.unheard;
        voice.remark(match voice.lang {
            base::Lang::Ja => format!("{unheard}件の指摘は、その情報が手元のデータにないため、そのままにしました"),
            base::Lang::En => format!(
                "{unheard} findings rest on advisories that are not among the data at hand; they stand as they were"
            ),
        });
    }
    let new = news.iter().any(|told| !told.lines.is_empty());
    Ok(if new { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn push(
    voice: Voice,
    desk: &Desk,
    advisory: &Advisory,
    today: Date,
    answer: &Answer,
) -> Result<ExitCode, Failure> {
    let reached = findings::reached(desk, advisory, today);
    let of = desk.state.products.len();
    let document = || outline::pushed(&advisory.id, &advisory.summary, &reached, of, today, voice.lang);
    given(voice, answer, &reached, today, document)?;
    Ok(if reached.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The advisory in a file, or that of an id.
fn one_advisory(voice: Voice, common: &Common, named: &str, place: &VulnsPlace) -> Result<Advisory, Failure> {
    let file = Path::new(named);
    if file.is_file() {
        let bytes = bytes_of(file)?;
        let read = source::detect(&bytes).map(|format| source::read(format, &bytes));
        return match read {
            Some(Ok(Contents::Advisories(mut all))) if !all.is_empty() => Ok(all.swap_remove(0)),
            Some(Err(error)) => Err(Failure::said(
                format!("{named}：脆弱性情報として読めません（{error}）"),
                format!("{named}: {error}"),
            )),
            _ => Err(Failure::said(
                format!("{named}：脆弱性情報ではありません（OSV、NVD、CVE、CSAF、VULDEF）"),
                format!("{named} is no advisory of OSV, NVD, CVE, CSAF or VULDEF"),
            )),
        };
    }
    let opened = opened(voice, common, place)?;
    let index = opened.index()?;
    let number = match index.of_id(named).map_err(|error| opened.damaged(error))? {
        Some(number) => number,
        None => by_alias(&opened, &index, named)?,
    };
    index.advisory(number).map_err(|error| opened.damaged(error))
}

/// Evidence counts for feeds that are followed.
fn known_feed(desk: &Desk, feed: &str) -> Result<(), Failure> {
    let feeds = desk.settings.feeds();
    if feeds.iter().any(|known| known.id == feed) {
        return Ok(());
    }
    let ids: Vec<&str> = feeds.iter().map(|known| known.id.as_str()).collect();
    let ids = ids.join(", ");
    Err(Failure::said(
        format!(
            "{feed} という情報源は追っていません（{ids}）。ポートフォリオの settings.toml に [[feed]] id, name, rhythm（日数）を書くと加わります"
        ),
        format!(
            "{feed} is none of the feeds followed ({ids}); a [[feed]] with id, name and rhythm (days) in the portfolio's settings.toml adds one"
        ),
    ))
}

/// The only advisory that bears an id of others, such as a CVE's.
fn by_alias(opened: &Opened, index: &Index<'_>, named: &str) -> Result<u32, Failure> {
    let bearing = index.bearing(named).map_err(|error| opened.damaged(error))?;
    match bearing[..] {
        [(number, _)] => Ok(number),
        [] => Err(Failure::said(
            format!("{named} というファイルも、手元の脆弱性情報もありません"),
            format!("{named} is no file, and not among the advisories at hand"),
        )),
        _ => {
            let ids = bearing.iter().map(|(number, _)| Ok(index.brief(*number)?.id.to_owned()));
            let ids = ids.collect::<Result<Vec<_>, _>>().map_err(|error| opened.damaged(error))?.join(", ");
            Err(Failure::said(
                format!("{named} は複数の情報にあります。一つを指定してください：{ids}"),
                format!("several advisories bear {named}; name one of {ids}"),
            ))
        }
    }
}

fn triage(
    desk: &mut Desk,
    product: &Product,
    advisory: &str,
    to: Option<&str>,
    reason: &str,
    items: &[String],
    acting: &Acting<'_>,
) -> Result<(), Failure> {
    let of = desk.state.findings.iter_mut().filter(|one| one.is_of(product));
    let mut named: Vec<_> = of.filter(|one| one.is_called(advisory)).collect();
    // Its own id says which is meant, whoever else bears it as an alias.
    named.sort_by_key(|one| one.advisory != advisory);
    if let [first, second, ..] = &named[..]
        && first.advisory != advisory
    {
        let (first, second) = (&first.advisory, &second.advisory);
        return Err(Failure::said(
            format!("{advisory} は複数の指摘にあります。{first}、{second} などから指定してください"),
            format!("several findings bear {advisory}; name {first}, {second} or another of them"),
        ));
    }
    let Some(finding) = named.into_iter().next() else {
        return Err(Failure::said(
            format!("この製品に {advisory} の指摘はありません（shirube cyber watch show で一覧）"),
            format!("the product has no finding of {advisory}; `shirube cyber watch show` lists them"),
        ));
    };
    for item in items {
        let known = item.split_once('=').filter(|(key, _)| Item::ALL.iter().any(|one| one.key() == *key));
        let Some((key, text)) = known else {
            return Err(Failure::said(
                format!(
                    "{item}：項目=文 と書いてください（context, cvss, versions, cause, related, impact）"
                ),
                format!("{item}: write ITEM=TEXT; items are context, cvss, versions, cause, related, impact"),
            ));
        };
        finding.evaluation.retain(|(known, _)| known != key);
        finding.evaluation.push((key.to_owned(), text.to_owned()));
    }
    if let Some(to) = to {
        let Some(to) = Progress::ALL.into_iter().find(|one| one.key() == to) else {
            let all: Vec<&str> = Progress::ALL.into_iter().map(Progress::key).collect();
            return Err(Failure::said(
                format!("{to} という状態はありません：{}", all.join(", ")),
                format!("there is no state {to}: {}", all.join(", ")),
            ));
        };
        let step = Step { to, by: acting.by.to_owned(), on: acting.on, reason: reason.to_owned() };
        finding.triage().take(step).map_err(|refusal| refused(&refusal))?;
        let kept = KeptStep {
            to: to.key().to_owned(),
            by: acting.by.to_owned(),
            on: acting.on,
            reason: reason.to_owned(),
        };
        finding.steps.push(kept);
    }
    desk.save()
}

fn refused(refusal: &Refusal) -> Failure {
    let ja = match refusal {
        Refusal::OutOfOrder { from, to } => {
            format!("「{}」から「{}」にはできません", from.names().ja, to.names().ja)
        }
        Refusal::NoReason => "理由（--reason）が要ります".to_owned(),
        Refusal::Incomplete(items) => {
            let items: Vec<String> =
                items.iter().map(|item| format!("{}（{}）", item.key(), item.names().ja)).collect();
            format!("評価に次の項目がありません（--item）：{}", items.join("、"))
        }
    };
    Failure::said(ja, refusal.to_string())
}

fn feed(voice: Voice, desk: &Desk, out: Option<&Path>) -> Result<(), Failure> {
    use std::io::Write as _;
    let word = |what: &str| match what {
        "affected" => voice.say("影響あり", "affected"),
        "undetermined" => voice.say("判定できない", "undetermined"),
        _ => voice.say("当てはまらなくなった", "reached no longer"),
    };
    let entries: Vec<atom::Entry> = desk
        .state
        .alerts
        .iter()
        .rev()
        .take(ENTRIES)
        .map(|alert| {
            let key = format!("{}\n{}\n{}\n{}", alert.at, alert.product, alert.advisory, alert.what);
            atom::Entry {
                id: format!("urn:sha256:{}", hash(key.as_bytes())),
                title: format!("{}: {} × {}", word(&alert.what), alert.product, alert.advisory),
                updated: alert.at.clone(),
                summary: alert.summary.clone(),
            }
        })
        .collect();
    let title = voice.say("製品の脆弱性の監視", "Watch over products");
    let feed = atom::feed("urn:shirube:cyber-watch", title, &entries, voice.lang);
    match out {
        Some(file) => output::write_file(file, feed.as_bytes()),
        None => Ok(std::io::stdout().lock().write_all(feed.as_bytes())?),
    }
}
