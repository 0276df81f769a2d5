//! How much of other people's files is accepted. Every reader is bounded by these; none has a limit of its own
//! elsewhere.

/// Bounds of time and memory when reading files that others made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file, and of one file inside an archive once unpacked.
    pub file_bytes: u64,
    /// Bytes of everything one call reads, unpacked.
    pub total_bytes: u64,
    /// How many times larger an archive's content may be than the archive. Real tables compress up to 40 times.
    pub unpack_ratio: u64,
    /// Files in a folder or archive, counted through all levels.
    pub files: usize,
    /// Folders within folders and archives within archives.
    pub nesting: usize,
    /// Rows of one table.
    pub rows: usize,
    /// Columns of one table.
    pub columns: usize,
    /// Bytes of one cell.
    pub cell_bytes: usize,
    /// Elements within elements of an XML file.
    pub depth: usize,
    /// Elements of an XML file.
    pub elements: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file_bytes: 512 << 20,
            total_bytes: 1 << 30,
            unpack_ratio: 200,
            files: 10_000,
            nesting: 4,
            rows: 5_000_000,
            columns: 1_000,
            cell_bytes: 1 << 20,
            depth: 64,
            elements: 2_000_000,
        }
    }
}
