//! Measures the store on generated data: `cargo run --release -p store --example bench [-- URL]`.
//! Without a URL a file in the temporary folder is used and removed. The data is the same every time.

#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "figures for people")]

use std::time::{Duration, Instant};

use base::Source;
use register::{Record, RecordId, Registry};
use store::{By, Query, Result, Sort, Store};

const SHEET: &str = r#"
id = "sheet"
name = { ja = "事業", en = "sheet" }
about = { ja = "", en = "" }
spec = "D"
source = { document = "none" }
title = "name"
[fields]
name = { type = "text", label = { ja = "名称" }, search = true }
ministry = { type = "text", label = { ja = "府省" }, filter = true }
fiscal_year = { type = "fiscal-year", label = { ja = "年度" }, filter = true }
purpose = { type = "text", label = { ja = "目的" }, search = true }
overview = { type = "text", label = { ja = "概要" }, search = true }
rows = { type = "table", label = { ja = "表" }, columns.text = { type = "text", label = { ja = "文" } }, columns.yen = { type = "integer", label = { ja = "円" } } }
"#;

const SMALL: &str = r#"
id = "small"
name = { ja = "小", en = "small" }
about = { ja = "", en = "" }
spec = "D"
source = { document = "none" }
title = "name"
[fields]
name = { type = "text", label = { ja = "名称" }, search = true }
kind = { type = "text", label = { ja = "種" }, filter = true }
year = { type = "year", label = { ja = "年" }, filter = true }
domestic = { type = "flag", label = { ja = "国内" }, filter = true }
"#;

