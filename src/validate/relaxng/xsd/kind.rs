//! The built-in types (XML Schema, Part 2, §3.2 and §3.3): their names, white space and lexical forms.

use std::borrow::Cow;

use super::letters::{is_name, is_ncname, is_nmtoken};
use super::{Context, Value, collapse, number, time, tokens, uri};

/// A built-in type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the type of XML Schema of that name")]
pub(in super::super) enum Kind {
    String,
    NormalizedString,
    Token,
    Language,
    Name,
    NcName,
    NmToken,
    NmTokens,
    Id,
    IdRef,
    IdRefs,
    Entity,
    Entities,
    QName,
    Notation,
    AnyUri,
    Boolean,
    Base64,
    Hex,
    Float,
    Double,
    Decimal,
    Integer,
    NonPositiveInteger,
    NegativeInteger,
    Long,
    Int,
    Short,
    Byte,
    NonNegativeInteger,
    UnsignedLong,
    UnsignedInt,
    UnsignedShort,
    UnsignedByte,
    PositiveInteger,
    Duration,
    DateTime,
    Date,
    Time,
    GYear,
    GYearMonth,
    GMonth,
    GMonthDay,
    GDay,
}

/// Name, type, and what it is in words.
const KINDS: &[(&str, Kind, &str)] = &[
    ("string", Kind::String, "text"),
    ("anyAtomicType", Kind::String, "text"),
    ("untypedAtomic", Kind::String, "text"),
    ("normalizedString", Kind::NormalizedString, "text"),
    ("token", Kind::Token, "text"),
    ("language", Kind::Language, "a language tag such as `en` or `de-AT`"),
    ("Name", Kind::Name, "a name"),
    ("NCName", Kind::NcName, "a name without colon"),
    ("NMTOKEN", Kind::NmToken, "a word of letters, digits, `.`, `-`, `_`, `:`"),
    ("NMTOKENS", Kind::NmTokens, "words of letters, digits, `.`, `-`, `_`, `:`"),
    ("ID", Kind::Id, "an id: a name that begins with a letter or `_`, without colon"),
    ("IDREF", Kind::IdRef, "the id of an element"),
    ("IDREFS", Kind::IdRefs, "ids of elements, with spaces between"),
    ("ENTITY", Kind::Entity, "the name of an entity"),
    ("ENTITIES", Kind::Entities, "names of entities, with spaces between"),
    ("QName", Kind::QName, "a name with a declared prefix"),
    ("NOTATION", Kind::Notation, "the name of a notation"),
    ("anyURI", Kind::AnyUri, "a URI"),
    ("boolean", Kind::Boolean, "`true` or `false`"),
    ("base64Binary", Kind::Base64, "base64"),
    ("hexBinary", Kind::Hex, "pairs of hexadecimal digits"),
    ("float", Kind::Float, "a number"),
    ("double", Kind::Double, "a number"),
    ("decimal", Kind::Decimal, "a decimal number"),
    ("integer", Kind::Integer, "a whole number"),
    ("nonPositiveInteger", Kind::NonPositiveInteger, "a whole number up to 0"),
    ("negativeInteger", Kind::NegativeInteger, "a whole number below 0"),
    ("long", Kind::Long, "a whole number of 64 bits"),
    ("int", Kind::Int, "a whole number of 32 bits"),
    ("short", Kind::Short, "a whole number of 16 bits"),
    ("byte", Kind::Byte, "a whole number from -128 to 127"),
    ("nonNegativeInteger", Kind::NonNegativeInteger, "a whole number from 0 on"),
    ("unsignedLong", Kind::UnsignedLong, "a whole number of 64 bits from 0 on"),
    ("unsignedInt", Kind::UnsignedInt, "a whole number of 32 bits from 0 on"),
    ("unsignedShort", Kind::UnsignedShort, "a whole number from 0 to 65535"),
    ("unsignedByte", Kind::UnsignedByte, "a whole number from 0 to 255"),
    ("positiveInteger", Kind::PositiveInteger, "a whole number from 1 on"),
    ("duration", Kind::Duration, "a duration such as `P1Y2M`"),
    ("dateTime", Kind::DateTime, "a date and time such as `1861-04-12T04:30:00`"),
    ("date", Kind::Date, "a date such as `1861-04-12`"),
    ("time", Kind::Time, "a time such as `04:30:00`"),
    ("gYear", Kind::GYear, "a year such as `1861`"),
    ("gYearMonth", Kind::GYearMonth, "a year and month such as `1861-04`"),
    ("gMonth", Kind::GMonth, "a month such as `--04`"),
    ("gMonthDay", Kind::GMonthDay, "a month and day such as `--04-12`"),
    ("gDay", Kind::GDay, "a day such as `---12`"),
];

