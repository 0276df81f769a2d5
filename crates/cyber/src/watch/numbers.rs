//! Sets of products by their numbers, a bit each: 100,000 products are 12 KB, so that sets are joined and compared in microseconds.

/// A set of product numbers.
#[derive(Clone, Debug, Default)]
pub struct Numbers(Vec<u64>);

impl Numbers {
    /// An empty set with room for numbers below this one; others are left out.
    pub fn below(numbers: usize) -> Self {
        Self(vec![0; numbers.div_ceil(64)])
    }

    /// Adds a number.
    #[inline]
    pub fn insert(&mut self, number: u32) {
        if let Some(word) = self.0.get_mut(number as usize / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Whether a number is in it.
    #[inline]
    pub fn contains(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().zip(0_u32..).flat_map(|(word, at)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }

    /// What is in it and in another.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(own, theirs)| own & theirs).collect())
    }

    /// What is in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let (long, short) = if self.0.len() < other.0.len() { (other, self) } else { (self, other) };
        let mut both = long.clone();
        both.0.iter_mut().zip(&short.0).for_each(|(own, theirs)| *own |= theirs);
        both
    }

    /// What is in it and not in another.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        rest.0.iter_mut().zip(&other.0).for_each(|(own, theirs)| *own &= !theirs);
        rest
    }

    /// Empties it and keeps its room.
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Numbers {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_joined_and_compared_whatever_their_room() {
        let set = |room, numbers: &[u32]| {
            let mut set = Numbers::below(room);
            for number in numbers {
                set.insert(*number);
            }
            set
        };
        let (left, right) = (set(70, &[0, 63, 64, 69, 900]), set(300, &[64, 200]));
        assert_eq!(left.iter().collect::<Vec<_>>(), [0, 63, 64, 69], "900 has no room");
        assert_eq!(left.or(&right), set(300, &[0, 63, 64, 69, 200]));
        assert_eq!(left.and(&right), set(300, &[64]));
        assert_eq!(right.without(&left), set(300, &[200]));
        assert_eq!(
            (left.len(), left.contains(63), left.contains(1), left.contains(5000)),
            (4, true, false, false)
        );
    }
}
