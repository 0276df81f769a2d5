//! A push of an advisory that names devices in words suggests exactly the products that are suggested one by one, through any changes of
//! the portfolio.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeSet;

use cyber::advisory::{Advisory, csaf};
use cyber::matching::device::{suggest, worded};
use cyber::matching::{Device, Suggestion, Verdict};
use cyber::watch::{Base, Entry, Portfolio, Product, nation, reach};

fn advisories() -> Option<Vec<Advisory>> {
    let files = common::corpus("icsma-csaf-a.tar.gz")?.into_iter();
    Some(files.map(|(_, bytes)| csaf::read_json(&bytes).unwrap().read.value).collect())
}

/// Products that bear the advisories' own names, and names near to these: other forms of the maker, a letter too many, a model behind.
fn products(advisories: &[Advisory]) -> Vec<Product> {
    let names: BTreeSet<(&str, &str)> =
        advisories.iter().flat_map(|one| &one.affected).flat_map(worded).collect();
    let versions = ["", "1.0", "2.3.1", "5.0", "R4.1", "9.33"];
    let changed = |(at, (maker, product)): (usize, (&str, &str))| {
        let (maker, name) = match at % 5 {
            0 => (maker.to_owned(), product.to_owned()),
            1 => (format!("{maker} 株式会社"), product.to_uppercase()),
            2 => (maker.to_owned(), product.replacen('l', "ll", 1)),
            3 => (maker.to_owned(), format!("{product} ZQ-{at}")),
            _ => (format!("Other {at}"), product.to_owned()),
        };
        Product::new(maker, name, versions[at % versions.len()])
    };
    names.into_iter().step_by(2).enumerate().map(changed).collect()
}

/// What each product is suggested for by itself: the entry that says the most.
fn one_by_one(product: &Product, advisory: &Advisory) -> Option<(usize, Suggestion)> {
    let device = Device {
        maker: product.maker.clone(),
        product: product.name.clone(),
        version: product.stated_version().map(str::to_owned),
        ..Device::default()
    };
    let entries = advisory.affected.iter().enumerate();
    let found = entries.filter_map(|(at, entry)| Some((at, suggest(&device, advisory, entry)?)));
    let may_reach = found.filter(|(_, one)| !matches!(one.verdict, Verdict::NotAffected(_)));
    may_reach.min_by_key(|(at, one)| (!matches!(one.verdict, Verdict::Affected(_)), *at))
}

fn agree<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, advisories: &[Advisory]) -> usize {
    let mut suggested = 0;
    for (number, advisory) in advisories.iter().enumerate() {
        let reach = reach(portfolio, advisory);
        let found: Vec<_> =
            reach.suggested.iter().map(|one| (one.product, (one.entry, one.suggestion()))).collect();
        let expected: Vec<_> = portfolio
            .products()
            .filter_map(|(number, product)| Some((number, one_by_one(&product, advisory)?)))
            .collect();
        assert_eq!(found, expected, "{}", advisory.id);
        assert!(found.iter().all(|(product, _)| reach.undetermined.contains(*product)));
        assert!(reach.affected.is_empty(), "words alone never say that a product is affected");
        let named = nation::named(portfolio, u32::try_from(number).unwrap(), advisory);
        let of_nation: Vec<u32> = named.map(|one| one.products.iter().collect()).unwrap_or_default();
        assert_eq!(found.iter().map(|one| one.0).collect::<Vec<_>>(), of_nation);
        suggested += found.len();
    }
    suggested
}

#[test]
fn a_push_suggests_what_is_suggested_product_by_product() {
    let Some(advisories) = advisories() else { return };
    let products = products(&advisories);
    let mut portfolio = Portfolio::empty();
    for product in &products {
        portfolio.apply(portfolio.setting(product.clone(), []));
    }
    let all = agree(&portfolio, &advisories);
    println!("{} products, suggested {all} times", products.len());
    assert!(all > products.len() / 3);

    let base = Base::open(portfolio.compacted(1)).unwrap();
    let mut portfolio = Portfolio::over(base);
    let few: Vec<Advisory> = advisories.iter().step_by(6).cloned().collect();
    let before = agree(&portfolio, &few);
    for (at, product) in products.iter().enumerate().filter(|(at, _)| at % 3 == 0) {
        let number = portfolio.number(product).unwrap();
        portfolio.apply(Entry::Gone { number });
        if at % 2 == 0 {
            let other = Product::new(product.maker.clone(), product.name.clone(), "99");
            portfolio.apply(portfolio.setting(other, []));
        }
    }
    assert!(agree(&portfolio, &few) < before, "products left, and others have another version now");
}
