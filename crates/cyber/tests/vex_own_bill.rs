//! What is written of a bill applies to that bill, whatever its format and whatever tells its product from others, and to no bill of another
//! product that holds the same components.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use cyber::document::Limits;
use cyber::sbom;
use cyber::sbom::convert::{Circumstances, Target, convert};
use cyber::vex::{
    Application, Bill, Format, Head, Line, Subject, Unwritable, apply, read, statements, write,
};

const FORMATS: [Format; 3] = [Format::CycloneDx, Format::OpenVex, Format::Csaf];

/// A device with a library from a registry and one that has nothing but its name.
fn cyclonedx(serial: &str, subject: &str) -> String {
    let serial =
        if serial.is_empty() { String::new() } else { format!(r#""serialNumber": "urn:uuid:{serial}","#) };
    format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", {serial} "version": 1, "metadata": {{
            "timestamp": "2026-01-02T03:04:05Z" {subject}}}, "components": [
            {{"type": "library", "name": "jelly", "version": "1.4", "bom-ref": "a", "purl": "pkg:pypi/jelly@1.4"}},
            {{"type": "library", "group": "fruit", "name": "jam", "version": "1.0", "bom-ref": "b", "cpe": "cpe:2.3:a:fruit:jam:1.0:*:*:*:*:*:*:*"}},
            {{"type": "library", "name": "honey", "version": "2.1", "bom-ref": "c"}}]}}"#
    )
}