fn main() -> Result<()> {
    let given = std::env::args().nth(1);
    let folder = std::env::temp_dir().join(format!("shirube-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let place = given.unwrap_or_else(|| folder.join("bench.db").display().to_string());
    let done = measure(&place);
    std::fs::remove_dir_all(&folder)?;
    done
}

fn measure(place: &str) -> Result<()> {
    let registry = Registry::parse([("sheet.toml", SHEET), ("small.toml", SMALL)]).unwrap_or_default();
    let store = Store::open(place, registry, |_| {})?;
    sheets(&store)?;
    if std::env::var_os("SHIRUBE_BENCH_SHEETS_ONLY").is_some() {
        return Ok(());
    }
    million(&store)
}

/// A year of programme sheets: 5,700 records of ten to fifteen kilobytes.
fn sheets(store: &Store) -> Result<()> {
    let mut dice = Dice(7);
    let records: Vec<Record> = (0..5_700).map(|number| sheet(&mut dice, number)).collect();
    let json: usize =
        records.iter().map(|record| serde_json::to_vec(record).map_or(0, |body| body.len())).sum();
    let by = By::now("bench", "measuring");
    let again = records.clone();
    let busy = processor_time();
    let (written, took) = timed(|| store.write(&by, records))?;
    let busy = processor_time().saturating_sub(busy);
    let rate = |took: Duration| json as f64 / 1e6 / took.as_secs_f64();
    println!("{} sheets, {:.1} MB of JSON", written.added, json as f64 / 1e6);
    println!("  write, history + search + lists, durable  {took:>9.1?}  {:.0} MB/s of JSON", rate(took));
    println!("    processor time of it, all threads       {busy:>9.1?}");
    let (written, took) = timed(|| store.write(&by, again))?;
    println!("  the same again ({} unchanged)           {took:>9.1?}", written.unchanged);
    let mut bytes = 0;
    let ((), took) = timed(|| store.each("sheet", |stored| bytes += stored.record.fields.len()))?;
    println!("  read and parse all                        {took:>9.1?}  {:.0} MB/s of JSON", rate(took));
    let mut copy = Vec::new();
    let (_, took) = timed(|| store.backup(&mut copy))?;
    println!("  backup ({:.1} MB)                          {took:>9.1?}", copy.len() as f64 / 1e6);
    let (audit, took) = timed(|| store.verify())?;
    println!("  verify (sound: {})                      {took:>9.1?}", audit.is_sound());
    queries(store, "sheet", &["医療", "医療機器", "開発支援事業"], &[("fiscal_year", "2024")], 100)
}

/// A million small records.
fn million(store: &Store) -> Result<()> {
    let by = By::now("bench", "measuring");
    let mut dice = Dice(11);
    let (written, took) = timed(|| store.write(&by, (0..1_000_000).map(|number| small(&mut dice, number))))?;
    println!("{} small records", written.added);
    println!("  write                                     {took:>9.1?}");
    let words =
        ["医", "心臓", "人工", "心臓弁", "人工心臓", "臓器", "超音波", "診断装置", "画像診断", "再生医療"];
    queries(store, "small", &words, &[("kind", "種7"), ("year", "2019"), ("domestic", "true")], 300)?;
    let one = |number| small(&mut Dice(number), 1_000_000 + number);
    let mut times = Vec::new();
    for number in 0..200 {
        times.push(timed(|| store.write(&by, [one(number)]))?.1);
    }
    report("one record written", times);
    Ok(())
}

/// Pages of fifty: filtered, searched, both, in every order, first pages and later ones.
fn queries(
    store: &Store,
    register: &str,
    words: &[&str],
    filters: &[(&str, &str)],
    rounds: usize,
) -> Result<()> {
    let Some(declared) = store.registry().get(register) else { return Ok(()) };
    let base = Query::of(declared.id.clone());
    let filtered = |number: usize| {
        let (field, value) = filters[number % filters.len()];
        vec![(field.to_owned(), value.to_owned())]
    };
    for sort in [Sort::Id, Sort::Title, Sort::Newest] {
        let mut kinds: [(&str, Vec<Duration>); 4] = [
            ("filtered", vec![]),
            ("filtered, next page", vec![]),
            ("searched", vec![]),
            ("searched and filtered", vec![]),
        ];
        for round in 0..rounds {
            let text = Some(words[round % words.len()].to_owned());
            let filters = filtered(round / words.len());
            let plain = Query { sort, filters: filters.clone(), ..base.clone() };
            let (page, took) = timed(|| store.list(&plain))?;
            kinds[0].1.push(took);
            kinds[1].1.push(timed(|| store.list(&Query { after: page.next.clone(), ..plain.clone() }))?.1);
            kinds[2].1.push(timed(|| store.list(&Query { sort, text: text.clone(), ..base.clone() }))?.1);
            kinds[3].1.push(timed(|| store.list(&Query { sort, filters, text, ..base.clone() }))?.1);
        }
        for (kind, times) in kinds {
            report(&format!("page of 50 by {sort:?}, {kind}"), times);
        }
    }
    Ok(())
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("  {what:<45} median {:>9.2?}  p99 {:>9.2?}", at(50), at(99));
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, Duration)> {
    let start = Instant::now();
    let done = work()?;
    Ok((done, start.elapsed()))
}

/// What this process has used of all processors: on a busy machine the fairer measure. Linux only.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.split(' ').skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Repeatable chance (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
    fn text(&mut self, words: usize) -> String {
        (0..words)
            .map(|_| if self.below(4) == 0 { self.rare() } else { self.pick(WORDS).to_owned() })
            .collect()
    }
    /// One of twenty thousand words of two characters.
    fn rare(&mut self) -> String {
        let word = self.below(20_000);
        [word % 2_003, word / 7].iter().filter_map(|c| char::from_u32(0x4E00 + (c * 5) as u32)).collect()
    }
}

const WORDS: &[&str] = &[
    "医療",
    "機器",
    "開発",
    "支援",
    "事業",
    "の",
    "を",
    "に",
    "ための",
    "研究",
    "推進",
    "基盤",
    "整備",
    "実用化",
    "スタートアップ",
    "企業",
    "人材",
    "育成",
    "海外",
    "展開",
    "データ",
    "利活用",
    "品質",
    "安全",
    "性能",
    "評価",
    "審査",
    "承認",
    "保険",
    "診断",
    "画像",
    "人工",
    "心臓",
    "弁",
    "臓器",
    "超音波",
    "装置",
    "再生",
    "手術",
    "ロボット",
    "、",
    "。",
    "における",
    "により",
    "及び",
];

fn record(register: &str, id: String) -> Option<Record> {
    Some(Record::new(register.parse().ok()?, RecordId::new(id).ok()?, Source::cell("bench.csv", "row 1")))
}

fn sheet(dice: &mut Dice, number: usize) -> Record {
    #[allow(clippy::unwrap_used, reason = "the ids are made here")]
    let mut sheet = record("sheet", format!("rs-2024-{number:05}")).unwrap();
    sheet
        .set("name", format!("{}事業", dice.text(6)))
        .set("ministry", dice.pick(&["厚労", "経産", "文科", "総務", "農水"]));
    sheet
        .set("fiscal_year", 2015 + dice.below(10))
        .set("purpose", dice.text(150))
        .set("overview", dice.text(450));
    let rows = (0..40).map(|_| serde_json::json!({ "text": dice.text(18), "yen": dice.below(1 << 30) }));
    let rows: Vec<_> = rows.collect();
    sheet.set("rows", rows);
    sheet
}

fn small(dice: &mut Dice, number: u64) -> Record {
    #[allow(clippy::unwrap_used, reason = "the ids are made here")]
    let mut small = record("small", format!("s-{number:07}")).unwrap();
    small.set("name", dice.text(6)).set("kind", format!("種{}", dice.below(40)));
    small.set("year", 2000 + dice.below(25)).set("domestic", dice.below(2) == 0);
    small
}
