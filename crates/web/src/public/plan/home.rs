//! Home: where the plan stands.

use maud::html;

use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let body = html! { p { (plan.answer.goals.len()) } };
    Ok(Page::new(cx.say("医療機器基本計画の現在地", "Where the Medical Device Basic Plan stands"), body)
        .show(&cx))
}
