//! Files that come with a form: streamed into a folder of their own, counted while they come, gone when nobody holds them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::Multipart;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

use crate::cx::Cx;
use crate::failure::Failure;

/// The most files of one form.
const MOST_FILES: usize = 200;
/// The longest field beside the files, in bytes.
const LONGEST_FIELD: usize = 4096;

/// Files in a folder that goes when this goes.
#[derive(Clone)]
pub(crate) struct Received {
    folder: Arc<TempDir>,
    files: Vec<PathBuf>,
    fields: Vec<(String, String)>,
}

impl Received {
    /// The one file; an error where there is none, or several.
    pub(crate) fn only(&self) -> Result<&Path, Failure> {
        match self.files.as_slice() {
            [file] => Ok(file),
            _ => Err(Failure::bad("ファイルを一つ選んでください", "Choose one file")),
        }
    }
    /// The file, or the folder of several.
    pub(crate) fn path(&self) -> &Path {
        self.only().unwrap_or(self.folder.path())
    }
    /// The names of the files.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |file: &PathBuf| file.file_name().map(|name| name.to_string_lossy().into_owned());
        self.files.iter().filter_map(name).collect()
    }
    /// A field that came with them.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(found, _)| found == name).map_or("", |(_, text)| text)
    }
}

/// Takes files in as they come; more than the settings allow is refused as soon as it is seen.
pub(crate) async fn received(cx: &Cx, mut parts: Multipart) -> Result<Received, Failure> {
    let most = cx.app.config.upload_mib << 20;
    let folder = tokio::task::spawn_blocking(TempDir::new).await.map_err(Failure::broken)?;
    let folder = Arc::new(folder.map_err(Failure::broken)?);
    let mut received = Received { folder, files: Vec::new(), fields: Vec::new() };
    let mut size = 0_u64;
    let unreadable = |_| {
        Failure::bad(
            "送信が途中で切れました。もう一度お試しください",
            "The upload broke off. Please try again",
        )
    };
    while let Some(mut part) = parts.next_field().await.map_err(unreadable)? {
        let Some(name) = part.file_name().map(plain_name) else {
            let name = part.name().unwrap_or_default().to_owned();
            let text = bounded_text(&mut part).await?;
            received.fields.push((name, text));
            continue;
        };
        if name.is_empty() {
            continue;
        }
        if received.files.len() >= MOST_FILES {
            return Err(Failure::bad(
                format!("ファイルは{MOST_FILES}個までです。ZIPにまとめてください"),
                format!("At most {MOST_FILES} files; put them into a ZIP archive"),
            ));
        }
        let path = received.free_path(&name);
        let mut file = tokio::fs::File::create_new(&path).await.map_err(Failure::broken)?;
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            size += chunk.len() as u64;
            if size > most {
                return Err(Failure::TooLarge(cx.app.config.upload_mib));
            }
            file.write_all(&chunk).await.map_err(Failure::broken)?;
        }
        file.flush().await.map_err(Failure::broken)?;
        received.files.push(path);
    }
    if received.files.is_empty() {
        return Err(Failure::bad("ファイルを選んでください", "Choose a file"));
    }
    Ok(received)
}

impl Received {
    /// Two files of one name stand beside each other.
    fn free_path(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        if self.files.contains(&path) {
            self.folder.path().join(format!("{}-{name}", self.files.len()))
        } else {
            path
        }
    }
}

async fn bounded_text(part: &mut axum::extract::multipart::Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(Failure::broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_FIELD {
            return Err(Failure::bad("入力が長すぎます", "A field is too long"));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last part of a name, without anything that a path could be made of.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(80).collect();
    kept.trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\a\\表.xlsx", "表.xlsx"),
            ("..", ""),
            (".hidden", "hidden"),
            ("a\0b", "ab"),
        ] {
            assert_eq!(plain_name(sent), kept);
        }
    }
}
