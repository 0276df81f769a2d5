//! The inputs of a form made from a declaration: one for each type, with label, help, what is wrong, and the reasons for having no
//! value. What stands in them comes from pairs, whether they were read from a record or sent back by a form.

use std::collections::BTreeMap;

use base::{Missing, Names};
use maud::{Markup, html};
use register::{Declaration, Field, FieldType};

use super::pairs::{count_input, has_input, input, missing_input, word};
use crate::cx::Cx;
use crate::work::posted::Posted;

/// The reasons for having no value.
const REASONS: [Missing; 5] =
    [Missing::NotYet, Missing::None, Missing::NotPrinted, Missing::NotApplicable, Missing::Unknown];

/// A form that is being drawn.
pub(super) struct Inputs<'a> {
    pub(super) cx: &'a Cx,
    pub(super) declaration: &'a Declaration,
    pub(super) posted: &'a Posted,
    /// What is wrong, by path.
    pub(super) faults: &'a [(String, Names)],
    /// Registers with few records: those records by id and title.
    pub(super) choices: &'a BTreeMap<String, Vec<(String, String)>>,
}

impl Inputs<'_> {
    /// The fields that may be changed, the title first, then what is required.
    pub(super) fn all(&self, may_change: impl Fn(&str) -> bool) -> Markup {
        let title = &self.declaration.title;
        let mut fields: Vec<(&String, &Field)> =
            self.declaration.fields.iter().filter(|(name, _)| may_change(name)).collect();
        fields.sort_by_key(|(name, field)| (*name != title, !field.required));
        html! {
            @for (name, field) in fields {
                input type="hidden" name=(has_input(name)) value="1";
                (self.field(name, field))
            }
            @for (register, records) in self.choices {
                datalist #{ "choices-" (register) } { @for (id, title) in records { option value=(id) { (title) } } }
            }
        }
    }

    fn field(&self, name: &str, field: &Field) -> Markup {
        match &field.kind {
            FieldType::Table { columns } => self.table(name, field, columns),
            FieldType::List { of } => self.list(name, field, of),
            FieldType::Checklist { items } => self.checklist(name, field, items),
            FieldType::Names => html! {
                fieldset {
                    (self.legend(field)) (self.help(field)) (self.faults_at(name))
                    @for (lang, ja, en) in [("ja", "日本語", "Japanese"), ("en", "英語", "English")] {
                        @let at = format!("{}.{lang}", input(name));
                        p { label for=(at) { (self.cx.say(ja, en)) } br;
                            textarea.short #(at) name=(at) lang=(lang) { "\n" (self.posted.get(&at).unwrap_or_default()) } }
                    }
                    (self.missing(name))
                }
            },
            kind => html! {
                div.field {
                    label for=(input(name)) {
                        (field.label.get(self.cx.lang))
                        @if let Some(unit) = &field.unit { "（" (unit) "）" }
                        @if field.required { span.needed { (self.cx.say("必須", "required")) } }
                    }
                    (self.help(field)) (self.faults_at(name))
                    (self.single(kind, name, None))
                    (self.missing(name))
                }
            },
        }
    }

    fn legend(&self, field: &Field) -> Markup {
        html! { legend { (field.label.get(self.cx.lang)) @if field.required { span.needed { (self.cx.say("必須", "required")) } } } }
    }

    fn help(&self, field: &Field) -> Markup {
        let hint = hint(&field.kind);
        html! {
            @if let Some(help) = &field.help { p.help { (help.get(self.cx.lang)) } }
            @if let Some((ja, en)) = hint { p.help { (self.cx.say(ja, en)) } }
        }
    }

    /// What is wrong at a path, or below it where the path has inputs of its own.
    fn faults_at(&self, path: &str) -> Markup {
        let here: Vec<&Names> =
            self.faults.iter().filter(|(at, _)| at == path).map(|(_, fault)| fault).collect();
        html! { @if !here.is_empty() { div #{ "wrong-" (path) } { @for fault in here { p.fault { (fault.get(self.cx.lang)) } } } } }
    }

    fn is_wrong(&self, path: &str) -> bool {
        self.faults.iter().any(|(at, _)| at == path)
    }

    /// One input. `label` names it where no label stands beside it, as in tables.
    fn single(&self, kind: &FieldType, path: &str, label: Option<&str>) -> Markup {
        let (name, cx) = (input(path), self.cx);
        let text = self.posted.get(&name).unwrap_or_default();
        let wrong = self.is_wrong(path).then_some("true");
        let described = wrong.map(|_| format!("wrong-{path}"));
        html! {
            @match kind {
                FieldType::Text => textarea #(name) name=(name) aria-label=[label] aria-invalid=[wrong] aria-describedby=[described] .short[text.chars().count() < 80] { "\n" (text) },
                FieldType::Flag => select #(name) name=(name) aria-label=[label] aria-invalid=[wrong] {
                    option value="" { "—" }
                    option value="true" selected[text == "true"] { (cx.say("はい", "yes")) }
                    option value="false" selected[text == "false"] { (cx.say("いいえ", "no")) }
                },
                FieldType::Choice { options } => select #(name) name=(name) aria-label=[label] aria-invalid=[wrong] aria-describedby=[described] {
                    option value="" { (cx.say("（選択）", "(choose)")) }
                    @for (value, names) in options { option value=(value) selected[value == text] { (names.get(cx.lang)) } }
                    @if !text.is_empty() && !options.contains_key(text) { option value=(text) selected { (text) } }
                },
                FieldType::Ref { to } => {
                    @let register = to.as_ref().map(register::RegisterId::as_str);
                    @let few = register.is_some_and(|register| self.choices.contains_key(register));
                    @let list = register.map(|register| if few { format!("choices-{register}") } else { format!("found-{path}") });
                    @let ask = register.filter(|_| !few).map(|register| cx.to(&format!("/registers/{register}/choices")));
                    input #(name) name=(name) value=(text) list=[list.clone()] data-choices=[ask] aria-label=[label] aria-invalid=[wrong] aria-describedby=[described] autocomplete="off";
                    @if !few { @if let Some(list) = list { datalist #(list) {} } }
                    @if let (Some(register), None) = (register, label) { " " a href=(cx.to(&format!("/registers/{register}"))) target="_blank" { (cx.say("台帳で探す", "Find in the register")) } }
                },
                kind => {
                    @let mode = matches!(kind, FieldType::Integer | FieldType::Year | FieldType::FiscalYear).then_some("numeric");
                    input #(name) name=(name) value=(text) inputmode=[mode] aria-label=[label] aria-invalid=[wrong] aria-describedby=[described];
                },
            }
        }
    }

    /// The choice of a reason for having no value.
    fn missing(&self, path: &str) -> Markup {
        let (name, cx) = (missing_input(path), self.cx);
        let chosen = self.posted.get(&name).unwrap_or_default();
        html! {
            details.why open[!chosen.is_empty()] {
                summary { (cx.say("値がない理由", "Why there is no value")) }
                select name=(name) aria-label=(cx.say("値がない理由", "Why there is no value")) {
                    option value="" { "—" }
                    @for reason in REASONS { @let value = word(reason); option value=(value) selected[value == chosen] { (reason.names().get(cx.lang)) } }
                }
            }
        }
    }

    fn count(&self, path: &str) -> u64 {
        self.posted.get(&count_input(path)).map_or(2, |_| self.posted.number(&count_input(path))).min(3000)
    }

    fn more(&self, path: &str) -> Markup {
        html! {
            input type="hidden" name=(count_input(path)) value=(self.count(path));
            p { button.second.small type="submit" name="more" value=(path) formnovalidate { (self.cx.say("行を増やす", "More rows")) } }
        }
    }

    fn list(&self, path: &str, field: &Field, of: &FieldType) -> Markup {
        let label = field.label.get(self.cx.lang);
        html! {
            fieldset {
                (self.legend(field)) (self.help(field)) (self.faults_at(path))
                ol.items { @for index in 0..self.count(path) {
                    @let at = format!("{path}[{index}]");
                    li { (self.faults_at(&at)) (self.single(of, &at, Some(&format!("{label} {}", index + 1)))) }
                } }
                (self.more(path)) (self.missing(path))
            }
        }
    }

    fn table(&self, path: &str, field: &Field, columns: &BTreeMap<String, Field>) -> Markup {
        let label = field.label.get(self.cx.lang);
        html! {
            fieldset.broad {
                (self.legend(field)) (self.help(field)) (self.faults_at(path))
                div.scroll tabindex="0" role="region" aria-label=(label) {
                    table.entry {
                        caption.unseen { (label) }
                        thead { tr { th scope="col" { "#" } @for column in columns.values() { th scope="col" {
                            (column.label.get(self.cx.lang)) @if column.required { span.needed { (self.cx.say("必須", "required")) } }
                        } } } }
                        tbody { @for index in 0..self.count(path) { tr {
                            th scope="row" { (index + 1) }
                            @for (column, field) in columns { td { (self.cell(&format!("{path}[{index}].{column}"), field, index)) } }
                        } } }
                    }
                }
                p.help { (self.cx.say("空の行は保存されません。", "Blank rows are not kept.")) }
                (self.more(path)) (self.missing(path))
            }
        }
    }

    fn cell(&self, at: &str, field: &Field, index: u64) -> Markup {
        let label = format!("{} {}", field.label.get(self.cx.lang), index + 1);
        html! {
            (self.faults_at(at))
            @match &field.kind {
                FieldType::Names => @for lang in ["ja", "en"] {
                    @let name = format!("{}.{lang}", input(at));
                    input name=(name) value=(self.posted.get(&name).unwrap_or_default()) lang=(lang) placeholder=(lang) aria-label=(format!("{label} {lang}"));
                },
                kind => (self.single(kind, at, Some(&label))),
            }
            // A reason that was there goes on to hold until something is written into the cell.
            @if let Some(reason) = self.posted.get(&missing_input(at)) { input type="hidden" name=(missing_input(at)) value=(reason); }
        }
    }

    fn checklist(&self, path: &str, field: &Field, items: &BTreeMap<String, Names>) -> Markup {
        let cx = self.cx;
        html! {
            fieldset {
                (self.legend(field)) (self.help(field)) (self.faults_at(path))
                @for (item, names) in items {
                    @let at = input(&format!("{path}.{item}"));
                    @let by = format!("{at}.by");
                    @let met = self.posted.get(&at).unwrap_or_default();
                    p.check {
                        label for=(at) { (names.get(cx.lang)) } " "
                        select #(at) name=(at) {
                            option value="" { (cx.say("未確認", "not checked")) }
                            option value="true" selected[met == "true"] { (cx.say("満たす", "met")) }
                            option value="false" selected[met == "false"] { (cx.say("満たさない", "not met")) }
                        }
                        " " input name=(by) value=(self.posted.get(&by).unwrap_or_default()) aria-label=(format!("{} {}", names.get(cx.lang), cx.say("根拠", "what shows it"))) placeholder=(cx.say("根拠", "what shows it"));
                    }
                }
                (self.missing(path))
            }
        }
    }
}

/// How a value of a type is written.
fn hint(kind: &FieldType) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        FieldType::Date => {
            ("例：2025-02-07、令和7年2月7日、R7.2.7", "Such as 2025-02-07, 令和7年2月7日, R7.2.7")
        }
        FieldType::Yen => {
            ("資料に印刷されたとおりに：7.7億円、298,082千円", "As printed: 7.7億円, 298,082千円")
        }
        FieldType::FiscalYear => ("例：2025、令和7年度", "Such as 2025 or 令和7年度"),
        FieldType::Year => ("例：2040、令和22年", "Such as 2040 or 令和22年"),
        FieldType::Decimal => ("資料に印刷された桁のまま：10、1.9", "With the digits as printed: 10, 1.9"),
        FieldType::Url => ("https:// から", "From https:// on"),
        FieldType::Ref { .. } => ("「台帳:記録」の形", "As register:record"),
        _ => return None,
    })
}
