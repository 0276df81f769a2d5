//! Lists and search against a naive model, and one database against the other.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use common::{Place, at, by, device, on_both};
use proptest::prelude::*;
use register::Record;
use store::{Change, Cursor, Query, Sort, Store, StoreError};

#[derive(Clone, Debug)]
enum Step {
    Put(u8, Record),
    Withdraw(u8),
    Undo(u8),
}

const LETTERS: &[&str] =
    &["医", "療", "機", "器", "データ", "ﾃﾞｰﾀ", "A", "ａ", "が", "か\u{3099}", "ー", " ", "第二期"];

fn words(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(LETTERS), 0..most).prop_map(|letters| letters.concat())
}

fn record() -> impl Strategy<Value = Record> {
    let kind = prop::sample::select(vec!["a", "b", "c"]);
    (
        words(6),
        words(6),
        words(4),
        prop::option::of(kind),
        prop::collection::vec(2020..2023, 0..3),
        any::<bool>(),
    )
        .prop_map(|(name, about, part, kind, years, flag)| {
            let mut record = device("x", &name);
            record.set("about", about).set("kind", kind).set("years", years).set("flag", flag);
            record.set("parts", serde_json::json!([{ "name": part }]));
            record.state = flag.then(|| "draft".to_owned());
            record
        })
}

