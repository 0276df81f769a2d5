//! Packing: a list of rising sequence numbers as differences in bytes of seven bits, and blocks of lists in
//! the order of their terms.

use super::Term;
use crate::error::{Result, StoreError};

/// Blocks end after this many bytes, so that a query reads little more than its own lists.
const BLOCK: usize = 16 * 1024;

/// A packed list that grows at its end.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    last: u64,
    bytes: Vec<u8>,
}

impl List {
    /// Adds a number that is larger than the last; the last one again changes nothing.
    pub(super) fn push(&mut self, number: u64) {
        if number > self.last {
            put(&mut self.bytes, number - self.last);
            self.last = number;
        }
    }
    pub(super) fn of(numbers: &[u64]) -> List {
        let mut list = List::default();
        for number in numbers {
            list.push(*number);
        }
        list
    }
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Adds the numbers of a packed list to `out`.
pub(super) fn unpack(mut bytes: &[u8], out: &mut Vec<u64>) -> Result<()> {
    out.reserve(bytes.len());
    let mut number = 0_u64;
    while !bytes.is_empty() {
        number = number.checked_add(take(&mut bytes)?).ok_or_else(damaged)?;
        out.push(number);
    }
    Ok(())
}

/// Blocks, each with its first term, from (term, packed list) pairs in the order of terms.
#[derive(Default)]
pub(super) struct Blocks {
    done: Vec<(Term, Vec<u8>)>,
    first: Term,
    last: Term,
    open: Vec<u8>,
}

impl Blocks {
    pub(super) fn push(&mut self, term: Term, list: &[u8]) {
        if self.open.is_empty() {
            (self.first, self.last) = (term, term);
        }
        put(&mut self.open, term - self.last);
        put(&mut self.open, list.len() as u64);
        self.open.extend_from_slice(list);
        self.last = term;
        if self.open.len() >= BLOCK {
            self.done.push((self.first, std::mem::take(&mut self.open)));
        }
    }
    pub(super) fn finish(mut self) -> Vec<(Term, Vec<u8>)> {
        if !self.open.is_empty() {
            self.done.push((self.first, self.open));
        }
        self.done
    }
}

/// The lists of a block, with their terms.
pub(super) struct BlockReader<'a> {
    term: Term,
    rest: &'a [u8],
}

impl<'a> BlockReader<'a> {
    pub(super) fn new(first: Term, block: &'a [u8]) -> Self {
        BlockReader { term: first, rest: block }
    }
    fn read(&mut self) -> Result<(Term, &'a [u8])> {
        self.term = self.term.checked_add(take(&mut self.rest)?).ok_or_else(damaged)?;
        let length = usize::try_from(take(&mut self.rest)?).map_err(|_| damaged())?;
        let (list, rest) = self.rest.split_at_checked(length).ok_or_else(damaged)?;
        self.rest = rest;
        Ok((self.term, list))
    }
}

impl<'a> Iterator for BlockReader<'a> {
    type Item = Result<(Term, &'a [u8])>;
    fn next(&mut self) -> Option<Self::Item> {
        (!self.rest.is_empty()).then(|| self.read().inspect_err(|_| self.rest = &[]))
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

fn take(bytes: &mut &[u8]) -> Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or_else(damaged)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(damaged())
}

pub(super) fn damaged() -> StoreError {
    StoreError::Damaged("a block of the search index cannot be read".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(numbers in prop::collection::btree_set(1..u64::MAX / 2, 0..200)) {
            let numbers: Vec<u64> = numbers.into_iter().collect();
            let mut back = Vec::new();
            unpack(List::of(&numbers).bytes(), &mut back).unwrap();
            prop_assert_eq!(back, numbers);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = unpack(&bytes, &mut Vec::new());
            prop_assert!(BlockReader::new(5, &bytes).count() <= bytes.len());
        }
    }

    #[test]
    fn blocks_give_back_their_lists_in_order() {
        let lists: Vec<(Term, List)> =
            (1..3000).map(|term| (term * 7, List::of(&[term, term + 1000]))).collect();
        let mut blocks = Blocks::default();
        for (term, list) in &lists {
            blocks.push(*term, list.bytes());
        }
        let blocks = blocks.finish();
        assert!(blocks.len() > 1, "the example fills more than one block");
        let read = blocks.iter().flat_map(|(first, block)| BlockReader::new(*first, block));
        let read: Vec<_> =
            read.map(|entry| entry.map(|(term, list)| (term, list.to_vec())).unwrap()).collect();
        let written: Vec<_> = lists.into_iter().map(|(term, list)| (term, list.bytes().to_vec())).collect();
        assert_eq!(read, written);
    }
}
