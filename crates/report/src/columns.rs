//! Making columns fit side by side: text columns give way, the widest first; figures do not.

/// Narrows the flexible columns to one common greatest width so that all fit into `room`. `false` where
/// that would leave a flexible column less than `least`, or where the others alone are too wide.
pub(crate) fn narrow(widths: &mut [u32], flexible: &[bool], room: u32, least: u32) -> bool {
    let total = |keep: bool, widths: &[u32]| -> u32 {
        widths.iter().zip(flexible).filter(|(_, flexible)| **flexible == keep).map(|(width, _)| *width).sum()
    };
    let Some(mut budget) = room.checked_sub(total(false, widths)) else { return false };
    if total(true, widths) <= budget {
        return true;
    }
    let mut order: Vec<usize> = (0..widths.len()).filter(|index| flexible[*index]).collect();
    order.sort_by_key(|index| widths[*index]);
    for (done, index) in order.iter().enumerate() {
        let share = budget / u32::try_from(order.len() - done).unwrap_or(u32::MAX);
        if widths[*index] > share {
            order[done..].iter().for_each(|index| widths[*index] = share);
            return share >= least;
        }
        budget -= widths[*index];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_text_gives_way_first() {
        let mut widths = [10, 60, 30, 8];
        assert!(narrow(&mut widths, &[true, true, true, false], 88, 5));
        assert_eq!(widths, [10, 40, 30, 8]);
    }

    #[test]
    fn figures_do_not_give_way() {
        assert!(!narrow(&mut [10, 60], &[true, false], 50, 5));
        assert!(!narrow(&mut [40, 60], &[true, false], 64, 5));
        assert!(narrow(&mut [4, 60], &[true, false], 64, 5), "nothing has to give way");
    }
}