fn device(name: &str, version: &str) -> String {
    let version = if version.is_empty() { String::new() } else { format!(r#", "version": "{version}""#) };
    format!(r#", "component": {{"type": "device", "name": "{name}"{version}, "bom-ref": "device"}}"#)
}

fn converted(text: &str, target: &str) -> String {
    let reading = sbom::read(text.as_bytes(), &Limits::default()).unwrap();
    let identity = reading.sbom.name.as_ref().map(|name| format!("https://acme.example/bills/{name}"));
    let with = Circumstances {
        now: Some("2026-01-02T03:04:05Z"),
        identity: Some(identity.as_deref().unwrap_or("https://acme.example/bill")),
        tool: None,
    };
    sbom::write(&convert(&reading, Target::named(target).unwrap(), &with).document)
}

fn bill(text: &str) -> Bill {
    Bill::of(&sbom::read(text.as_bytes(), &Limits::default()).unwrap().sbom)
}

/// A bill in all the ways its product may be told from others.
fn ways(name: &str, version: &str, serial: &str) -> Vec<(&'static str, Bill)> {
    let with = cyclonedx(serial, &device(name, version));
    let without = cyclonedx("", &device(name, version));
    vec![
        ("CycloneDX with a serial number", bill(&with)),
        ("CycloneDX without one", bill(&without)),
        ("SPDX 2.3", bill(&converted(&with, "spdx-2.3"))),
        ("SPDX 3", bill(&converted(&with, "spdx-3.0"))),
        ("SPDX 2.3 of one without a serial number", bill(&converted(&without, "spdx-2.3"))),
    ]
}

/// A vulnerability on each component, and on the device as a whole.
fn lines() -> Vec<Line> {
    let line = |number: usize, component: &str| Line {
        vulnerability: format!("CVE-2026-000{number}"),
        component: component.to_owned(),
        status: "not_affected".to_owned(),
        impact: "never called".to_owned(),
        ..Line::default()
    };
    ["pkg:pypi/jelly@1.4", "jam", "honey"]
        .into_iter()
        .chain([""])
        .zip(1..)
        .map(|(component, number)| line(number, component))
        .collect()
}

fn subjects(bill: &Bill) -> Vec<Subject> {
    let part = |name: &str| bill.parts.iter().position(|part| part.name.as_deref() == Some(name)).unwrap();
    let one = |(name, number): (&str, usize)| Subject {
        advisory: format!("CVE-2026-000{number}"),
        aliases: Vec::new(),
        part: part(name),
    };
    [("jelly", 1), ("jam", 2), ("honey", 3), ("jelly", 4)].into_iter().map(one).collect()
}

fn written(format: Format, bill: &Bill) -> Result<String, Vec<Unwritable>> {
    let head = Head {
        id: "urn:uuid:1e671687-395b-41f5-a30f-a58921a69b79".to_owned(),
        author: "Acme".to_owned(),
        namespace: Some("https://acme.example".to_owned()),
        title: "Statements".to_owned(),
        timestamp: "2026-03-01T00:00:00Z".to_owned(),
        earlier: Vec::new(),
    };
    write(format, &head, &statements(&lines(), bill).unwrap()).map(|written| written.text)
}

fn applied(text: &str, bill: &Bill) -> Application {
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(reading.errors, 0, "{:?}\n{text}", reading.deviations);
    apply(bill, &subjects(bill), &[&reading.document], &[])
}

fn settled(application: &Application) -> Vec<bool> {
    application.stated.iter().map(cyber::vex::Stated::settles).collect()
}

const PUMP: &str = "3e671687-395b-41f5-a30f-a58921a69b79";
const OTHER: &str = "4e671687-395b-41f5-a30f-a58921a69b79";

#[test]
fn what_is_written_applies_to_its_own_bill_and_to_no_other_product() {
    let mut others = ways("Monitor", "1.0", OTHER);
    others.extend(ways("Pump", "2.0", OTHER));
    others.push(("no subject", bill(&cyclonedx(OTHER, ""))));
    others.push(("nothing", bill(&cyclonedx("", ""))));
    for (way, own) in ways("Pump", "1.0", PUMP) {
        for format in FORMATS {
            let text = written(format, &own).unwrap();
            let application = applied(&text, &own);
            assert_eq!(
                settled(&application),
                [true; 4],
                "{format:?}, {way}: {:#?}\n{text}",
                application.told
            );
            for (other, bill) in &others {
                let application = applied(&text, bill);
                assert_eq!(
                    settled(&application),
                    [false; 4],
                    "{format:?}, {way} → {other}: {:#?}\n{text}",
                    application.told
                );
            }
        }
    }
}

/// Without a version only the document itself tells the product from others; a format that cannot say which document is refused.
#[test]
fn a_product_that_only_its_document_tells_apart_is_bound_to_that_document() {
    for subject in ["", &device("Pump", "")] {
        let own = cyclonedx(PUMP, subject);
        let spdx = |serial: &str, target: &str| {
            let text = converted(&cyclonedx(serial, &device("Pump", "")), target);
            if subject.is_empty() {
                text.replace("DESCRIBES", "OTHER").replace("rootElement", "x_root")
            } else {
                text
            }
        };
        let other = |target: &str| bill(&spdx(OTHER, target));
        let others = [
            bill(&cyclonedx(OTHER, subject)),
            bill(&cyclonedx("", subject)),
            other("spdx-2.3"),
            other("spdx-3.0"),
        ];
        for own in [bill(&own), bill(&spdx(PUMP, "spdx-2.3")), bill(&spdx(PUMP, "spdx-3.0"))] {
            for format in FORMATS {
                let Ok(text) = written(format, &own) else {
                    assert_eq!(format, Format::CycloneDx);
                    continue;
                };
                let application = applied(&text, &own);
                // A link to a part is all that CycloneDX says of it; of the whole there is no other name.
                assert_eq!(settled(&application), [true; 4], "{format:?}: {:#?}\n{text}", application.told);
                for bill in &others {
                    let application = applied(&text, bill);
                    assert_eq!(
                        settled(&application),
                        [false; 4],
                        "{format:?}: {:#?}\n{text}",
                        application.told
                    );
                }
            }
        }
        assert_eq!(bill(&cyclonedx("", subject)).product(), None);
    }
}
