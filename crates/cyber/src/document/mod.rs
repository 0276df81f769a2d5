//! Documents of others before anyone asks what they are about: bytes become text, JSON or XML within [`Limits`], with the place of
//! each part; and are compared with the published shape of their format, each [`Deviation`] with its place.

mod bounds;
pub(crate) mod deviation;
pub(crate) mod encoding;
pub mod json;
pub(crate) mod moment;
pub(crate) mod shape;
pub mod xml;

pub use bounds::{Limits, ReadError};
pub use deviation::{Deviation, DeviationKind, Grade, Place};
