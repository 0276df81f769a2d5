//! Words of makers and products in a form in which spellings of the same are the same: width, case, accents, punctuation, blanks between
//! letters and numbers, company forms, and the Japanese names of makers that are certain.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xxhash_rust::xxh3::xxh3_64;

/// The most letters of a name that are read.
const LONGEST_NAME: usize = 1024;
/// The most words of a name that are compared.
const MOST_WORDS: usize = 48;
/// Words from this length on may be misspelt.
pub(super) const SPELLING_FROM: usize = 5;
/// The most models of a range (`MX400-550`).
const LONGEST_SPAN: u32 = 512;

/// Company forms and words that say no more than that it is a company.
const FORMS: [&str; 33] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "lp",
    "plc",
    "gmbh",
    "kg",
    "kgaa",
    "ag",
    "se",
    "sa",
    "sas",
    "spa",
    "srl",
    "bv",
    "nv",
    "ab",
    "oy",
    "oyj",
    "as",
    "aps",
    "kk",
    "pty",
    "the",
    "of",
    "and",
    "mbh",
];
/// Words many makers bear, which tell none apart.
const COMMON_MAKER: [&str; 21] = [
    "healthcare",
    "health",
    "care",
    "medical",
    "medizintechnik",
    "systems",
    "system",
    "technologies",
    "technology",
    "international",
    "group",
    "holdings",
    "holding",
    "laboratories",
    "diagnostics",
    "healthineers",
    "japan",
    "devices",
    "electronics",
    "solutions",
    "global",
];
/// Words many products bear.
const COMMON_PRODUCT: [&str; 34] = [
    "system",
    "systems",
    "device",
    "devices",
    "monitor",
    "monitors",
    "software",
    "firmware",
    "application",
    "app",
    "series",
    "family",
    "products",
    "product",
    "model",
    "models",
    "unit",
    "units",
    "medical",
    "patient",
    "with",
    "the",
    "and",
    "for",
    "of",
    "a",
    "all",
    "including",
    "version",
    "versions",
    "installed",
    "module",
    "capability",
    "by",
];
/// Japanese names and forms of makers that are certain, with what they are written as in Latin letters.
const LATIN: [(&str, &str); 41] = [
    ("株式会社", " "),
    ("合同会社", " "),
    ("有限会社", " "),
    ("(株)", " "),
    ("フィリップス", "philips"),
    ("シーメンス", "siemens"),
    ("ヘルスケア", " healthcare"),
    ("ジャパン", " japan"),
    ("ヘルシニアーズ", " healthineers"),
    ("ジーイー", "ge"),
    ("メドトロニック", "medtronic"),
    ("ドレーゲル", "drager"),
    ("バクスター", "baxter"),
    ("アボット", "abbott"),
    ("オリンパス", "olympus"),
    ("キヤノン", "canon"),
    ("メディカルシステムズ", " medical systems"),
    ("メディカル", " medical"),
    ("テルモ", "terumo"),
    ("オムロン", "omron"),
    ("富士フイルム", "fujifilm"),
    ("日本光電", "nihon kohden"),
    ("フクダ電子", "fukuda denshi"),
    ("シスメックス", "sysmex"),
    ("ニプロ", "nipro"),
    ("島津製作所", "shimadzu"),
    ("日立", "hitachi"),
    ("東芝", "toshiba"),
    ("コニカミノルタ", "konica minolta"),
    ("ロシュ", "roche"),
    ("ダイアグノスティックス", " diagnostics"),
    ("ベクトン・ディッキンソン", "becton dickinson"),
    ("日本ベクトン", "becton"),
    ("ビー・ブラウン", "b braun"),
    ("ボストン・サイエンティフィック", "boston scientific"),
    ("ジョンソン・エンド・ジョンソン", "johnson johnson"),
    ("フレゼニウス", "fresenius"),
    ("カービ", " kabi"),
    ("マイクロソフト", "microsoft"),
    ("バイオトロニック", "biotronik"),
    ("ストライカー", "stryker"),
];

