//! Metrics as both their short and their long names tell them, and vectors of them.

/// A metric.
pub(super) struct Metric {
    /// Its name in a vector.
    pub(super) key: &'static str,
    /// Its name as a property.
    pub(super) property: &'static str,
    /// Its values, but for the one that it is not defined.
    pub(super) values: &'static [Value],
    /// The value of a metric that need not be defined; base metrics have none.
    pub(super) undefined: Option<&'static Value>,
}

impl Metric {
    /// A metric that every vector must hold.
    pub(super) const fn base(key: &'static str, property: &'static str, values: &'static [Value]) -> Self {
        Metric { key, property, values, undefined: None }
    }

    /// A metric that a vector may leave out, or say not to be defined.
    pub(super) const fn optional(
        key: &'static str,
        property: &'static str,
        values: &'static [Value],
        undefined: &'static Value,
    ) -> Self {
        Metric { key, property, values, undefined: Some(undefined) }
    }

    /// Every value it may have.
    pub(super) fn all_values(&self) -> impl Iterator<Item = &'static Value> {
        self.values.iter().chain(self.undefined)
    }
}

/// A value of a metric: in a vector, as a property, and its weight in the formulas.
pub(super) struct Value(pub(super) &'static str, pub(super) &'static str, pub(super) f64);

/// What a metric that is left out means.
pub(super) const NOT_DEFINED: &str = "NOT_DEFINED";

/// A vector whose metrics and values are all known.
pub(super) struct Vector<'a> {
    /// As it is written.
    pub(super) text: &'a str,
    parts: Vec<(&'a str, &'static Value)>,
    metrics: &'static [Metric],
}

impl<'a> Vector<'a> {
    /// Reads a vector; none where anything in it is unknown.
    pub(super) fn of(text: &'a str, prefix: &str, metrics: &'static [Metric]) -> Option<Self> {
        let part = |part: &'a str| {
            let (key, value) = part.split_once(':')?;
            let metric = metrics.iter().find(|metric| metric.key == key)?;
            Some((key, metric.all_values().find(|known| known.0 == value)?))
        };
        let parts = text.strip_prefix(prefix)?.split('/').map(part).collect::<Option<Vec<_>>>()?;
        Some(Vector { text, parts, metrics })
    }

    /// Whether every base metric is there, and none stands twice (CVSS 3.1, 6; CVSS 2.0, 2.4).
    pub(super) fn is_unambiguous(&self) -> bool {
        let count = |metric: &Metric| self.parts.iter().filter(|(key, _)| *key == metric.key).count();
        self.metrics
            .iter()
            .all(|metric| count(metric) <= 1 && (count(metric) == 1 || metric.undefined.is_some()))
    }

    /// Whether the metrics stand in the order of the table, each at most once (CVSS 4.0, 7).
    pub(super) fn is_ordered(&self) -> bool {
        let place = |key: &str| self.metrics.iter().position(|metric| metric.key == key);
        self.parts.windows(2).all(|pair| place(pair[0].0) < place(pair[1].0))
    }

    /// What the vector says of a metric, as a property tells it.
    pub(super) fn word(&self, key: &str) -> Option<&'static str> {
        self.value(key).map(|value| value.1)
    }

    /// The short value of a metric that is there and defined.
    pub(super) fn letter(&self, key: &str) -> Option<&'static str> {
        self.value(key).filter(|value| value.1 != NOT_DEFINED).map(|value| value.0)
    }

    /// The weight of a metric, where it is there or means something when left out.
    pub(super) fn weight(&self, key: &str) -> Option<f64> {
        self.value(key).map(|value| value.2).or_else(|| {
            let metric = self.metrics.iter().find(|metric| metric.key == key)?;
            metric.undefined.map(|value| value.2)
        })
    }

    fn value(&self, key: &str) -> Option<&'static Value> {
        self.parts.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }
}
