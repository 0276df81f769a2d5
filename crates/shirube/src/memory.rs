//! How memory is taken from the system.

/// Views and pages are made of very many small pieces, on all processors at once; the system's own allocator is slower at that and
/// gives less back. Its second generation: of the measured ones it holds the least for those who read at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Takes memory by small pages from here on. A command asks for its memory once and ends: by huge pages, which the allocator asks for,
/// the system hands it over several times faster. A server keeps what it holds for weeks, and huge pages are given back only whole.
pub(crate) fn by_small_pages() {
    // A system without huge pages has nothing to switch off, and a server that holds a quarter more serves all the same.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
