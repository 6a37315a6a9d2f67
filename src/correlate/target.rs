//! What was attacked, and the words by which a text tells one attack from another.

/// Words by which a text parts its attack from one that readers know.
pub const ANOTHER: &[&str] = &[
    " another attack ",
    " another blast ",
    " another bombing ",
    " another explosion ",
    " another incident ",
    " another raid ",
    " another ambush ",
    " another bomb ",
    " separate attack ",
    " separate incident ",
    " separate blast ",
    " separate raid ",
    " separate bombing ",
    " separate ambush ",
    " separate explosion ",
    " second attack ",
    " second blast ",
    " second bombing ",
    " second bomb ",
    " second raid ",
    " second ambush ",
    " second explosion ",
    " second incident ",
];

/// A kind of target, and the words for it. Outlets differ on what is a post and what
/// is a base, so these are one; a hospital is where the wounded are brought.
const TARGETS: &[(&str, &[&str])] = &[
    ("airport", &["airport", "airfield"]),
    ("bank", &["bank"]),
    ("bus", &["bus", "minibus", "buses", "coach"]),
    ("church", &["church", "cathedral"]),
    ("convoy", &["convoy", "convoys", "patrol"]),
    ("court", &["court", "courthouse"]),
    ("funeral", &["funeral"]),
    ("hotel", &["hotel", "guesthouse", "restaurant", "cafe"]),
    ("market", &["market", "bazaar", "bazar", "marketplace", "shops"]),
    ("mosque", &["mosque", "mosques", "imambargah", "shrine"]),
    (
        "post",
        &[
            "checkpoint",
            "checkpoints",
            "outpost",
            "outposts",
            "checkpost",
            "post",
            "posts",
            "base",
            "bases",
            "barracks",
            "camp",
        ],
    ),
    ("prison", &["prison", "jail"]),
    ("school", &["school", "madrasa", "seminary", "university", "college", "classroom"]),
    ("wedding", &["wedding"]),
];

/// The kinds of target that the folded words name.
pub fn targets(folded: &str) -> impl Iterator<Item = &'static str> {
    let words: Vec<&str> = folded.split(' ').collect();
    TARGETS
        .iter()
        .filter(move |(_, forms)| forms.iter().any(|form| words.contains(form)))
        .map(|(target, _)| *target)
}