/// The names a maker is known by, each in its words.
#[derive(Clone, Debug, Default)]
pub(super) struct MakerNames(pub(super) Vec<Vec<String>>);

/// The words of a product's name.
#[derive(Clone, Debug, Default)]
pub(super) struct ProductWords {
    /// Words that tell products apart, in their order.
    pub(super) words: Vec<String>,
    /// Codes and numbers: words with a digit.
    pub(super) codes: Vec<Code>,
    /// Words of products the name takes out: `not including EchoPAC`.
    pub(super) without: Vec<String>,
}

/// A model code or number, or a range of them: `MX400-550`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) text: String,
    /// Letters, first and last number.
    pub(super) span: Option<(String, u32, u32)>,
}

impl MakerNames {
    /// The whole name, what stands in parentheses (`(BD)`), and the parts of an enumeration.
    pub(super) fn of(maker: &str) -> Self {
        let text = plain(maker);
        let (outer, inner) = parentheses(&text);
        let mut names = vec![maker_words(&outer)];
        names.extend(inner.iter().map(|inside| maker_words(inside)));
        let parts = outer.split([',', '/', ';']).flat_map(|part| part.split(" and "));
        names.extend(parts.map(maker_words));
        let mut kept: Vec<Vec<String>> = Vec::new();
        for name in names.into_iter().filter(|name| !name.is_empty()).take(16) {
            if !kept.contains(&name) {
                kept.push(name);
            }
        }
        Self(kept)
    }

    /// Whether a word stands in one of the names.
    pub(super) fn has(&self, word: &str) -> bool {
        self.0.iter().flatten().any(|known| known == word)
    }
}

impl ProductWords {
    /// The words of a name, without those of its maker.
    pub(super) fn of(product: &str, makers: &MakerNames) -> Self {
        let text = plain(product);
        let cut =
            ["not including", "excluding", "except", "を除く"].iter().find_map(|sign| text.split_once(sign));
        let (text, without) = cut.unwrap_or((&text, ""));
        let (outer, inner) = parentheses(text);
        let mut words = Self { without: plain_words(without), ..Self::default() };
        for code_or_word in tokens(&outer) {
            words.add(code_or_word, makers);
        }
        // Parentheses repeat, explain or list models; only the models count.
        for token in inner.iter().flat_map(|inside| tokens(inside)).filter(|token| has_digit(&token.text)) {
            words.add(token, makers);
        }
        words.words.truncate(MOST_WORDS);
        words.codes.truncate(MOST_WORDS);
        words
    }

    fn add(&mut self, token: Code, makers: &MakerNames) {
        if has_digit(&token.text) {
            if !self.codes.contains(&token) {
                self.codes.push(token);
            }
        } else if !COMMON_PRODUCT.contains(&token.text.as_str())
            && !makers.has(&token.text)
            && !self.words.contains(&token.text)
        {
            self.words.push(token.text);
        }
    }

