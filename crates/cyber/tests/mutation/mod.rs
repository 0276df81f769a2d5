//! Broken texts made from sound ones, the same at every run.

#![allow(unreachable_pub)]

/// How texts of some kind are broken.
pub struct Mutation {
    /// Signs that matter to their readers, put in anywhere.
    pub marks: &'static [&'static [u8]],
    /// The longest piece that is dropped, repeated or turned around, in bytes.
    pub longest: usize,
    /// Of so many chances to cut the end off, one is taken.
    pub cuts_one_in: usize,
}

impl Mutation {
    /// Flips, cuts, repeats and swaps pieces, as damage and malice do.
    pub fn of(&self, seed: &[u8], random: &mut Random) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=random.below(6) {
            let at = random.below(bytes.len() + 1);
            let to = (at + random.below(self.longest)).min(bytes.len());
            match random.below(6) {
                0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
                1 => drop(bytes.drain(at..to)),
                2 => drop(bytes.splice(at..at, bytes[at..to].to_vec())),
                3 => drop(bytes.splice(at..at, self.marks[random.below(self.marks.len())].iter().copied())),
                4 if random.below(self.cuts_one_in) == 0 => bytes.truncate(at),
                _ => bytes[at..to].reverse(),
            }
        }
        bytes
    }
}

/// A small generator of its own, so that a failing case comes again.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}
