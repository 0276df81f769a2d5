//! How often one address may ask. Within the limit nobody notices it; beyond, the answer says how long to wait.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Requests of each address.
pub(crate) struct Limits {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
}

impl Limits {
    /// So many requests a minute, and as many at once; 0: no limit.
    pub(crate) fn new(per_minute: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        Limits { limiter: quota.map(RateLimiter::keyed), clock: DefaultClock::default() }
    }

    /// The seconds an address has to wait, if it has to.
    pub(crate) fn wait(&self, client: IpAddr) -> Option<u64> {
        let limiter = self.limiter.as_ref()?;
        let until = limiter.check_key(&whole_network(client)).err()?;
        Some(until.wait_time_from(self.clock.now()).as_secs() + 1)
    }

    /// Forgets addresses that have not asked for a while.
    pub(crate) fn forget(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
        }
    }
}

/// Whoever has an IPv6 address has 2^64 of them.
fn whole_network(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_limited_with_its_network_and_others_are_not() {
        let limits = Limits::new(2);
        let ip = |text: &str| text.parse().unwrap();
        assert_eq!(limits.wait(ip("2001:db8::1")), None);
        assert_eq!(limits.wait(ip("2001:db8::2")), None);
        assert!(limits.wait(ip("2001:db8::3")).is_some());
        assert_eq!(limits.wait(ip("2001:db8:0:1::1")), None);
        assert_eq!(Limits::new(0).wait(ip("10.0.0.1")), None);
    }
}