    /// By what names that may mean one product find each other: each code and word, long words with each letter left out, so that
    /// spellings one letter apart share a key, and all of it without blanks.
    pub(super) fn keys(&self) -> Vec<u64> {
        let key = |text: &str| xxh3_64(text.as_bytes());
        let mut keys = vec![key(&self.whole())];
        for code in &self.codes {
            keys.push(key(&code.text));
            if let Some((letters, first, last)) = &code.span {
                keys.extend((*first..=*last).map(|number| key(&format!("{letters}{number}"))));
            }
        }
        let mut left_out = String::new();
        for word in &self.words {
            keys.push(key(word));
            if word.chars().count() < SPELLING_FROM {
                continue;
            }
            for (at, letter) in word.char_indices() {
                left_out.clear();
                left_out.push_str(&word[..at]);
                left_out.push_str(&word[at + letter.len_utf8()..]);
                keys.push(key(&left_out));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn whole(&self) -> String {
        self.words.iter().chain(self.codes.iter().map(|code| &code.text)).map(String::as_str).collect()
    }
}

/// NFKC without accents, in small letters, makers' Japanese names in Latin ones.
fn plain(text: &str) -> String {
    let latin = |text: &str| text.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    if text.is_ascii() {
        return latin(&text[..text.len().min(LONGEST_NAME)].to_ascii_lowercase());
    }
    let text: String = text.chars().take(LONGEST_NAME).nfkc().collect::<String>().to_lowercase();
    let mut text =
        LATIN.iter().fold(text, |text, (japanese, latin)| text.replace(japanese, &format!("{latin} ")));
    // Kana keep their marks: ば is not は.
    text = text
        .chars()
        .flat_map(|letter| {
            let accented = !matches!(letter, '\u{3040}'..='\u{30ff}');
            letter.nfd().filter(move |part| !accented || !is_combining_mark(*part))
        })
        .nfc()
        .collect();
    latin(&text.replace('ø', "o"))
}

/// A text without what stands in parentheses, and that.
fn parentheses(text: &str) -> (String, Vec<String>) {
    let (mut outer, mut inner, mut depth) = (String::new(), Vec::<String>::new(), 0_usize);
    for letter in text.chars() {
        match letter {
            '(' | '[' => {
                if depth == 0 {
                    inner.push(String::new());
                    outer.push(' ');
                }
                depth += 1;
            }
            ')' | ']' if depth > 0 => depth -= 1,
            _ if depth == 0 => outer.push(letter),
            _ => inner.iter_mut().last().into_iter().for_each(|inside| inside.push(letter)),
        }
    }
    (outer, inner)
}

/// The words of a maker, without company forms; without words that many bear, where others remain.
fn maker_words(text: &str) -> Vec<String> {
    let all: Vec<String> =
        plain_words(text).into_iter().filter(|word| !FORMS.contains(&word.as_str())).collect();
    let own: Vec<String> =
        all.iter().filter(|word| !COMMON_MAKER.contains(&word.as_str())).cloned().collect();
    if own.is_empty() { all } else { own }
}

fn plain_words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).take(MOST_WORDS).map(str::to_owned).collect()
}

/// Words and codes. Up to three letters and the number behind them are one code, however they are joined (`CT 660`, `CT-660`, `CT660`).
fn tokens(text: &str) -> Vec<Code> {
    let mut found: Vec<Code> = Vec::new();
    let mut rest = text;
    // What stands between a piece and the one before it.
    let mut between = String::new();
    while let Some(letter) = rest.chars().next() {
        if !letter.is_alphanumeric() {
            between.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let length =
            rest.find(|letter: char| !letter.is_alphanumeric() && letter != '.').unwrap_or(rest.len());
        let piece = rest[..length].trim_end_matches('.');
        rest = &rest[length..];
        if !joined(&mut found, &between, piece) {
            found.push(Code { text: piece.to_owned(), span: None });
        }
        between.clear();
        if found.len() >= 2 * MOST_WORDS {
            break;
        }
    }
    found
}

/// Whether a number goes on with the piece before it.
fn joined(found: &mut [Code], between: &str, piece: &str) -> bool {
    let Some(last) = found.last_mut().filter(|_| piece.starts_with(|letter: char| letter.is_ascii_digit()))
    else {
        return false;
    };
    if matches!(between, " " | "-") && is_short_word(&last.text) {
        last.text.push_str(piece);
        return true;
    }
    between == "-" && span_of(last, piece)
}

/// `MX400` with `550` behind a hyphen becomes a range of codes.
fn span_of(code: &mut Code, last: &str) -> bool {
    let letters: String = code.text.chars().take_while(char::is_ascii_alphabetic).collect();
    let (first, last) = (code.text[letters.len()..].parse::<u32>(), last.parse::<u32>());
    let (Ok(first), Ok(last)) = (first, last) else { return false };
    if letters.is_empty() || first >= last || last - first > LONGEST_SPAN {
        return false;
    }
    code.text = format!("{}-{last}", code.text);
    code.span = Some((letters, first, last));
    true
}

fn is_short_word(text: &str) -> bool {
    text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}