impl Kind {
    /// True if what a value means depends on more than its characters: on prefixes and entities that are declared.
    pub(in super::super) fn depends_on_place(self) -> bool {
        matches!(self, Self::QName | Self::Notation | Self::Entity | Self::Entities)
    }

    /// The type of a name.
    pub(in super::super) fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|(known, ..)| *known == name).map(|(_, kind, _)| *kind)
    }

    pub(super) fn describe(self) -> &'static str {
        KINDS.iter().find(|(_, kind, _)| *kind == self).map_or("text", |(.., words)| words)
    }

    /// The text as its type sees it (§4.3.6).
    pub(super) fn normalize(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::String => Cow::Borrowed(text),
            Self::NormalizedString if text.contains(['\t', '\n', '\r']) => {
                Cow::Owned(text.replace(['\t', '\n', '\r'], " "))
            }
            Self::NormalizedString => Cow::Borrowed(text),
            _ => collapse(text),
        }
    }

    /// The bounds of a type of whole numbers.
    fn bounds(self) -> Option<(Option<&'static str>, Option<&'static str>)> {
        Some(match self {
            Self::Integer => (None, None),
            Self::NonPositiveInteger => (None, Some("0")),
            Self::NegativeInteger => (None, Some("-1")),
            Self::Long => (Some("-9223372036854775808"), Some("9223372036854775807")),
            Self::Int => (Some("-2147483648"), Some("2147483647")),
            Self::Short => (Some("-32768"), Some("32767")),
            Self::Byte => (Some("-128"), Some("127")),
            Self::NonNegativeInteger => (Some("0"), None),
            Self::UnsignedLong => (Some("0"), Some("18446744073709551615")),
            Self::UnsignedInt => (Some("0"), Some("4294967295")),
            Self::UnsignedShort => (Some("0"), Some("65535")),
            Self::UnsignedByte => (Some("0"), Some("255")),
            Self::PositiveInteger => (Some("1"), None),
            _ => return None,
        })
    }

    /// True if the type allows a text that is normalized.
    pub(super) fn allows(self, text: &str, context: &Context<'_>) -> bool {
        let all = |fits: fn(&str) -> bool| !text.is_empty() && tokens(text).all(fits);
        match self {
            Self::String | Self::NormalizedString | Self::Token => true,
            Self::Language => is_language(text),
            Self::Name => is_name(text),
            Self::NcName | Self::Id | Self::IdRef => is_ncname(text),
            Self::Entity => context.entities.iter().any(|known| known == text),
            Self::Entities => {
                !text.is_empty() && tokens(text).all(|name| context.entities.iter().any(|known| known == name))
            }
            Self::NmToken => is_nmtoken(text),
            Self::NmTokens => all(is_nmtoken),
            Self::IdRefs => all(is_ncname),
            Self::QName | Self::Notation => Value::qualified(text, context).is_some(),
            Self::AnyUri => uri::is_uri(text),
            Self::Boolean => matches!(text, "true" | "false" | "0" | "1"),
            Self::Base64 => number::base64(text).is_some(),
            Self::Hex => number::hex(text).is_some(),
            Self::Float | Self::Double => number::double(text).is_some(),
            Self::Decimal => number::Decimal::parse(text).is_some(),
            Self::Duration => time::Duration::parse(text).is_some(),
            Self::DateTime
            | Self::Date
            | Self::Time
            | Self::GYear
            | Self::GYearMonth
            | Self::GMonth
            | Self::GMonthDay
            | Self::GDay => time::Moment::parse(self, text).is_some(),
            _ => self.bounds().is_some_and(|bounds| is_integer(text, bounds)),
        }
    }
}

fn is_integer(text: &str, (least, greatest): (Option<&str>, Option<&str>)) -> bool {
    if text.contains('.') {
        return false;
    }
    let Some(value) = number::Decimal::parse(text) else { return false };
    let bound = |bound: Option<&str>| bound.and_then(number::Decimal::parse);
    bound(least).is_none_or(|least| value >= least) && bound(greatest).is_none_or(|greatest| value <= greatest)
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let sized = |part: &str| (1..=8).contains(&part.len());
    parts.next().is_some_and(|first| sized(first) && first.bytes().all(|byte| byte.is_ascii_alphabetic()))
        && parts.all(|part| sized(part) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
