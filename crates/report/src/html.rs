//! A document as one self-contained page, or as a fragment of somebody else's page: semantic HTML, no script, no
//! inline style, nothing fetched from elsewhere. The look of the page (Digital Agency design-system values, light
//! and dark, print) is in `page.css`; a fragment is dressed by the page it stands in.

use std::fmt::Write;

use base::Lang;

use crate::words;
use crate::{
    Align, Block, Cell, Cited, Content, Document, Row, RowKind, Severity, SourceNumber, Span, Table, Text,
};

/// The style sheet of [`page`]. What it says of classes also fits the fragments.
pub const STYLE: &str = include_str!("html/page.css");

/// From this many headings on, the page has a table of contents.
const CONTENTS_FROM: usize = 4;

/// A table of contents with more entries than this lists the highest headings only.
const MANY_CONTENTS: usize = 30;

/// More links back from a source than this help nobody.
const MOST_BACK_LINKS: usize = 12;

/// The whole page.
pub fn page(document: &Document) -> String {
    let mut page = Page::new(document.lang, document.sources.len());
    page.head(document);
    page.contents(document);
    page.put("<main id=\"main\">\n");
    page.sections(document);
    page.put("</main>\n");
    page.sources(document, "footer");
    page.put("</body>\n</html>\n");
    page.out
}

/// The sections of a document and its list of sources, to stand under the `h1` of another page: headings begin at
/// `h2`. The ids in it (`table-1`, `source-1`, `cite-1-1`, the anchors of headings) are unique for one document on a page.
pub fn blocks(document: &Document) -> String {
    let mut page = Page::new(document.lang, document.sources.len());
    page.sections(document);
    page.sources(document, "section");
    page.out
}

/// One table whose caption has the id given: unique on the page, of letters, digits and hyphens. The numbers of
/// sources in it are shown but lead nowhere: a table whose figures open their sources is part of a document.
pub fn table(table: &Table, lang: Lang, id: &str) -> String {
    let mut page = Page::new(lang, 0);
    page.table_as(table, id);
    page.out
}

/// Text with its marks, and without sources that could be opened.
pub fn text(text: &Text, lang: Lang) -> String {
    Page::new(lang, 0).text(text)
}

/// The value of a cell with its marks, and without sources that could be opened.
pub fn cell(cell: &Cell, lang: Lang) -> String {
    Page::new(lang, 0).cell(cell)
}

/// Text as it may stand between tags and in attributes. Control characters, which HTML does not allow, are replaced.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

struct Page {
    lang: Lang,
    /// How often each source has been cited so far.
    uses: Vec<usize>,
    tables: usize,
    out: String,
}