fn step() -> impl Strategy<Value = Step> {
    let id = 0..20_u8;
    prop_oneof![
        6 => (id.clone(), record()).prop_map(|(id, record)| Step::Put(id, record)),
        1 => id.clone().prop_map(Step::Withdraw),
        1 => id.prop_map(Step::Undo),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let filter = prop::sample::select(vec![
        ("kind", "a"),
        ("kind", "b"),
        ("years", "2021"),
        ("years", "2022"),
        ("flag", "true"),
    ]);
    let sort = prop::sample::select(vec![Sort::Id, Sort::Title, Sort::Newest]);
    let state = prop::option::of(Just("draft".to_owned()));
    let kinds = prop::sample::subsequence(vec!["a", "b", "none"], 0..=3).prop_map(|of| ("kind", of));
    let years = prop::sample::subsequence(vec!["2020", "2021", "2022"], 0..=3).prop_map(|of| ("years", of));
    let any_of = prop::option::weighted(0.4, prop_oneof![kinds, years]);
    let filters = prop::collection::vec(filter, 0..3);
    (filters, any_of, state, prop::option::of(words(4)), sort, 1..7_usize).prop_map(
        |(filters, any_of, state, text, sort, limit)| {
            let owned =
                |values: Vec<&str>| -> Vec<String> { values.into_iter().map(str::to_owned).collect() };
            let filters =
                filters.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect();
            let any_of = any_of.into_iter().map(|(field, values)| pairs(field, &owned(values))).collect();
            Query { filters, any_of, state, text, sort, limit, ..Query::of(at("x").register) }
        },
    )
}

/// What should be there: every version of every record, and the current ones with the order of their change.
#[derive(Default)]
struct Model {
    versions: BTreeMap<u8, Vec<Option<Record>>>,
    current: BTreeMap<String, (u64, Record)>,
    clock: u64,
}

impl Model {
    fn apply(&mut self, step: &Step) -> Option<Change> {
        let (Step::Put(id, _) | Step::Withdraw(id) | Step::Undo(id)) = step;
        let name = format!("d{id:02}");
        let wanted = match step {
            Step::Put(_, record) => {
                let mut record = record.clone();
                record.id = name.parse().unwrap();
                Some(record)
            }
            Step::Withdraw(_) => {
                self.current.get(&name)?;
                None
            }
            Step::Undo(_) => Some(self.versions.get(id)?.first()?.clone()?),
        };
        if self.current.get(&name).map(|(_, record)| record) != wanted.as_ref() {
            self.clock += 1;
            self.versions.entry(*id).or_default().push(wanted.clone());
            match &wanted {
                Some(record) => self.current.insert(name.clone(), (self.clock, record.clone())),
                None => self.current.remove(&name),
            };
        }
        Some(match wanted {
            Some(record) => record.into(),
            None => Change::Withdraw { record: at(&name), expected: None },
        })
    }

    /// The ids a query finds, in its order, by looking at every record.
    fn find(&self, query: &Query) -> Vec<String> {
        let mut found: Vec<_> = self.current.values().filter(|(_, record)| holds(query, record)).collect();
        match query.sort {
            Sort::Id => {}
            Sort::Title => found.sort_by_key(|(_, record)| (title(record), record.id.to_string())),
            Sort::Newest => found.sort_by_key(|(clock, _)| std::cmp::Reverse(*clock)),
        }
        found.into_iter().map(|(_, record)| record.id.to_string()).collect()
    }
}

fn title(record: &Record) -> String {
    record.text("name").filter(|name| !name.is_empty()).unwrap_or(record.id.as_str()).to_owned()
}

fn holds(query: &Query, record: &Record) -> bool {
    let shown = |value: &serde_json::Value| value.to_string().trim_matches('"').to_owned();
    let has = |field: &str, wanted: &String| match record.fields.get(field) {
        Some(serde_json::Value::Array(items)) => items.iter().map(shown).any(|item| item == *wanted),
        value => value.map(shown).as_ref() == Some(wanted),
    };
    let filtered = query.filters.iter().all(|(field, wanted)| has(field, wanted))
        && query.any_of.iter().all(|group| group.iter().any(|(field, wanted)| has(field, wanted)));
    let part = record.fields["parts"][0]["name"].as_str().unwrap().to_owned();
    let texts = [title(record), record.text("about").unwrap().to_owned(), part]
        .map(|text| base::text::search_key(&text));
    let mut words = query.text.as_deref().unwrap_or_default().split_whitespace().map(base::text::search_key);
    let found = words.all(|word| texts.iter().any(|text| text.contains(&word)));
    let in_state = query.state.as_ref().is_none_or(|state| record.state.as_ref() == Some(state));
    filtered && found && in_state
}

/// The ids of all pages one after the other.
fn all_pages(store: &Store, query: &Query) -> Vec<String> {
    let mut query = query.clone();
    let mut ids = Vec::new();
    loop {
        let page = store.list(&query).unwrap();
        assert!(page.items.len() <= query.limit);
        assert!(page.total.least <= page.total.most);
        ids.extend(page.items.iter().map(|stored| stored.record.id.to_string()));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return ids,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_and_search_find_what_looking_at_every_record_finds(
        batches in prop::collection::vec(prop::collection::vec(step(), 1..12), 1..12),
        queries in prop::collection::vec(query(), 12),
    ) {
        for place in Place::all() {
            let store = place.open();
            let mut model = Model::default();
            for batch in &batches {
                let changes: Vec<_> = batch.iter().filter_map(|step| model.apply(step)).collect();
                store.write(&by(), changes).unwrap();
            }
            for query in &queries {
                let wanted = model.find(query);
                prop_assert_eq!(&all_pages(&store, query), &wanted, "{:?}", query);
                let total = store.list(query).unwrap().total;
                prop_assert!((total.least..=total.most).contains(&(wanted.len() as u64)), "{:?} {}", query, total);
            }
            for (id, versions) in &model.versions {
                let history = store.history(&at(&format!("d{id:02}"))).unwrap();
                let kept: Vec<_> = history.into_iter().map(|entry| entry.record).collect();
                prop_assert_eq!(&kept, versions);
            }
            let audit = store.verify().unwrap();
            prop_assert!(audit.is_sound(), "{:?}", audit);
            store.rebuild().unwrap();
            prop_assert!(store.verify().unwrap().is_sound(), "after a rebuild");
        }
    }
}

fn many(store: &Store) {
    let records = (0..6000_usize).map(|n| {
        let mut record =
            device(&format!("{:04}", n * 7919 % 6000), ["超音波診断装置", "人工心臓弁", "画像診断"][n % 3]);
        record
            .set("kind", ["a", "b"][n % 2])
            .set("years", [2000 + n % 20])
            .set("about", format!("第{}号の診断", n % 50));
        record
    });
    store.write(&by(), records).unwrap();
}

#[test]
fn both_databases_give_the_same_pages() {
    let (Some(postgres), sqlite) = (Place::postgres(), Place::sqlite()) else {
        println!("skipped: SHIRUBE_TEST_POSTGRES is not set");
        return;
    };
    let stores = [sqlite.open(), postgres.open()];
    stores.iter().for_each(many);
    for sort in [Sort::Id, Sort::Title, Sort::Newest] {
        for text in [None, Some("診断"), Some("断装"), Some("第12号"), Some("心臓 第4"), Some("無い")]
        {
            for filters in [vec![], vec![("kind", "a")], vec![("kind", "b"), ("years", "2003")]] {
                let filters =
                    filters.into_iter().map(|(field, value)| (field.to_owned(), value.to_owned())).collect();
                let mut query = Query {
                    sort,
                    filters,
                    text: text.map(str::to_owned),
                    limit: 40,
                    ..Query::of(at("x").register)
                };
                for _ in 0..3 {
                    let [mut one, mut other] =
                        [&stores[0], &stores[1]].map(|store| store.list(&query).unwrap());
                    for stored in one.items.iter_mut().chain(&mut other.items) {
                        stored.at = jiff::Timestamp::UNIX_EPOCH;
                    }
                    assert_eq!(one, other, "{query:?}");
                    query.after = one.next;
                }
            }
        }
    }
}

#[test]
fn pages_of_a_long_list_follow_each_other_without_gap_or_repetition() {
    on_both(|place| {
        let store = place.open();
        many(&store);
        for sort in [Sort::Id, Sort::Title, Sort::Newest] {
            let query =
                Query { sort, text: Some("診断".to_owned()), limit: 500, ..Query::of(at("x").register) };
            let ids = all_pages(&store, &query);
            assert_eq!(ids.len(), 6000, "every record speaks of it somewhere");
            let different: std::collections::BTreeSet<_> = ids.iter().collect();
            assert_eq!(different.len(), 6000);
        }
    });
}

#[test]
fn a_total_is_exact_where_pairs_of_characters_decide() {
    on_both(|place| {
        let store = place.open();
        many(&store);
        let total = |text: &str| {
            store.list(&Query { text: Some(text.to_owned()), ..Query::of(at("x").register) }).unwrap().total
        };
        assert_eq!(total("心臓").exact(), Some(2000));
        assert_eq!(total("臓").exact(), Some(2000));
        assert_eq!(total("無").exact(), Some(0));
        let long = total("人工心臓");
        assert!(long.least <= 2000 && 2000 <= long.most, "{long}");
    });
}

#[test]
fn pairs_that_stand_apart_are_not_a_word() {
    on_both(|place| {
        let store = place.open();
        store.write(&by(), [device("a", "医療と療機と機器"), device("b", "医療機器")]).unwrap();
        let query = Query { text: Some("医療機器".to_owned()), ..Query::of(at("x").register) };
        let page = store.list(&query).unwrap();
        assert_eq!(page.items.iter().map(|stored| stored.record.id.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(page.total.exact(), Some(1));
    });
}

#[test]
fn any_spelling_of_a_year_finds_any_other() {
    on_both(|place| {
        let store = place.open();
        let years =
            ["令和6年度の予算", "予算（FY2024）", "2024年度予算", "R6予算", "令和7年度の予算", "予算60件"];
        let ids = ["a", "b", "c", "d", "e", "f"];
        store.write(&by(), ids.iter().zip(years).map(|(id, name)| device(id, name))).unwrap();
        for text in ["令和6年度", "FY2024 予算", "２０２４年度", "R6", "予算 2024"] {
            let query = Query { text: Some(text.to_owned()), ..Query::of(at("x").register) };
            let page = store.list(&query).unwrap();
            let found: Vec<_> = page.items.iter().map(|stored| stored.record.id.as_str()).collect();
            assert_eq!(found, ["a", "b", "c", "d"], "{text}");
            assert_eq!(page.total.exact(), Some(4), "{text}");
        }
    });
}

#[test]
fn a_list_says_what_it_cannot_do() {
    on_both(|place| {
        let store = place.open();
        let query = Query::of(at("x").register);
        let filters = vec![("secret".to_owned(), "x".to_owned())];
        let refused = store.list(&Query { filters, ..query.clone() }).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "register `device`: lists cannot be filtered by `secret`; it can be filtered by: flag, kind, parent, years"
        );
        for (sort, cursor) in [(Sort::Id, "a b"), (Sort::Id, ""), (Sort::Title, "a"), (Sort::Newest, "a")] {
            let after = Some(Cursor(cursor.to_owned()));
            assert!(
                matches!(store.list(&Query { sort, after, ..query.clone() }), Err(StoreError::NoPlace(_))),
                "{cursor}"
            );
        }
        assert!(matches!(store.list(&Query::of("other".parse().unwrap())), Err(StoreError::NoRegister(_))));
        store.write(&by(), [device("a", "一")]).unwrap();
        for (limit, found) in [(0, 0), (usize::MAX, 1)] {
            assert_eq!(store.list(&Query { limit, ..query.clone() }).unwrap().items.len(), found);
        }
    });
}

#[test]
fn records_of_one_of_several_are_found_and_counted_and_of_none_nothing() {
    on_both(|place| {
        let store = place.open();
        let of = |id: &str, kind: &str| {
            let mut record = device(id, "弁");
            record.set("kind", kind);
            record
        };
        store
            .write(&by(), [of("1", "a"), of("2", "b"), of("3", "c"), of("4", "a"), device("5", "弁")])
            .unwrap();
        let found = |values: &[&str], limit| {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            let any_of = vec![pairs("kind", &values)];
            let page = store.list(&Query { any_of, limit, ..Query::of(at("x").register) }).unwrap();
            let ids: Vec<_> = page.items.iter().map(|stored| stored.record.id.to_string()).collect();
            (ids.join(" "), page.total.exact())
        };
        assert_eq!(found(&["a", "c"], 9), ("1 3 4".to_owned(), Some(3)));
        assert_eq!(found(&["a", "a", "b"], 2), ("1 2".to_owned(), Some(3)));
        assert_eq!(found(&[], 9), (String::new(), Some(0)));
        let any_of = vec![vec![("name".to_owned(), "弁".to_owned())]];
        let refused = store.list(&Query { any_of, ..Query::of(at("x").register) }).unwrap_err();
        assert!(matches!(refused, StoreError::NotFiltered { .. }), "{refused}");
    });
}

/// A field with each of some values.
fn pairs(field: &str, values: &[String]) -> Vec<(String, String)> {
    values.iter().map(|value| (field.to_owned(), value.clone())).collect()
}
