//! One JUDGIT! sheet as a record.

use base::{BudgetKind, Missing, Names, Source, Yen};
use register::Record;
use serde_json::{Map, Value, json};

use super::object::Object;
use super::typed;
use crate::error::{IntakeError, Trouble};
use crate::reading::Remark;
use crate::rs::cell::is_web_address;
use crate::{ids, names};

/// Builds the record of one sheet.
pub(super) fn record(file: &str, place: &str, value: &Value) -> Result<(Record, Vec<Remark>), IntakeError> {
    let fail = |found: &str, expected| {
        let found = found.chars().take(40).collect();
        IntakeError::at(file, place, Trouble::BadKey { found, expected })
    };
    let object = Object::of(value).ok_or_else(|| fail(&value.to_string(), "a sheet (an object)"))?;
    let need = |key, expected| object.text(key).ok_or_else(|| fail("", expected));
    let ministry = need("府省庁", "府省庁 (the ministry)")?;
    let name = need("事業名", "事業名 (the programme's name)")?;
    let year = object.get("公開年度").and_then(whole).and_then(|year| i32::try_from(year).ok());
    let year = year
        .filter(|year| (1990..=2100).contains(year))
        .ok_or_else(|| fail("", "公開年度 (a fiscal year)"))?;
    let number = number(&object).ok_or_else(|| fail("", "事業番号 (the number of the sheet)"))?;

    let mut sheet = Sheet { place: format!("{file} {place}"), year, fields: Map::new(), remarks: Vec::new() };
    sheet.identity(ministry, name, &number);
    sheet.plain(&object);
    sheet.money(&object);
    sheet.recipients(&object);
    sheet.results(&object);
    sheet.past(&object);
    sheet.unasked("", &object);
    let mut record = Record::new(
        ids::register(ids::PROGRAMME_SHEET),
        record_id(year, ministry, &number),
        Source::cell(file, place),
    );
    record.fields = sheet.fields;
    Ok((record, sheet.remarks))
}

/// From 2021 on a number names its year and ministry itself: `2021-経産-20-0037`.
fn record_id(year: i32, ministry: &str, number: &str) -> register::RecordId {
    if number.starts_with(&format!("{year}-")) {
        ids::record(&format!("judgit-{number}"))
    } else {
        ids::record(&format!("judgit-{year}-{ministry}-{number}"))
    }
}

/// The number as printed, or put together from its parts.
fn number(object: &Object<'_>) -> Option<String> {
    let parts = ["事業番号1", "事業番号2", "事業番号3", "事業番号4", "事業番号5"].map(|key| object.text(key));
    let joined = parts.into_iter().flatten().collect::<Vec<_>>().join("-");
    let whole = object.text("事業番号").map_or(joined, str::to_owned);
    (!whole.is_empty()).then_some(whole)
}

fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A number of JSON as it would be printed: JSON writes 20 as `20.0`.
fn print(value: &Value) -> Option<String> {
    let number = value.as_number()?.to_string();
    Some(number.strip_suffix(".0").map_or(number.clone(), str::to_owned))
}

/// Millions of yen, with the decimals the sheet gives.
fn million(value: &Value) -> Option<Yen> {
    format!("{}百万円", print(value)?).parse().ok()
}

struct Sheet {
    place: String,
    year: i32,
    fields: Map<String, Value>,
    remarks: Vec<Remark>,
}

