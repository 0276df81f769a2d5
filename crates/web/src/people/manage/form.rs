//! What an administrator says of somebody, as a form: name, login, organisations and roles as boxes to tick.

use std::collections::BTreeSet;

use account::{AccountError, Login, Memberships, Person, Profile, Role};
use base::Lang;
use maud::{Markup, html};
use register::RecordId;

use crate::cx::Cx;
use crate::people::fields::{Fault, Input, Pairs, input};
use crate::people::organisations::{self, Organisation};

/// What stands in the form: of a person, or as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    login: String,
    name: String,
    email: String,
    administrator: bool,
    language: Lang,
    /// Organisations and roles, as words: what was typed may be neither.
    places: Vec<(String, BTreeSet<String>)>,
}

impl Draft {
    /// What is said of a person.
    pub(super) fn of(person: &Person) -> Self {
        let Profile { login, name, email, memberships, administrator, language } = person.profile.clone();
        let words = |roles: BTreeSet<Role>| roles.into_iter().map(String::from).collect();
        Draft {
            login: login.into(),
            name,
            email: email.unwrap_or_default(),
            administrator,
            language,
            places: memberships.into_iter().map(|(id, roles)| (id.to_string(), words(roles))).collect(),
        }
    }

    /// What was typed.
    pub(super) fn typed(typed: &Pairs) -> Self {
        let roles = |name: &str| typed.all(name).map(str::to_owned).collect::<BTreeSet<_>>();
        let ticked = typed.all("place").map(|place| (place.to_owned(), roles(&format!("role-{place}"))));
        let mut places: Vec<(String, BTreeSet<String>)> = ticked.collect();
        let added = typed.get("add");
        if !added.is_empty() {
            match places.iter_mut().find(|(place, _)| place == added) {
                Some((_, there)) => there.extend(roles("role-add")),
                None => places.push((added.to_owned(), roles("role-add"))),
            }
        }
        Draft {
            login: typed.get("login").to_owned(),
            name: typed.get("name").to_owned(),
            email: typed.get("email").to_owned(),
            administrator: typed.ticked("administrator"),
            language: if typed.get("language") == "en" { Lang::En } else { Lang::Ja },
            places,
        }
    }
}

/// What was typed, as it can be said of a person.
pub(super) fn read(typed: &Pairs) -> Result<Profile, Fault> {
    let draft = Draft::typed(typed);
    let at = |field: &'static str| move |error: AccountError| Fault::at(field, error.names());
    let mut memberships = Memberships::new();
    for (place, roles) in &draft.places {
        let said = base::Names::of("組織を選び直してください", "Choose the organisation again");
        let place = RecordId::new(place).map_err(|_| Fault::at("add", said))?;
        let roles = roles.iter().map(|role| Role::new(role)).collect::<Result<_, _>>().map_err(at("add"))?;
        memberships.insert(place, roles);
    }
    Ok(Profile {
        login: Login::new(&draft.login).map_err(at("login"))?,
        name: draft.name,
        email: Some(draft.email),
        memberships,
        administrator: draft.administrator,
        language: draft.language,
    })
}

/// The fields.
pub(super) fn fields(cx: &Cx, draft: &Draft, there: &[Organisation], fault: &Fault) -> Markup {
    let roles = organisations::roles(cx.app.desk.registry());
    html! {
        (input(cx, fault, Input { name: "name", label: cx.say("氏名", "Name"), value: &draft.name, autocomplete: "off", ..Input::default() }))
        (input(cx, fault, Input { name: "login", label: cx.say("ログイン名", "Login name"), value: &draft.login, autocomplete: "off", ..Input::default() }))
        (input(cx, fault, Input { name: "email", label: cx.say("メールアドレス", "E-mail address"), kind: "email", value: &draft.email, autocomplete: "off", optional: true, ..Input::default() }))
        div.field {
            label for="language" { (cx.say("言語", "Language")) }
            select #language name="language" {
                option value="ja" lang="ja" selected[draft.language == Lang::Ja] { "日本語" }
                option value="en" lang="en" selected[draft.language == Lang::En] { "English" }
            }
        }
        @for (place, has) in &draft.places { (place_fields(cx, place, has, &roles, there)) }
        (added(cx, &roles, there, fault))
        fieldset {
            legend { (cx.say("利用者の管理", "Managing people")) }
            label {
                input #administrator type="checkbox" name="administrator" value="yes" checked[draft.administrator];
                " " (cx.say("管理者（利用者を管理する。台帳を見る権限は増えない）", "administrator: manages people; sees no more records by it"))
            }
        }
    }
}

fn place_fields(
    cx: &Cx,
    place: &str,
    has: &BTreeSet<String>,
    roles: &BTreeSet<&str>,
    there: &[Organisation],
) -> Markup {
    let name = there.iter().find(|organisation| organisation.id.as_str() == place);
    let name = name.map_or(place, |organisation| &organisation.name);
    // A role that no register speaks of any more can still be taken away.
    let all: BTreeSet<&str> = roles.iter().copied().chain(has.iter().map(String::as_str)).collect();
    html! {
        fieldset {
            legend { (name) }
            p { label { input type="checkbox" name="place" value=(place) checked; " " (cx.say("所属する", "belongs there")) } }
            (boxes(cx, &format!("role-{place}"), &all, has))
        }
    }
}

fn added(cx: &Cx, roles: &BTreeSet<&str>, there: &[Organisation], fault: &Fault) -> Markup {
    html! {
        fieldset {
            legend { (cx.say("組織を加える", "Add an organisation")) }
            (fault.words(cx, "add"))
            p {
                label for="add" { (cx.say("組織", "Organisation")) } " "
                select #add name="add" {
                    option value="" { (cx.say("加えない", "none")) }
                    @for organisation in there { option value=(organisation.id) { (organisation.name) } }
                }
            }
            (boxes(cx, "role-add", roles, &BTreeSet::new()))
        }
    }
}

fn boxes(cx: &Cx, name: &str, roles: &BTreeSet<&str>, has: &BTreeSet<String>) -> Markup {
    html! {
        p.boxes {
            @for role in roles {
                label {
                    input type="checkbox" name=(name) value=(role) checked[has.contains(*role)];
                    " " (organisations::role_name(cx, role))
                }
            }
        }
    }
}
