//! What a phrase can be in a report, by the names that the data gives it. What each
//! means in a sentence is decided in `extract`.

/// What a phrase can be in a report. One phrase may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    KillEd,
    KillIng,
    KillPres,
    LivesVerb,
    Die,
    Dead,
    WoundEd,
    WoundIng,
    WoundPres,
    WoundNoun,
    AbductEd,
    AbductIng,
    AbductPres,
    /// Taken, whether prisoner or under arrest.
    Capture,
    AbductOf,
    Captive,
    OwnDeath,
    Leave,
    DeathNoun,
    DeathOf,
    Toll,
    WoundToll,
    Body,
    Casualty,
    InjuryNoun,
    Lives,
    DeadNoun,
    WoundedNoun,
    Heavy,
    Be,
    Have,
    Adverb,
    Negation,
    Hypothetical,
    ModalHave,
    Zero,
    AtLeast,
    MoreThan,
    UpTo,
    LessThan,
    About,
    ExactMark,
    More,
    Between,
    Vague,
    Person,
    Modifier,
    Including,
    Excluding,
    Each,
    Respectively,
    Rose,
    AsMany,
    Lose,
    Said,
    Speaker,
    Deed,
    Act,
    Storm,
    Gunfire,
    Habit,
    Elsewhere,
    Backward,
    Period,
    Accident,
    /// Words for a deed that an accident can be as well: a blast, a fire, a storm.
    Either,
    /// Beasts that kill.
    Beast,
    /// Drills and exercises, in which nobody is harmed.
    Feigned,
    NotNews,
    /// Words of sport and stage that attack reports use as well.
    Stage,
    /// Words for a conflict as a whole.
    War,
    Verdict,
    /// Reports of figures over months.
    Survey,
    /// What comes after a deed and takes it as known: arrests, charges, museums.
    Aftermath,
    /// Words for condolence and outrage, that day or later.
    Mourning,
    ClaimMade,
    ClaimNone,
    ClaimDenied,
    Blame,
    Thing,
    General,
}

/// The classes by the names that the data gives them.
pub(super) const CLASSES: &[(&str, Class)] = &[
    ("kill-ed", Class::KillEd),
    ("kill-ing", Class::KillIng),
    ("kill-pres", Class::KillPres),
    ("lives-verb", Class::LivesVerb),
    ("die", Class::Die),
    ("dead", Class::Dead),
    ("wound-ed", Class::WoundEd),
    ("wound-ing", Class::WoundIng),
    ("wound-pres", Class::WoundPres),
    ("wound-noun", Class::WoundNoun),
    ("abduct-ed", Class::AbductEd),
    ("abduct-ing", Class::AbductIng),
    ("abduct-pres", Class::AbductPres),
    ("capture", Class::Capture),
    ("abduct-of", Class::AbductOf),
    ("captive", Class::Captive),
    ("own-death", Class::OwnDeath),
    ("leave", Class::Leave),
    ("death-noun", Class::DeathNoun),
    ("death-of", Class::DeathOf),
    ("toll", Class::Toll),
    ("wound-toll", Class::WoundToll),
    ("body", Class::Body),
    ("casualty", Class::Casualty),
    ("injury-noun", Class::InjuryNoun),
    ("lives", Class::Lives),
    ("dead-noun", Class::DeadNoun),
    ("wounded-noun", Class::WoundedNoun),
    ("heavy", Class::Heavy),
    ("be", Class::Be),
    ("have", Class::Have),
    ("adverb", Class::Adverb),
    ("negation", Class::Negation),
    ("hypothetical", Class::Hypothetical),
    ("modal-have", Class::ModalHave),
    ("zero", Class::Zero),
    ("at-least", Class::AtLeast),
    ("more-than", Class::MoreThan),
    ("up-to", Class::UpTo),
    ("less-than", Class::LessThan),
    ("about", Class::About),
    ("exact-mark", Class::ExactMark),
    ("more", Class::More),
    ("between", Class::Between),
    ("vague", Class::Vague),
    ("person", Class::Person),
    ("modifier", Class::Modifier),
    ("including", Class::Including),
    ("excluding", Class::Excluding),
    ("each", Class::Each),
    ("respectively", Class::Respectively),
    ("rose", Class::Rose),
    ("as-many", Class::AsMany),
    ("lose", Class::Lose),
    ("said", Class::Said),
    ("speaker", Class::Speaker),
    ("deed", Class::Deed),
    ("act", Class::Act),
    ("storm", Class::Storm),
    ("gunfire", Class::Gunfire),
    ("habit", Class::Habit),
    ("elsewhere", Class::Elsewhere),
    ("backward", Class::Backward),
    ("period", Class::Period),
    ("accident", Class::Accident),
    ("either", Class::Either),
    ("beast", Class::Beast),
    ("feigned", Class::Feigned),
    ("not-news", Class::NotNews),
    ("stage", Class::Stage),
    ("war", Class::War),
    ("verdict", Class::Verdict),
    ("survey", Class::Survey),
    ("aftermath", Class::Aftermath),
    ("mourning", Class::Mourning),
    ("claim-made", Class::ClaimMade),
    ("claim-none", Class::ClaimNone),
    ("claim-denied", Class::ClaimDenied),
    ("blame", Class::Blame),
    ("thing", Class::Thing),
    ("general", Class::General),
];

/// A set of classes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Classes(u128);

impl Classes {
    pub const NONE: Classes = Classes(0);

    /// All of these.
    #[inline(always)]
    pub fn of(classes: &[Class]) -> Classes {
        classes.iter().fold(Classes::NONE, |all, class| all.with(*class))
    }

    /// The set with one more.
    #[inline(always)]
    pub fn with(self, class: Class) -> Classes {
        Classes(self.0 | 1 << class as u8)
    }

    #[inline(always)]
    pub fn has(self, class: Class) -> bool {
        self.meet(Classes::NONE.with(class))
    }

    /// All that is in either.
    pub fn or(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }

    /// Whether a class is in both.
    #[inline(always)]
    pub fn meet(self, other: Classes) -> bool {
        self.0 & other.0 != 0
    }
}
