//! Alerts as an Atom feed (RFC 4287), for whoever follows a file. Feeds of the site are its own affair.

use std::fmt::Write as _;

use base::Lang;

use crate::html::escape;

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// It stays the same for ever.
    pub id: String,
    /// One line.
    pub title: String,
    /// When, RFC 3339.
    pub updated: String,
    /// What.
    pub summary: String,
}

/// The feed; the newest entry first.
pub fn feed(id: &str, title: &str, entries: &[Entry], lang: Lang) -> String {
    // A feed without entries has not been updated since the clock of computers began.
    let updated = entries.iter().map(|entry| entry.updated.as_str()).max().unwrap_or("1970-01-01T00:00:00Z");
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<author><name>Shirube</name></author>\n",
        lang.pick("ja", "en"),
        escape(id),
        escape(title),
        escape(updated),
    );
    for entry in entries {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "<entry><id>{}</id><title>{}</title><updated>{}</updated><summary>{}</summary></entry>",
            escape(&entry.id),
            escape(&entry.title),
            escape(&entry.updated),
            escape(&entry.summary),
        );
    }
    out.push_str("</feed>\n");
    out
}