impl Sheet {
    fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.fields.insert(field.to_owned(), value.into());
    }

    fn identity(&mut self, ministry: &str, name: &str, number: &str) {
        self.set("system", "judgit");
        self.set("sheet_year", self.year);
        self.set("number", number);
        self.set("key", format!("judgit-{ministry}-{number}"));
        self.set("ministry", ministry);
        self.set("name", name);
        let other = names::in_name(name);
        if let [.., former] = other.as_slice() {
            let said = Names::of(
                format!("「{name}」に旧名「{former}」があります"),
                format!("`{name}` gives a former name `{former}`"),
            );
            self.remarks.push(Remark::note(&self.place, said));
            self.set("other_names", other);
        }
    }

    fn plain(&mut self, object: &Object<'_>) {
        for (key, field) in [
            ("担当部局庁", "bureau"),
            ("担当課室", "division"),
            ("事業目的", "purpose"),
            ("事業概要", "overview"),
            ("定量的な目標が設定できない理由", "no_quantitative_reason"),
        ] {
            match object.get(key) {
                Some(Value::String(text)) => self.set(field, text.trim()),
                Some(other) => self.unplaced(key, other),
                None => {}
            }
        }
        for (key, field) in [
            ("開始年度", "start_year"),
            ("終了年度", "end_year"),
            ("ID", "judgit_id"),
            ("事業ID", "judgit_programme"),
        ] {
            let fits = |number: &i64| !field.ends_with("_year") || (1868..=2200).contains(number);
            match object.get(key).map(|value| (value, whole(value).filter(fits))) {
                Some((_, Some(number))) => self.set(field, number),
                Some((value, None)) => self.unplaced(key, value),
                None => {}
            }
        }
        for (key, field) in
            [("会計区分", "account_classes"), ("実施方法", "methods"), ("主要施策", "policy_fields")]
        {
            match object.get(key).map(|value| (value, typed::<Vec<String>>(value))) {
                Some((_, Some(list))) if !list.is_empty() => self.set(field, list),
                Some((value, None)) => self.unplaced(key, value),
                _ => {}
            }
        }
        match object.get("url") {
            Some(Value::String(url)) if is_web_address(url) => self.set("url", url.as_str()),
            Some(other) => self.unplaced("url", other),
            None => {}
        }
    }

    fn money(&mut self, object: &Object<'_>) {
        const KINDS: [(&str, BudgetKind); 8] = [
            ("当初予算", BudgetKind::Initial),
            ("補正予算", BudgetKind::Supplementary),
            ("前年度から繰越し", BudgetKind::CarriedIn),
            ("翌年度へ繰越し", BudgetKind::CarriedOut),
            ("予備費等", BudgetKind::Reserve),
            ("予算計", BudgetKind::Available),
            ("執行額", BudgetKind::Executed),
            ("要求額", BudgetKind::Request),
        ];
        let rows = self.rows("予算", object, |sheet, row, year, table| {
            for (key, kind) in KINDS {
                let Some(yen) = sheet.amount(row, key, kind, year) else { continue };
                table.push(json!({ "fiscal_year": year, "kind": kind, "yen": yen }));
            }
        });
        self.table("money", rows);
    }

    /// An amount, or why there is none yet: what is executed or carried out is known once the year is over.
    fn amount(&mut self, row: &Object<'_>, key: &'static str, kind: BudgetKind, year: i64) -> Option<Value> {
        let realised = matches!(kind, BudgetKind::Executed | BudgetKind::CarriedOut);
        let not_yet = realised && year == i64::from(self.year);
        let value = row.get(key);
        if not_yet && value.is_none_or(|value| value.as_f64() == Some(0.0)) {
            return Some(json!({ "missing": Missing::NotYet }));
        }
        let value = value?;
        let Some(yen) = million(value) else {
            self.unplaced(key, value);
            return None;
        };
        // The sheet adds its lines up and so prints what is carried out with a minus.
        let outgoing = kind == BudgetKind::CarriedOut && yen.yen() < 0;
        let print = yen.to_string();
        Some(Value::from(if outgoing { print.trim_start_matches('-').to_owned() } else { print }))
    }

    fn recipients(&mut self, object: &Object<'_>) {
        let rows = self.rows("支出先", object, |sheet, row, year, table| {
            let mut fields = Map::new();
            fields.insert("fiscal_year".to_owned(), Value::from(year));
            for (key, field) in [
                ("グループ", "block"),
                ("支出先名", "name"),
                ("法人番号", "corporate_number"),
                ("業務概要", "contract"),
            ] {
                match row.get(key) {
                    Some(Value::String(text)) => {
                        fields.insert(field.to_owned(), Value::from(text.trim()));
                    }
                    Some(Value::Number(code)) => {
                        fields.insert(field.to_owned(), Value::String(code.to_string()));
                    }
                    Some(other) => sheet.unplaced(key, other),
                    None => {}
                }
            }
            match row.get("番号").map(|value| (value, whole(value))) {
                Some((_, Some(number))) => {
                    fields.insert("number".to_owned(), Value::from(number));
                }
                Some((value, None)) => sheet.unplaced("番号", value),
                None => {}
            }
            match row.get("支出額").map(|value| (value, million(value))) {
                Some((_, Some(yen))) => {
                    fields.insert("yen".to_owned(), Value::String(yen.to_string()));
                }
                Some((value, None)) => sheet.unplaced("支出額", value),
                None => {}
            }
            table.push(Value::Object(fields));
        });
        self.table("recipients", rows);
    }

    fn results(&mut self, object: &Object<'_>) {
        let (mut goals, mut results) = (Vec::new(), Vec::new());
        let lists = [
            ("アウトカム", "outcome", "成果指標", "成果実績", "成果実績", "目標値"),
            ("アウトプット", "output", "活動指標", "活動実績", "活動実績", "当初見込み"),
        ];
        for (list, kind, indicator, years, actual, target) in lists {
            for (at, value) in object.list(list).iter().enumerate() {
                let Some(goal) = Object::of(value) else {
                    self.unplaced(list, value);
                    continue;
                };
                let mut fields = Map::new();
                fields.insert("number".to_owned(), Value::String((at + 1).to_string()));
                fields.insert("kind".to_owned(), Value::from(kind));
                for (key, field) in [
                    ("成果目標", "goal"),
                    (indicator, "indicator"),
                    ("単位", "unit"),
                    ("目標値", "final_target"),
                ] {
                    let text = goal.get(key).map(|value| {
                        value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned())
                    });
                    fields.extend(text.map(|text| (field.to_owned(), Value::String(text))));
                }
                match goal
                    .get("目標最終年度")
                    .map(|value| (value, whole(value).filter(|year| (1868..=2200).contains(year))))
                {
                    Some((_, Some(year))) => {
                        fields.insert("final_year".to_owned(), Value::from(year));
                    }
                    Some((value, None)) => self.unplaced("目標最終年度", value),
                    None => {}
                }
                let identity: Map<String, Value> = fields
                    .iter()
                    .filter(|(name, _)| !name.starts_with("final_"))
                    .map(|(n, v)| (n.clone(), v.clone()))
                    .collect();
                results.extend(self.rows(years, &goal, |sheet, row, year, table| {
                    let mut result = identity.clone();
                    result.insert("fiscal_year".to_owned(), Value::from(year));
                    for (key, field) in [(actual, "actual"), (target, "target")] {
                        sheet.measured(row, key, field, year, &mut result);
                    }
                    table.push(Value::Object(result));
                }));
                self.unasked(list, &goal);
                goals.push(Value::Object(fields));
            }
        }
        self.table("goals", goals);
        self.table("results", results);
    }

    /// A result or a target of a year. A blank result of a year that is not over is not yet there.
    fn measured(
        &mut self,
        row: &Object<'_>,
        key: &'static str,
        field: &str,
        year: i64,
        result: &mut Map<String, Value>,
    ) {
        match row.get(key) {
            Some(value) => match print(value).and_then(|number| crate::rs::cell::decimal(&number)) {
                Some(number) => {
                    result.insert(field.to_owned(), Value::String(number));
                }
                None => self.unplaced(key, value),
            },
            None if field == "actual" && year >= i64::from(self.year) => {
                result.insert(field.to_owned(), json!({ "missing": Missing::NotYet }));
            }
            None => {}
        }
    }

    fn past(&mut self, object: &Object<'_>) {
        let rows = self.rows("関連する過去のレビューシート", object, |_, row, year, table| {
            let mut fields = Map::new();
            fields.insert("fiscal_year".to_owned(), Value::from(year));
            fields.extend(row.text("府省庁").map(|ministry| ("ministry".to_owned(), Value::from(ministry))));
            fields.extend(number(row).map(|number| ("number".to_owned(), Value::String(number))));
            table.push(Value::Object(fields));
        });
        self.table("past_sheets", rows);
    }

    /// Goes through a list whose entries each belong to a year (年度).
    fn rows(
        &mut self,
        key: &'static str,
        object: &Object<'_>,
        mut each: impl FnMut(&mut Self, &Object<'_>, i64, &mut Vec<Value>),
    ) -> Vec<Value> {
        let mut table = Vec::new();
        if let Some(value) = object.get(key).filter(|value| !value.is_array()) {
            self.unplaced(key, value);
        }
        for value in object.list(key) {
            let row = Object::of(value);
            let year = row
                .as_ref()
                .and_then(|row| row.get("年度"))
                .and_then(whole)
                .filter(|year| (1868..=2200).contains(year));
            let (Some(row), Some(year)) = (row, year) else {
                self.unplaced(key, value);
                continue;
            };
            each(self, &row, year, &mut table);
            self.unasked(key, &row);
        }
        table
    }

    fn table(&mut self, name: &str, rows: Vec<Value>) {
        if !rows.is_empty() {
            self.set(name, rows);
        }
    }

    /// Keys that this reader does not know: kept as printed, and said.
    fn unasked(&mut self, within: &str, object: &Object<'_>) {
        for (key, value) in object.unasked() {
            let path = if within.is_empty() { key.clone() } else { format!("{within}.{key}") };
            self.unplaced(&path, value);
        }
    }

    fn unplaced(&mut self, key: &str, value: &Value) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let short: String = text.chars().take(60).collect();
        self.remarks.push(Remark::warning(
            &self.place,
            Names::of(
                format!("{key}「{short}」は置き場がなく、記載のまま残しました"),
                format!("{key} `{short}` has no place here; kept as printed"),
            ),
        ));
        let row = json!({ "place": self.place, "column": key, "text": text });
        if let Value::Array(rows) = self.fields.entry("unplaced").or_insert_with(|| Value::Array(Vec::new()))
        {
            rows.push(row);
        }
    }
}
