//! The product's life: its state against its days, when customers were told, and what makes up for protection that is no longer there.

use jiff::civil::Date;

use super::Looked;
use crate::premarket::case::Case;
use crate::premarket::kind::State;
use crate::premarket::verdict::{Evidence, Lacking, LifeDay};

/// The state is stated and the days agree with it.
pub(super) fn state(case: &Case<'_>) -> Looked {
    let (life, today) = (&case.product.life, case.day());
    let mut looked = Looked::default();
    let Some(state) = life.state else {
        looked.unseen.push(Lacking::NoState);
        return looked;
    };
    looked.evidence.push(Evidence::State(state));
    let come = |day: Date| day <= today;
    // A product in development need not know its days yet.
    let needed = state != State::Development;
    for (which, day, agrees) in [
        (LifeDay::Released, life.released, needed),
        (LifeDay::Eol, life.eol, matches!(state, State::Limited | State::Ended)),
        (LifeDay::Eos, life.eos, state == State::Ended),
    ] {
        match day {
            Some(day) => {
                looked.evidence.push(Evidence::Day(which, day));
                if come(day) != agrees {
                    looked.wrong.push(Lacking::StateContradicts(state, which, day));
                }
            }
            None if needed && which != LifeDay::Released => looked.unseen.push(Lacking::NoDay(which)),
            None => {}
        }
    }
    if let (Some(eol), Some(eos)) = (life.eol, life.eos)
        && eol > eos
    {
        looked.wrong.push(Lacking::After(LifeDay::Eol, eol, LifeDay::Eos, eos));
    }
    looked
}

/// Customers were told of EOS no later than EOL.
pub(super) fn eos_told(case: &Case<'_>) -> Looked {
    let life = &case.product.life;
    let mut looked = Looked::default();
    let told = day(&mut looked, LifeDay::EosTold, life.eos_told);
    let eol = day(&mut looked, LifeDay::Eol, life.eol);
    if let (Some(told), Some(eol)) = (told, eol)
        && told > eol
    {
        looked.wrong.push(Lacking::After(LifeDay::EosTold, told, LifeDay::Eol, eol));
    }
    not_come_yet(&mut looked, case, LifeDay::EosTold, told);
    looked
}

/// After EOS was changed, customers were told again.
pub(super) fn eos_changed(case: &Case<'_>) -> Looked {
    let life = &case.product.life;
    let mut looked = Looked::default();
    let changed = day(&mut looked, LifeDay::EosChanged, life.eos_changed);
    let told = day(&mut looked, LifeDay::EosToldAgain, life.eos_told_again);
    if let (Some(changed), Some(told)) = (changed, told)
        && changed > told
    {
        looked.wrong.push(Lacking::After(LifeDay::EosChanged, changed, LifeDay::EosToldAgain, told));
    }
    not_come_yet(&mut looked, case, LifeDay::EosToldAgain, told);
    looked
}

/// A control is specified, and customers can read of it.
pub(super) fn control(case: &Case<'_>) -> Looked {
    let mut looked = Looked::default();
    if case.product.controls.is_empty() {
        looked.unseen.push(Lacking::NoControl);
    }
    for placed in &case.product.controls {
        let (line, control) = (placed.line, &placed.value);
        let says = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        if !says(&control.specification) {
            looked.unseen.push(Lacking::ControlSpecification(control.name.clone(), line));
        }
        if !says(&control.customer_document) {
            looked.unseen.push(Lacking::ControlDocument(control.name.clone(), line));
        }
        looked.evidence.push(Evidence::Control { name: control.name.clone(), line });
    }
    looked
}

/// A day that is asked for: evidence where it is stated.
fn day(looked: &mut Looked, which: LifeDay, day: Option<Date>) -> Option<Date> {
    match day {
        Some(day) => looked.evidence.push(Evidence::Day(which, day)),
        None => looked.unseen.push(Lacking::NoDay(which)),
    }
    day
}

/// What is only planned is not shown yet.
fn not_come_yet(looked: &mut Looked, case: &Case<'_>, which: LifeDay, day: Option<Date>) {
    if let Some(day) = day.filter(|day| *day > case.day()) {
        looked.unseen.push(Lacking::NotComeYet(which, day));
    }
}
