//! Feeds in the encodings that publishers use, with the label in the header, in the
//! declaration, wrong, or missing.

use encoding_rs::Encoding;

use super::corpus::Case;

/// An encoding, and two titles that can be written in it.
struct Tongue {
    encoding: &'static str,
    titles: [&'static str; 2],
}

const TONGUES: [Tongue; 18] = [
    tongue("windows-1250", ["Žádné oběti v Brně", "Příští týden"]),
    tongue("windows-1251", ["Взрыв в Кабуле унёс десять жизней", "Тихий день"]),
    tongue("windows-1252", ["Dix morts à l’hôpital", "Journée très calme"]),
    tongue("windows-1253", ["Δέκα νεκροί στην Καμπούλ", "Ήσυχη μέρα"]),
    tongue("windows-1254", ["Kabil'de on kişi öldü, çatışma sürüyor", "Sakin gün"]),
    tongue("windows-1255", ["עשרה הרוגים בקאבול", "יום שקט"]),
    tongue("windows-1256", ["مقتل عشرة أشخاص في كابول", "يوم هادئ"]),
    tongue("windows-874", ["มีผู้เสียชีวิตสิบคน", "วันที่เงียบสงบ"]),
    tongue("iso-8859-2", ["Żadnych ofiar w Łodzi", "Spokojny dzień"]),
    tongue("iso-8859-5", ["Взрыв в Кабуле", "Тихий день"]),
    tongue("iso-8859-15", ["Dix morts à l'hôpital pour 5 €", "Journée très calme"]),
    tongue("koi8-r", ["Взрыв в Кабуле унес десять жизней", "Тихий день"]),
    tongue("gb18030", ["喀布尔爆炸造成十人死亡", "平静的一天"]),
    tongue("gbk", ["喀布尔爆炸造成十人死亡", "平静的一天"]),
    tongue("big5", ["喀布爾爆炸造成十人死亡", "平靜的一天"]),
    tongue("shift_jis", ["カブールで爆発、十人死亡", "静かな一日"]),
    tongue("euc-jp", ["カブールで爆発、十人死亡", "静かな一日"]),
    tongue("euc-kr", ["카불 폭발로 열 명 사망", "조용한 하루"]),
];

const fn tongue(encoding: &'static str, titles: [&'static str; 2]) -> Tongue {
    Tongue { encoding, titles }
}

/// All cases.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for tongue in &TONGUES {
        for said in [Said::Declared, Said::InHeader, Said::WrongHeader] {
            cases.push(legacy(tongue, said));
        }
        cases.extend(unicode(tongue));
    }
    cases.extend(PAGES.iter().flat_map(paged));
    cases
}

/// A code page that has no standard: its label, a title, and the bytes of the letters in
/// it that are not ASCII.
struct Page {
    label: &'static str,
    title: &'static str,
    letters: &'static [(char, u8)],
}

const PAGES: [Page; 6] = [
    page("cp437", "Zehn Tote in Köln, später mehr", &[('ö', 0x94), ('ä', 0x84)]),
    page("IBM850", "Dez mortos à noite, não há presos", &[('à', 0x85), ('ã', 0xC6), ('á', 0xA0)]),
    page("cp852", "Výbuch v Říčanech", &[('ý', 0xEC), ('Ř', 0xFC), ('í', 0xA1), ('č', 0x9F)]),
    page("ibm855", "Взрыв", &[('В', 0xEC), ('з', 0xF3), ('р', 0xE1), ('ы', 0xF1), ('в', 0xEB)]),
    page("cp857", "Saldırı", &[('ı', 0x8D)]),
    page("cp1125", "Київ", &[('К', 0x8A), ('и', 0xA8), ('ї', 0xF9), ('в', 0xA2)]),
];

const fn page(label: &'static str, title: &'static str, letters: &'static [(char, u8)]) -> Page {
    Page { label, title, letters }
}

/// Named by the declaration and by the header.
fn paged(page: &Page) -> [Case; 2] {
    let titles = [page.title, "Another quiet day"];
    let write = |text: &str| -> Vec<u8> {
        let byte = |c: char| match page.letters.iter().find(|(letter, _)| *letter == c) {
            Some((_, byte)) => *byte,
            None => u8::try_from(u32::from(c)).expect("ASCII"),
        };
        text.chars().map(byte).collect()
    };
    let label = page.label;
    let declared = write(&document(titles, &format!(" encoding=\"{label}\"")));
    let bare = write(&document(titles, ""));
    let header = format!("application/rss+xml; charset={label}");
    [
        case(format!("declared/{label}"), declared, None, titles),
        case(format!("header/{label}"), bare, Some(header), titles),
    ]
}

#[derive(Debug, Clone, Copy)]
enum Said {
    Declared,
    InHeader,
    /// The header says UTF-8; the declaration is right.
    WrongHeader,
}

fn document(titles: [&str; 2], declaration: &str) -> String {
    let items: String = titles
        .iter()
        .enumerate()
        .map(|(n, title)| {
            format!("<item><title>{title}</title><guid>urn:{n}</guid><description>{title}</description></item>")
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"{declaration}?><rss version=\"2.0\"><channel><title>{}</title>{items}</channel></rss>",
        titles[0]
    )
}

fn legacy(tongue: &Tongue, said: Said) -> Case {
    let label = tongue.encoding;
    let encoding = Encoding::for_label(label.as_bytes()).expect("a known label");
    let declaration = match said {
        Said::InHeader => String::new(),
        Said::Declared | Said::WrongHeader => format!(" encoding=\"{label}\""),
    };
    let text = document(tongue.titles, &declaration);
    let (bytes, _, unmappable) = encoding.encode(&text);
    assert!(!unmappable, "{label}");
    let content_type = match said {
        Said::InHeader => Some(format!("text/xml; charset={label}")),
        Said::Declared => None,
        Said::WrongHeader => Some("text/xml; charset=utf-8".to_owned()),
    };
    case(format!("{said:?}/{label}"), bytes.into_owned(), content_type, tongue.titles)
}

/// The same words in Unicode's encodings, with and without marks, under a false label.
fn unicode(tongue: &Tongue) -> Vec<Case> {
    let text = document(tongue.titles, &format!(" encoding=\"{}\"", tongue.encoding));
    let marked = format!("\u{feff}{text}");
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let four =
        |text: &str| text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect::<Vec<u8>>();
    let rows = [
        ("utf-8", text.clone().into_bytes()),
        ("utf-8-bom", marked.clone().into_bytes()),
        ("utf-16be", big(&text)),
        ("utf-16be-bom", big(&marked)),
        ("utf-16le", little(&text)),
        ("utf-16le-bom", little(&marked)),
        ("utf-32be-bom", four(&marked)),
    ];
    rows.map(|(name, bytes)| {
        case(format!("{name}-called/{}", tongue.encoding), bytes, None, tongue.titles)
    })
    .into()
}

fn case(name: String, bytes: Vec<u8>, content_type: Option<String>, titles: [&str; 2]) -> Case {
    let titles = titles.map(str::to_owned).to_vec();
    Case { name: format!("charset-{name}"), bytes, content_type, titles }
}
