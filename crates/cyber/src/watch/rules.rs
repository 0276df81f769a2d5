//! The published texts the watch rests on. They were read in part; a person has to check the full text before a rule is called official.

use base::{DocumentStatus, Place, Source};

/// 医療機器のサイバーセキュリティ導入に関する手引書（改訂第2版）, 2023-03-31.
pub(super) fn handbook(place: &str) -> Source {
    said(
        "医療機器のサイバーセキュリティ導入に関する手引書",
        place,
        "https://wic-net.com/material/document/10265",
    )
}

/// 医薬機審発0328第1号・医薬安発0328第3号, 2024-03-28.
pub(super) fn notice(place: &str) -> Source {
    said("医薬機審発0328第1号・医薬安発0328第3号", place, "https://wic-net.com/material/document/16054")
}

/// JIS T 81001-5-1:2023.
pub(super) fn standard(clause: &str) -> Source {
    said("JIS T 81001-5-1", clause, "https://www.kelseyqms.com/crosswalk/iec-81001")
}

fn said(document: &str, place: &str, url: &str) -> Source {
    Source {
        document: document.to_owned(),
        place: Place { cell: Some(place.to_owned()).filter(|place| !place.is_empty()), ..Place::default() },
        url: Some(url.to_owned()),
        status: DocumentStatus::Decided,
        ..Source::default()
    }
}
