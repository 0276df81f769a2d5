//! Round numbers for an axis, and the way from values to places on the drawing.

/// A straight axis: values to units of the drawing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// Values `from..to` onto `start..end`. A span of nothing, or of something that is no number, is widened.
    pub(super) fn new(from: f64, to: f64, start: f64, end: f64) -> Self {
        let from = if from.is_finite() { from } else { 0.0 };
        let to = if to.is_finite() && to > from { to } else { from + 1.0 };
        Scale { from, to, start, end }
    }
    /// Where a value lies; beyond the ends it stays at the end.
    pub(super) fn at(self, value: f64) -> f64 {
        let share = ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        if share.is_finite() { self.start + (self.end - self.start) * share } else { self.start }
    }
}

/// Round numbers from zero, or from below the lowest value, to above the highest: about `steps` of them.
pub(super) fn ticks(values: impl IntoIterator<Item = f64>, steps: f64) -> Vec<f64> {
    let (low, high) = values
        .into_iter()
        .filter(|value| value.is_finite() && value.abs() < 1e15)
        .fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let span = if high - low > 0.0 { high - low } else { 1.0 };
    let rough = span / steps;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|s| s * power).find(|s| *s >= rough).unwrap_or(span);
    let (mut at, mut ticks) = ((low / step).floor() * step, Vec::new());
    while ticks.len() < 20 {
        ticks.push(at);
        if at >= high.max(low + span) - step * 1e-9 {
            break;
        }
        at += step;
    }
    ticks
}

/// A number on an axis: as many decimals as it needs, at most three.
pub(super) fn plain(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_axis_has_round_numbers() {
        assert_eq!(ticks([10.0, 28.0], 4.0), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(ticks([], 4.0).len(), 3);
        assert_eq!(plain(1.50), "1.5");
        assert_eq!(plain(-0.0), "0");
    }

    proptest! {
        #[test]
        fn every_value_lies_on_its_axis(values in proptest::collection::vec(-1e12..1e12_f64, 0..5)) {
            let ticks = ticks(values.clone(), 4.0);
            for value in values {
                prop_assert!(ticks[0] <= value && value <= ticks[ticks.len() - 1] * (1.0 + 1e-9) + 1e-9);
            }
        }
        #[test]
        fn no_place_is_not_a_number(from in any::<f64>(), to in any::<f64>(), value in any::<f64>()) {
            prop_assert!(Scale::new(from, to, 0.0, 100.0).at(value).is_finite());
        }
    }
}
