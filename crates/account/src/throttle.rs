//! Slows down those who guess passwords: by login name, so that one account is not tried from everywhere, and by the
//! client's address, so that one client does not try everybody. A passkey or single sign-on is never slowed.
//!
//! Drawer `throttle`: under `login/…` (salted) and `address/…` the number of failures and until when nobody may try.
//! It outlives a restart and holds for all processes on the database.
//!
//! A try is counted as failed before the password is compared and taken back when it was right, so that many tries
//! at once are no more tries than one after the other.

use std::net::{IpAddr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::drawer::THROTTLE;
use crate::error::{AccountError, Result};
use crate::salt::salted;

/// Failures of a login name before tries are slowed: a slip of the keyboard costs nothing.
const FREE_FOR_LOGIN: u32 = 5;
/// Failures of an address: a whole ministry may come from one.
const FREE_FOR_ADDRESS: u32 = 30;
/// The first delay; it doubles with each failure.
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(2);
/// The longest delay: about a hundred guesses a day, and the person whose name is tried by others is let in within a quarter of an hour.
const LONGEST_DELAY: SignedDuration = SignedDuration::from_mins(15);
/// After so long without a failure all is forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Count {
    failures: u32,
    until: Timestamp,
}

/// A try that has been counted as failed.
#[derive(Debug)]
pub(crate) struct Try {
    login: String,
    address: Option<String>,
    /// Whether the next try will have to wait.
    pub(crate) slowed: bool,
}

/// Counts a try, or says how long to wait.
pub(crate) fn enter(store: &Store, login: &str, address: Option<IpAddr>, now: Timestamp) -> Result<Try> {
    let login = format!("login/{}", salted(store, login, now)?);
    let address = address.map(|address| format!("address/{}", network(address)));
    // Who has to wait for either is not counted at the other.
    for key in [Some(&login), address.as_ref()].into_iter().flatten() {
        waiting(store, key, now)?;
    }
    let mut slowed = count(store, &login, FREE_FOR_LOGIN, now)?;
    if let Some(address) = &address {
        slowed |= count(store, address, FREE_FOR_ADDRESS, now)?;
    }
    Ok(Try { login, address, slowed })
}

/// The try was right: the name's failures are forgotten. Of the address only this one is taken back: one's own account is
/// not a way to try others for free.
pub(crate) fn right(store: &Store, entered: &Try, now: Timestamp) -> Result<()> {
    THROTTLE.discard(store, &entered.login)?;
    match &entered.address {
        Some(address) => take_back(store, address, FREE_FOR_ADDRESS, now),
        None => Ok(()),
    }
}

/// The try was neither right nor wrong: nothing could be compared.
pub(crate) fn void(store: &Store, entered: &Try, now: Timestamp) -> Result<()> {
    take_back(store, &entered.login, FREE_FOR_LOGIN, now)?;
    entered.address.as_ref().map_or(Ok(()), |address| take_back(store, address, FREE_FOR_ADDRESS, now))
}

fn waiting(store: &Store, key: &str, now: Timestamp) -> Result<()> {
    match THROTTLE.get::<Count>(store, key, now)? {
        Some(count) if count.value.until > now => Err(wait(count.value.until, now)),
        _ => Ok(()),
    }
}

fn count(store: &Store, key: &str, free: u32, now: Timestamp) -> Result<bool> {
    let mut refused = None;
    let mut slowed = false;
    THROTTLE.change::<Count>(store, (key, ""), now, |there| {
        let before = there.unwrap_or(Count { failures: 0, until: now });
        // Somebody came between: their failure may have begun a delay.
        refused = (before.until > now).then(|| wait(before.until, now));
        if refused.is_some() {
            return None;
        }
        let failures = before.failures.saturating_add(1);
        let until = now + delay(failures, free);
        slowed = until > now;
        Some((Count { failures, until }, Some(now + FORGOTTEN)))
    })?;
    refused.map_or(Ok(slowed), Err)
}

fn take_back(store: &Store, key: &str, free: u32, now: Timestamp) -> Result<()> {
    THROTTLE.change::<Count>(store, (key, ""), now, |there| {
        let failures = there?.failures.saturating_sub(1);
        let until = if failures < free { now } else { now + delay(failures, free) };
        Some((Count { failures, until }, Some(now + FORGOTTEN)))
    })
}

fn delay(failures: u32, free: u32) -> SignedDuration {
    if failures < free {
        return SignedDuration::ZERO;
    }
    let doublings = (failures - free).min(20);
    (FIRST_DELAY * (1_i32 << doublings)).min(LONGEST_DELAY)
}

fn wait(until: Timestamp, now: Timestamp) -> AccountError {
    let left = until.duration_since(now).as_millis().max(0);
    AccountError::Wait { seconds: u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1) }
}

/// One client: an address of IPv4, the network of an address of IPv6, of which a client has as many as it likes.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_begin_after_some_slips_and_grow_to_a_quarter_of_an_hour() {
        let seconds = |failures| delay(failures, FREE_FOR_LOGIN).as_secs();
        assert_eq!([1, 4, 5, 6, 7, 8].map(seconds), [0, 0, 2, 4, 8, 16]);
        assert_eq!([14, 100, u32::MAX].map(seconds), [900, 900, 900]);
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::9"));
        assert_ne!(of("2001:db8:1:2::9"), of("2001:db8:1:3::9"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
