//! What is off in a StratML document, measured against the schemas: every deviation with the path of its element.
//! Nothing is refused here; reading goes on with what is there.

use std::collections::{HashMap, HashSet};

use base::Names;

use super::from_xml::part;
use super::model::Part;
use super::schema::{self, Content, Times};
use crate::reading::Remark;
use crate::rs::cell::decimal;
use crate::xml::Element;

/// Every deviation, in the order of the document.
pub(super) fn deviations(file: &str, root: &Element) -> Vec<Remark> {
    let Some(part) = part(root) else { return Vec::new() };
    let mut check = Check { file, part, ids: HashSet::new(), found: Vec::new() };
    let path = format!("/{}", root.name);
    if root.namespace.as_deref() != Some(part.namespace()) {
        let has = root.namespace.as_deref().unwrap_or("");
        check.say(
            &path,
            format!("名前空間が「{has}」です（規格は {}）", part.namespace()),
            format!("its namespace is `{has}`; the schema's is {}", part.namespace()),
        );
    }
    if matches!(part, Part::Two(_)) && root.attribute("Type").is_none() {
        check.say(&path, "属性 Type がありません".to_owned(), "it lacks the attribute Type".to_owned());
    }
    check.element(root, &path);
    check.found
}

struct Check<'a> {
    file: &'a str,
    part: Part,
    ids: HashSet<&'a str>,
    found: Vec<Remark>,
}

impl<'a> Check<'a> {
    fn say(&mut self, path: &str, ja: String, en: String) {
        self.found.push(Remark::warning(format!("{} {path}", self.file), Names::of(ja, en)));
    }

    fn element(&mut self, element: &'a Element, path: &str) {
        self.attributes(element, path);
        let text = element.text.trim();
        match schema::content(self.part, &element.name) {
            Some(Content::Children(allowed)) => {
                if !text.is_empty() {
                    self.say(
                        path,
                        "要素の間に文があり、読んでいません".to_owned(),
                        "has text between its elements, which is not read".to_owned(),
                    );
                }
                self.children(element, path, allowed);
            }
            Some(content) => {
                self.text(element, text, content, path);
                for child in &element.children {
                    self.say(
                        &format!("{path}/{}", child.name),
                        "ここにあるはずのない要素です".to_owned(),
                        "is not allowed here and not read".to_owned(),
                    );
                }
            }
            None => {}
        }
    }

    fn attributes(&mut self, element: &Element, path: &str) {
        let allowed = schema::attributes(self.part, &element.name);
        for (name, value) in &element.attributes {
            match allowed.iter().find(|(known, _)| known == name) {
                Some((_, values)) if !values.contains(&value.as_str()) => {
                    let known = values.join(", ");
                    self.say(
                        path,
                        format!("{name}=「{value}」は {known} のいずれでもありません"),
                        format!("{name}=\"{value}\" is none of {known}"),
                    );
                }
                Some(_) => {}
                None if name == "schemaLocation" || name == "noNamespaceSchemaLocation" || name == "lang" => {
                }
                None => self.say(
                    path,
                    format!("属性 {name}=「{value}」は規格になく、読んでいません"),
                    format!("the attribute {name}=\"{value}\" is not in the schema and not read"),
                ),
            }
        }
    }

    fn children(&mut self, element: &'a Element, path: &str, allowed: &[(&str, Times)]) {
        let mut furthest = 0;
        for (child, path) in element.children.iter().zip(child_paths(element, path)) {
            let Some(position) = allowed.iter().position(|(name, _)| *name == child.name) else {
                let read = self.read_anyway(element, child);
                let (ja, en) = if read {
                    ("読みました", "read anyway")
                } else {
                    ("読んでいません", "not read")
                };
                self.say(
                    &path,
                    format!("規格ではここに置けない要素です（{ja}）"),
                    format!("is not allowed here by the schema ({en})"),
                );
                if read {
                    self.element(child, &path);
                }
                continue;
            };
            if position < furthest {
                let (after, _) = allowed[furthest];
                self.say(
                    &path,
                    format!("順序が規格と違います（{after} より前のはず）"),
                    format!("stands out of order: it belongs before {after}"),
                );
            }
            furthest = furthest.max(position);
            self.element(child, &path);
        }
        for (name, times) in allowed {
            let found = element.all(name).count();
            let (least, most) = match times {
                Times::One => (1, 1),
                Times::Optional => (0, 1),
                Times::Any => (0, usize::MAX),
                Times::Some => (1, usize::MAX),
                Times::UpToTwo => (0, 2),
            };
            if found < least {
                self.say(path, format!("{name} がありません"), format!("lacks {name}"));
            } else if found > most {
                self.say(
                    path,
                    format!("{name} が{found}個あります（{most}個まで。先の{most}個を読みました）"),
                    format!("has {found} {name} where {most} may be; the first {most} read"),
                );
            }
        }
    }

    /// Elements in the other part's place that the reader takes all the same.
    fn read_anyway(&self, parent: &Element, child: &Element) -> bool {
        match (parent.name.as_str(), child.name.as_str()) {
            ("AdministrativeInformation" | "StrategicPlan", "Submitter") => true,
            ("Goal" | "Objective", "PerformanceIndicator") | ("Stakeholder", "Role") => {
                matches!(self.part, Part::Two(_))
            }
            _ => false,
        }
    }

    fn text(&mut self, element: &'a Element, text: &'a str, content: Content, path: &str) {
        let date = |text: &str| text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
        match content {
            Content::Date if !date(text) => self.say(
                path,
                format!("「{text}」は日付（YYYY-MM-DD）ではありません"),
                format!("`{text}` is not a date (YYYY-MM-DD)"),
            ),
            Content::DateOrEmpty if !text.is_empty() && !date(text) => {
                self.say(
                    path,
                    format!("「{text}」は日付（YYYY-MM-DD）ではありません"),
                    format!("`{text}` is not a date (YYYY-MM-DD)"),
                );
            }
            Content::Number if !text.is_empty() && (decimal(text).is_none() || text.contains(',')) => {
                self.say(path, format!("「{text}」は数ではありません"), format!("`{text}` is not a number"));
            }
            Content::OneOf(values) if !values.contains(&text) => {
                self.say(
                    path,
                    format!("「{text}」は {} のいずれでもありません", values.join(", ")),
                    format!("`{text}` is none of {}", values.join(", ")),
                );
            }
            Content::Id if !is_id(text) => self.say(
                path,
                format!("「{text}」は識別子（xs:ID）の形ではありません"),
                format!("`{text}` does not have the form of an identifier (xs:ID)"),
            ),
            Content::Id if !self.ids.insert(text) => self.say(
                path,
                format!("識別子「{}」が二度使われています", element.text.trim()),
                format!("the identifier `{text}` is used twice"),
            ),
            _ => {}
        }
    }
}

/// The path of each child: `/Goal[2]`, numbered where the parent has several of the name.
fn child_paths(parent: &Element, path: &str) -> Vec<String> {
    let mut total: HashMap<&str, usize> = HashMap::new();
    for child in &parent.children {
        *total.entry(&child.name).or_default() += 1;
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let path = |child: &'_ Element, number: usize| match total.get(child.name.as_str()) {
        Some(1) | None => format!("{path}/{}", child.name),
        Some(_) => format!("{path}/{}[{number}]", child.name),
    };
    let mut paths = Vec::with_capacity(parent.children.len());
    for child in &parent.children {
        let number = seen.entry(&child.name).or_default();
        *number += 1;
        paths.push(path(child, *number));
    }
    paths
}

/// A name without colon: a letter or `_`, then letters, digits, `.`, `-`, `_`.
fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}
