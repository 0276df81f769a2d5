//! A large document cut into its records without reading them, so that a file of hundreds of megabytes never becomes one tree: the items of a
//! response (`{"vulnerabilities": […]}`), or documents one after another, as on lines. What a record says is read elsewhere.

use super::reading::{LARGEST_DOCUMENT, ReadError, strip_mark};

/// The deepest nesting around records that is followed.
const DEEPEST: usize = 128;

/// The records of a document, each as the bytes of one JSON value.
pub struct Pieces<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Members of an outermost object whose list holds records.
    lists: &'static [&'static str],
    inside: bool,
    ended: bool,
}

impl<'a> Pieces<'a> {
    /// Cuts a document; `lists` names the members whose items are records. An outermost object without such a member is a record itself.
    pub fn of(bytes: &'a [u8], lists: &'static [&'static str]) -> Self {
        Self { bytes: strip_mark(bytes), at: 0, lists, inside: false, ended: false }
    }

    fn next_piece(&mut self) -> Result<Option<&'a [u8]>, ReadError> {
        loop {
            self.skip(if self.inside { b"," } else { b"" });
            match self.bytes.get(self.at) {
                None if self.inside => return Err(ReadError::Cut { at: self.at }),
                None => return Ok(None),
                Some(b']') if self.inside => self.leave()?,
                Some(_) if self.inside => return self.value().map(Some),
                Some(b'{') => {
                    if let Some(list) = self.list_inside()? {
                        self.at = list;
                        self.inside = true;
                    } else {
                        return self.value().map(Some);
                    }
                }
                Some(_) => return Err(ReadError::NotAnObject),
            }
        }
    }

    /// Behind the last item: the rest of the outermost object says nothing about records, but must be there.
    fn leave(&mut self) -> Result<(), ReadError> {
        self.inside = false;
        self.at = end_of(self.bytes, self.at + 1, 1).ok_or(ReadError::Cut { at: self.at })?;
        Ok(())
    }

    /// One JSON value from here on, by its brackets.
    fn value(&mut self) -> Result<&'a [u8], ReadError> {
        let start = self.at;
        if !matches!(self.bytes[start], b'{' | b'[') {
            return Err(ReadError::NotAnObject);
        }
        let end = end_of(self.bytes, start, 0).ok_or(ReadError::Cut { at: start })?;
        self.at = end;
        if end - start > LARGEST_DOCUMENT {
            return Err(ReadError::TooLarge { bytes: end - start });
        }
        Ok(&self.bytes[start..end])
    }

    /// Where the list of records begins in the outermost object that stands here, if it has one.
    fn list_inside(&self) -> Result<Option<usize>, ReadError> {
        let mut depth = 0_usize;
        let mut at = self.at;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'"' => {
                    let end = end_of_text(self.bytes, at).ok_or(ReadError::Cut { at })?;
                    if depth == 1
                        && self.lists.iter().any(|name| self.bytes[at + 1..end - 1] == *name.as_bytes())
                        && let Some(list) = list_behind(self.bytes, end)
                    {
                        return Ok(Some(list));
                    }
                    at = end;
                    continue;
                }
                b'{' | b'[' if depth == DEEPEST => return Err(ReadError::Cut { at }),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Ok(None);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Err(ReadError::Cut { at: self.at })
    }

    fn skip(&mut self, besides: &[u8]) {
        let rest = &self.bytes[self.at..];
        let skipped = |byte: &u8| byte.is_ascii_whitespace() || besides.contains(byte);
        self.at += rest.iter().position(|byte| !skipped(byte)).unwrap_or(rest.len());
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<&'a [u8], ReadError>;

    /// After an error of the cut itself nothing more can be found.
    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let found = self.next_piece().transpose();
        self.ended = !matches!(found, Some(Ok(_) | Err(ReadError::TooLarge { .. })));
        found
    }
}

/// Where the brackets that are open (`depth`, and those that open from `at` on) are closed.
fn end_of(bytes: &[u8], mut at: usize, mut depth: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => {
                at = end_of_text(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The place behind the quotation mark that closes the one at `at`.
fn end_of_text(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The place behind `: [`.
fn list_behind(bytes: &[u8], at: usize) -> Option<usize> {
    let mut signs = bytes.iter().enumerate().skip(at).filter(|(_, byte)| !byte.is_ascii_whitespace());
    let (colon, bracket) = (signs.next()?, signs.next()?);
    (*colon.1 == b':' && *bracket.1 == b'[').then_some(bracket.0 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> (Vec<&str>, Option<String>) {
        let (mut pieces, mut error) = (Vec::new(), None);
        for piece in Pieces::of(text.as_bytes(), &["vulnerabilities"]) {
            match piece {
                Ok(bytes) => pieces.push(std::str::from_utf8(bytes).unwrap()),
                Err(said) => error = Some(said.to_string()),
            }
        }
        (pieces, error)
    }

    #[test]
    fn items_of_a_response_and_documents_in_a_row_are_records() {
        for (text, expected) in [
            (
                r#"{"total": 2, "x": {"vulnerabilities": [9]}, "vulnerabilities" : [{"a": "]}\""}, {"b": [1]}], "z": 1}"#,
                &[r#"{"a": "]}\""}"#, r#"{"b": [1]}"#][..],
            ),
            ("{\"id\": 1}\n{\"id\": 2}\n", &[r#"{"id": 1}"#, r#"{"id": 2}"#]),
            (r#"{"vulnerabilities": []}"#, &[]),
            (r#"{"note": "vulnerabilities", "id": 3}"#, &[r#"{"note": "vulnerabilities", "id": 3}"#]),
            ("", &[]),
        ] {
            assert_eq!(cut(text), (expected.to_vec(), None), "{text}");
        }
    }

    #[test]
    fn a_document_that_ends_too_early_says_where() {
        for text in [
            r#"{"vulnerabilities": [{"a": 1}, {"b": "#,
            r#"{"vulnerabilities": [{"a": 1}"#,
            r#"{"vulnerabilities": [{"a": 1}]"#,
            r#"{"a": "\"#,
            "[1]",
            "{\"a\": 1} x",
        ] {
            assert!(cut(text).1.is_some(), "{text}");
        }
        assert!(cut(&"[{".repeat(100_000)).1.is_some());
        assert!(cut(&r#"{"a":"#.repeat(100_000)).1.is_some());
    }
}