impl Page {
    fn new(lang: Lang, sources: usize) -> Self {
        Page { lang, uses: vec![0; sources], tables: 0, out: String::new() }
    }
    fn head(&mut self, document: &Document) {
        let (lang, title) = (self.lang.pick("ja", "en"), escape(&document.title));
        let skip = self.lang.pick("本文へ移動", "Skip to the text");
        self.put(&format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
             </head>\n<body>\n<a class=\"skip\" href=\"#main\">{skip}</a>\n<header>\n<h1>{title}</h1>\n"
        ));
        if let Some(subtitle) = &document.subtitle {
            self.put(&format!("<p>{}</p>\n", escape(subtitle)));
        }
        self.put("</header>\n");
    }

    /// Links to the headings of the two highest levels; of the highest alone where those are many.
    fn contents(&mut self, document: &Document) {
        let down_to = |lowest: u8| -> Vec<(u8, &String, &String)> {
            let headings = document.blocks.iter().filter_map(|block| match block {
                Block::Heading { level, text, anchor } if *level <= lowest => Some((*level, text, anchor)),
                _ => None,
            });
            headings.collect()
        };
        let mut headings = down_to(2);
        if headings.len() > MANY_CONTENTS {
            headings = down_to(1);
        }
        if headings.len() < CONTENTS_FROM {
            return;
        }
        let title = words::contents(self.lang);
        self.put(&format!("<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">{title}</h2>\n<ul>\n"));
        for (level, text, anchor) in headings {
            let text = escape(text);
            self.put(&format!("<li class=\"level-{level}\"><a href=\"#{anchor}\">{text}</a></li>\n"));
        }
        if !document.sources.is_empty() {
            let title = words::sources(self.lang);
            self.put(&format!("<li class=\"level-1\"><a href=\"#sources\">{title}</a></li>\n"));
        }
        self.put("</ul>\n</nav>\n");
    }

    fn sections(&mut self, document: &Document) {
        for block in &document.blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text, anchor } => {
                let (tag, anchor, text) = ((level + 1).clamp(2, 6), escape(anchor), escape(text));
                self.put(&format!("<h{tag} id=\"{anchor}\">{text}</h{tag}>\n"));
            }
            Block::Paragraph(text) => {
                let text = self.text(text);
                self.put(&format!("<p>{text}</p>\n"));
            }
            Block::List(points) => {
                self.put("<ul>\n");
                for point in points {
                    let text = self.text(point);
                    self.put(&format!("<li>{text}</li>\n"));
                }
                self.put("</ul>\n");
            }
            Block::Table(table) => self.table(table),
            Block::Facts(facts) => {
                self.put("<dl class=\"facts\">\n");
                for (label, cell) in facts {
                    let (label, value) = (escape(label), self.cell(cell));
                    self.put(&format!("<div><dt>{label}</dt><dd>{value}</dd></div>\n"));
                }
                self.put("</dl>\n");
            }
            Block::Note { severity, text } => {
                let class = match severity {
                    Severity::Info => "info",
                    Severity::Caution => "caution",
                    Severity::Problem => "problem",
                };
                let (word, text) = (words::severity(*severity, self.lang), self.text(text));
                self.put(&format!(
                    "<div class=\"note {class}\"><p><strong>{word}</strong> {text}</p></div>\n"
                ));
            }
        }
    }

    fn table(&mut self, table: &Table) {
        self.tables += 1;
        self.table_as(table, &format!("table-{}", self.tables));
    }

    /// A table in a box of its own, which scrolls where the screen is too narrow and can be reached by keyboard.
    fn table_as(&mut self, table: &Table, id: &str) {
        let (id, caption) = (escape(id), escape(&table.caption));
        self.put(&format!(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{id}\">\n<table>\n\
             <caption id=\"{id}\">{caption}</caption>\n<thead>\n<tr>"
        ));
        for (index, column) in table.columns.iter().enumerate() {
            let (class, name) = (side(column.align), escape(&words::column(column, index, &table.rows)));
            self.put(&format!("<th scope=\"col\"{class}>{name}</th>"));
        }
        self.put("</tr>\n</thead>\n<tbody>\n");
        for row in &table.rows {
            self.row(table, row);
        }
        self.put("</tbody>\n</table>\n</div>\n");
        self.table_notes(table);
    }

    fn row(&mut self, table: &Table, row: &Row) {
        if row.kind == RowKind::Group {
            let name = row.cells.first().map(|cell| self.cell(cell)).unwrap_or_default();
            let span = table.columns.len();
            self.put(&format!(
                "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{span}\"><span>{name}</span></th></tr>\n"
            ));
            return;
        }
        self.put(if row.kind == RowKind::Total { "<tr class=\"total\">" } else { "<tr>" });
        let empty = Cell::empty();
        for (index, column) in table.columns.iter().enumerate() {
            let value = self.cell(row.cells.get(index).unwrap_or(&empty));
            let side = side(column.align);
            if index == 0 && column.align == Align::Left {
                let indent = row.indent.min(4);
                let class = if indent > 0 { format!(" class=\"in-{indent}\"") } else { String::new() };
                self.put(&format!("<th scope=\"row\"{class}>{value}</th>"));
            } else {
                self.put(&format!("<td{side}>{value}</td>"));
            }
        }
        self.put("</tr>\n");
    }

    /// Definitions of columns, and notes.
    fn table_notes(&mut self, table: &Table) {
        let defined =
            table.columns.iter().filter_map(|column| Some((&column.name, column.definition.as_ref()?)));
        let mut notes: Vec<String> =
            defined.map(|(name, means)| format!("<b>{}</b> {}", escape(name), escape(means))).collect();
        for note in &table.notes {
            notes.push(self.text(note));
        }
        if !notes.is_empty() {
            self.put(&format!("<ul class=\"table-notes\"><li>{}</li></ul>\n", notes.join("</li>\n<li>")));
        }
    }

    /// The list of sources: the footer of a page of its own, a section of another's.
    fn sources(&mut self, document: &Document, tag: &str) {
        if document.sources.is_empty() {
            return;
        }
        let title = words::sources(self.lang);
        self.put(&format!(
            "<{tag} aria-labelledby=\"sources\">\n<h2 id=\"sources\">{title}</h2>\n<ol class=\"sources\">\n"
        ));
        for (index, cited) in document.sources.iter().enumerate() {
            let number = index + 1;
            let entry = self.source(cited);
            let back = self.back_links(number, self.uses[index]);
            self.put(&format!("<li id=\"source-{number}\">{entry}{back}</li>\n"));
        }
        self.put(&format!("</ol>\n</{tag}>\n"));
    }

    /// Only links that lead to the web are links; anything else is shown as text.
    fn source(&self, cited: &Cited) -> String {
        let text = escape(&words::source(cited, self.lang));
        match &cited.source.url {
            Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
                format!("<a href=\"{0}\" rel=\"noreferrer\">{text}</a>", escape(url))
            }
            Some(url) => format!("{text} {}", escape(url)),
            None => text,
        }
    }

    fn back_links(&self, number: usize, uses: usize) -> String {
        let link = |place: usize| {
            let label = match self.lang {
                Lang::Ja => format!("出典{number}を引く箇所{place}へ戻る"),
                Lang::En => format!("Back to place {place} that cites source {number}"),
            };
            format!(" <a class=\"back\" href=\"#cite-{number}-{place}\" aria-label=\"{label}\">↑{place}</a>")
        };
        let mut links: Vec<String> = (1..=uses.min(MOST_BACK_LINKS)).map(link).collect();
        if uses > MOST_BACK_LINKS {
            let more = uses - MOST_BACK_LINKS;
            links.push(match self.lang {
                Lang::Ja => format!(" <span class=\"quiet\">ほか{more}か所</span>"),
                Lang::En => format!(" <span class=\"quiet\">and {more} more</span>"),
            });
        }
        links.concat()
    }

    fn text(&mut self, text: &Text) -> String {
        let spans = text.0.iter().map(|span| match span {
            Span::Plain(text) => broken(text),
            Span::Strong(text) => format!("<strong>{}</strong>", broken(text)),
            Span::Cite(number) => self.cite(*number),
            Span::Belief(belief) => self.belief(*belief),
            Span::Inserted(text) => format!("<ins>{}</ins>", broken(text)),
            Span::Deleted(text) => format!("<del>{}</del>", broken(text)),
        });
        spans.collect()
    }

    fn cell(&mut self, cell: &Cell) -> String {
        let mut html = match &cell.content {
            Content::Empty => String::new(),
            Content::Text(text) => self.text(text),
            Content::Figure { value, text } => format!("<data value=\"{value}\">{}</data>", escape(text)),
            Content::AtMost { text, .. } => {
                format!("<span class=\"bound\">{}</span>", escape(&words::at_most(text, self.lang)))
            }
            Content::Missing(reason) => {
                format!("<span class=\"missing\">{}</span>", words::missing(*reason, self.lang))
            }
        };
        if let Some(belief) = cell.belief {
            html += &self.belief(belief);
        }
        for number in &cell.sources {
            html += &self.cite(*number);
        }
        html
    }

    fn cite(&mut self, number: SourceNumber) -> String {
        let number = number.get();
        let label = match self.lang {
            Lang::Ja => format!("出典{number}"),
            Lang::En => format!("Source {number}"),
        };
        let Some(uses) = self.uses.get_mut(number - 1) else {
            return format!("<span class=\"cite\">[{number}]</span>");
        };
        *uses += 1;
        format!(
            "<a class=\"cite\" id=\"cite-{number}-{uses}\" href=\"#source-{number}\" aria-label=\"{label}\">[{number}]</a>"
        )
    }

    fn belief(&self, belief: crate::Belief) -> String {
        format!(" <span class=\"belief\">{}</span>", words::belief(belief, self.lang))
    }

    fn put(&mut self, html: &str) {
        let _ = self.out.write_str(html);
    }
}

fn side(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right => " class=\"figure\"",
    }
}

fn broken(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}
