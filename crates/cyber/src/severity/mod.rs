//! How grave a vulnerability is, as others say it: CVSS vectors with their scores, known exploitation (KEV) and likelihood of exploitation
//! (EPSS), each for itself. No number of ours is made of them; [`Gravity::urgency`] only puts people's lists in order.

mod gravity;
pub mod rubric;
mod threshold;
mod vector;

pub use gravity::{Disagreement, Exploited, Gravity, Likelihood, Rated, Urgency};
pub use threshold::{Standing, Threshold};
pub use vector::{Notation, Score, Scored, Unscored, Word, read};
