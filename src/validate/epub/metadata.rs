//! What the metadata of a package say (EPUB 3.3, section 5.5 and appendix D): which property refines what, and
//! what its value may be.

use chrono::NaiveDate;
use foldhash::HashMap;

use super::desk::{Desk, Page};
use super::overlay::clock;
use super::package::{OPF, Package, Statement};
use super::property::{Prefixes, Use};
use super::rule;
use super::tree::{Element, Tree};
use super::url::{self, Target};
use crate::source::Span;
use crate::xml::parse::XML;

/// The metadata of one package, at work.
pub(super) struct Metadata<'m> {
    pub(super) package: &'m Package,
    pub(super) tree: &'m Tree<'m>,
    pub(super) page: &'m Page<'m>,
    pub(super) path: &'m str,
    pub(super) prefixes: &'m Prefixes,
}

/// A property, what its statement may refine (by name), and whether it must.
const REFINEMENTS: &[(&str, &[&str])] = &[
    ("authority", &["subject"]),
    ("term", &["subject"]),
    ("belongs-to-collection", &["belongs-to-collection"]),
    ("collection-type", &["belongs-to-collection"]),
    ("group-position", &["belongs-to-collection"]),
    ("identifier-type", &["identifier", "source"]),
    ("role", &["creator", "contributor", "publisher"]),
    ("source-of", &["source"]),
    ("title-type", &["title"]),
];

/// Properties of the rendition vocabulary and their values.
const RENDITION: &[(&str, &[&str])] = &[
    ("rendition:layout", &["reflowable", "pre-paginated"]),
    ("rendition:orientation", &["landscape", "portrait", "auto"]),
    ("rendition:spread", &["none", "landscape", "portrait", "both", "auto"]),
    ("rendition:flow", &["paginated", "scrolled-continuous", "scrolled-doc", "auto"]),
];

impl Metadata<'_> {
    fn wrong(&self, span: Span, message: String, desk: &mut Desk<'_>) {
        desk.tell(&rule::XML_RULE, self.page, span, message);
    }

    /// Checks what the metadata of an EPUB 3 say.
    pub(super) fn check(&self, desk: &mut Desk<'_>) {
        let targets = self.targets();
        let mut seen: HashMap<&str, usize> = HashMap::default();
        for statement in &self.package.statements {
            if statement.dublin_core {
                self.dublin_core(statement, desk);
                continue;
            }
            let element = &self.tree.elements[statement.at];
            let span = element.attribute("property").map_or(statement.span, |property| property.span);
            self.prefixes.check(&statement.name, Use::Meta, self.page, span, desk);
            if let Some(scheme) = &statement.scheme {
                self.prefixes.check(scheme, Use::Scheme, self.page, span, desk);
            }
            let count = seen.entry(&statement.name).or_default();
            *count += usize::from(statement.refines.is_none());
            let again = *count > 1 && statement.refines.is_none();
            self.refinement(statement, &targets, desk);
            self.value(statement, again, desk);
        }
        self.modified(desk);
        self.subjects(desk);
        self.cycles(desk);
        self.links(&targets, desk);
        self.renditions(desk);
    }

    /// Each `id` of the package with the name of its element, a `meta` with that of its property.
    fn targets(&self) -> HashMap<&str, &str> {
        let mut targets = HashMap::default();
        for element in &self.tree.elements {
            if let Some(id) = element.get("id") {
                let name = element.get("property").filter(|_| element.is(OPF, "meta"));
                targets.entry(id).or_insert(name.unwrap_or_else(|| element.name.local()));
            }
        }
        targets
    }

    fn refinement(&self, statement: &Statement, targets: &HashMap<&str, &str>, desk: &mut Desk<'_>) {
        let mut refined = None;
        if let Some(refines) = &statement.refines {
            match refines.strip_prefix('#') {
                Some(id) => {
                    refined = targets.get(id).copied();
                    if refined.is_none() {
                        let message = format!("`{refines}` refines an id that is not there");
                        self.wrong(statement.span, message, desk);
                    }
                }
                None => self.refined_file(refines, statement.span, desk),
            }
        }
        let Some((_, allowed)) = REFINEMENTS.iter().find(|(name, _)| *name == statement.name) else { return };
        let free = statement.name == "belongs-to-collection" && statement.refines.is_none();
        if !free && !refined.is_some_and(|refined| allowed.contains(&refined)) {
            let message = format!("the property `{}` must refine {}", statement.name, allowed.join(" or "));
            self.wrong(statement.span, message, desk);
        }
    }

    /// A refinement of a file of the archive: by the id of its item, rather.
    fn refined_file(&self, refines: &str, span: Span, desk: &mut Desk<'_>) {
        match url::resolve(self.path, None, refines).target {
            Target::Within(path, _) if self.package.by_path.contains_key(path.as_str()) => {
                let message = format!("`{refines}` should name the id of the item, as `#id`");
                desk.tell(&rule::XML_DEPRECATED, self.page, span, message);
            }
            Target::Within(..) => {}
            _ => self.wrong(span, format!("`{refines}` must be a relative address"), desk),
        }
    }

    fn value(&self, statement: &Statement, again: bool, desk: &mut Desk<'_>) {
        let (name, value) = (statement.name.as_str(), statement.value.as_str());
        if let Some((_, known)) = RENDITION.iter().find(|(property, _)| *property == name) {
            if !known.contains(&value) {
                self.wrong(statement.span, format!("`{name}` must be one of {}", known.join(", ")), desk);
            }
            if name == "rendition:spread" && value == "portrait" {
                let message = "`portrait` is out of use: `both` says the same";
                desk.tell(&rule::PROPERTY_DEPRECATED, self.page, statement.span, message);
            }
        }
        if name.starts_with("rendition:") {
            if statement.refines.is_some() && name != "rendition:viewport" {
                self.wrong(statement.span, format!("`{name}` is said of the publication only"), desk);
            }
            if again {
                self.wrong(statement.span, format!("`{name}` is there more than once"), desk);
            }
        }
        match name {
            "rendition:viewport" if !is_viewport(value) => {
                self.wrong(statement.span, "`rendition:viewport` must be `width=…, height=…`".to_owned(), desk);
            }
            "media:duration" if clock(value).is_none() => {
                self.wrong(statement.span, format!("`{value}` is no clock value of SMIL, as `0:32:29`"), desk);
            }
            "media:active-class" | "media:playback-active-class" => self.class_name(statement, again, desk),
            "media:duration" if again => {
                self.wrong(statement.span, "the total duration is there more than once".to_owned(), desk);
            }
            "source-of" if value != "pagination" => {
                self.wrong(statement.span, "`source-of` must be `pagination`".to_owned(), desk);
            }
            "meta-auth" => {
                desk.tell(&rule::XML_DEPRECATED, self.page, statement.span, "the property `meta-auth` is out of use");
            }
            _ => {}
        }
    }

    fn class_name(&self, statement: &Statement, again: bool, desk: &mut Desk<'_>) {
        let name = &statement.name;
        if statement.refines.is_some() {
            self.wrong(statement.span, format!("`{name}` is said of the publication only"), desk);
        }
        if again {
            self.wrong(statement.span, format!("`{name}` is there more than once"), desk);
        }
        if statement.value.split_ascii_whitespace().count() > 1 {
            self.wrong(statement.span, format!("`{name}` must be one class name"), desk);
        }
    }

    fn dublin_core(&self, statement: &Statement, desk: &mut Desk<'_>) {
        let value = &statement.value;
        match statement.name.as_str() {
            "language" if !value.is_empty() && !is_language(value) => {
                let message = format!("`{value}` is no language tag, as `en` or `de-AT` are");
                desk.tell(&rule::LANGUAGE, self.page, statement.span, message);
            }
            "date" if !value.is_empty() && !is_date(value) => {
                desk.tell(&rule::DATE, self.page, statement.span, format!("`{value}` is no date, as `1921-05-03` is"));
            }
            _ => {}
        }
    }

    fn modified(&self, desk: &mut Desk<'_>) {
        let is_modified = |statement: &&Statement| statement.name == "dcterms:modified" && !statement.dublin_core;
        let all = self.package.statements.iter().filter(is_modified);
        let own = all.clone().filter(|statement| statement.refines.is_none()).count();
        if own != 1 {
            self.wrong(self.metadata(), format!("`dcterms:modified` is there {own} times; it must be once"), desk);
        }
        for statement in all {
            if !is_instant(&statement.value) {
                let message = format!("`{}` must be written like `2026-01-31T08:30:00Z`", statement.value);
                self.wrong(statement.span, message, desk);
            }
        }
    }

    fn metadata(&self) -> Span {
        let metadata = self.tree.elements.iter().find(|element| element.is(OPF, "metadata"));
        metadata.map_or(Span::default(), |metadata| metadata.span)
    }

    /// An authority needs a term, and a term an authority.
    fn subjects(&self, desk: &mut Desk<'_>) {
        let mut said: HashMap<&str, (usize, usize)> = HashMap::default();
        for statement in &self.package.statements {
            let Some(id) = statement.refines.as_deref().and_then(|refines| refines.strip_prefix('#')) else { continue };
            let counts = said.entry(id).or_default();
            counts.0 += usize::from(statement.name == "authority");
            counts.1 += usize::from(statement.name == "term");
        }
        for statement in self.package.statements.iter().filter(|statement| statement.dublin_core) {
            let counts = statement.id.as_deref().and_then(|id| said.get(id)).copied().unwrap_or_default();
            let message = match counts {
                (0, 0) | (1, 1) => continue,
                (0, _) => "a `term` needs an `authority`",
                (_, 0) => "an `authority` needs a `term`",
                _ => "a subject has one `authority` and one `term`",
            };
            self.wrong(statement.span, message.to_owned(), desk);
        }
    }

    /// Statements that refine one another.
    fn cycles(&self, desk: &mut Desk<'_>) {
        let parent = |statement: &Statement| statement.refines.as_deref()?.strip_prefix('#').map(str::to_owned);
        let by_id: HashMap<&str, &Statement> =
            self.package.statements.iter().filter_map(|one| Some((one.id.as_deref()?, one))).collect();
        // 1: on the way that is walked now; 2: known to end.
        let mut state: HashMap<&str, u8> = HashMap::default();
        for start in by_id.keys() {
            let mut way = Vec::new();
            let mut at = *start;
            while let Some((id, statement)) = by_id.get_key_value(at) {
                match state.get(id) {
                    Some(1) => {
                        return desk.tell(
                            &rule::REFINES_CYCLE,
                            self.page,
                            statement.span,
                            "metadata refine each other",
                        );
                    }
                    Some(_) => break,
                    None => {}
                }
                state.insert(id, 1);
                way.push(*id);
                match parent(statement).and_then(|next| by_id.get_key_value(next.as_str()).map(|(id, _)| *id)) {
                    Some(next) => at = next,
                    None => break,
                }
            }
            state.extend(way.into_iter().map(|id| (id, 2)));
        }
    }

    /// The `link` elements of the metadata, and of collections.
    fn links(&self, targets: &HashMap<&str, &str>, desk: &mut Desk<'_>) {
        for element in self.tree.elements.iter().filter(|element| element.is(OPF, "link")) {
            let of_metadata = element.parent.is_some_and(|parent| self.tree.elements[parent].is(OPF, "metadata"));
            if let Some(tag) = element.get("hreflang").filter(|tag| !tag.is_empty() && !is_language(tag)) {
                desk.tell(&rule::LANGUAGE, self.page, element.span, format!("`{tag}` is no language tag"));
            }
            if of_metadata {
                self.link(element, targets, desk);
            }
        }
        for element in &self.tree.elements {
            if let Some(tag) = element.get_of(XML, "lang").filter(|tag| !tag.is_empty() && !is_language(tag)) {
                desk.tell(&rule::LANGUAGE, self.page, element.span, format!("`{tag}` is no language tag"));
            }
        }
    }

    fn link(&self, element: &Element<'_>, targets: &HashMap<&str, &str>, desk: &mut Desk<'_>) {
        let (page, span) = (self.page, element.span);
        let rel = element.get("rel").unwrap_or("");
        self.prefixes.check(rel, Use::Rel, page, span, desk);
        if let Some(properties) = element.get("properties") {
            self.prefixes.check(properties, Use::Link, page, span, desk);
        }
        let keywords = rel.split_ascii_whitespace().collect::<Vec<_>>();
        let has = |keyword: &str| keywords.contains(&keyword);
        if has("alternate") && keywords.len() > 1 {
            desk.tell(&rule::LINK_ALTERNATE, page, span, "`alternate` must stand alone in `rel`");
        }
        let media_type = element.get("media-type");
        for keyword in ["record", "voicing"].into_iter().filter(|keyword| has(keyword) && media_type.is_none()) {
            desk.tell(&rule::LINK_TYPE_NEEDED, page, span, format!("a `{keyword}` link needs a `media-type`"));
        }
        if let Some(other) = media_type.filter(|media_type| has("voicing") && !media_type.starts_with("audio/")) {
            desk.tell(
                &rule::LINK_VOICING,
                page,
                span,
                format!("a `voicing` link leads to sound, but this to `{other}`"),
            );
        }
        if has("record") && element.attribute("refines").is_some() {
            self.wrong(span, "a `record` link is said of the publication only".to_owned(), desk);
        }
        if has("voicing") && element.attribute("refines").is_none() {
            self.wrong(span, "a `voicing` link must refine something".to_owned(), desk);
        }
        let refined = element.get("refines").and_then(|refines| refines.strip_prefix('#'));
        if let Some(id) = refined.filter(|id| !targets.contains_key(id)) {
            self.wrong(span, format!("`#{id}` refines an id that is not there"), desk);
        }
    }

    /// Only one of the properties of a place that speak of the same thing.
    fn renditions(&self, desk: &mut Desk<'_>) {
        const SPREADS: &[&str] = &["page-spread-left", "page-spread-right", "rendition:page-spread-center"];
        for place in &self.package.spine {
            let has = |property: &str| place.properties.iter().filter(|known| *known == property).count();
            let of_kind = |kind: &str| place.properties.iter().filter(|known| known.starts_with(kind)).count();
            let kinds = ["rendition:layout-", "rendition:orientation-", "rendition:spread-", "rendition:flow-"];
            for kind in kinds.into_iter().filter(|kind| of_kind(kind) > 1) {
                self.wrong(place.span, format!("only one of the properties `{kind}…` may stand here"), desk);
            }
            if SPREADS.iter().map(|spread| has(spread)).sum::<usize>() > 1 {
                self.wrong(place.span, "a page can't be on two sides of a spread".to_owned(), desk);
            }
            for property in &place.properties {
                self.prefixes.check(property, Use::Place, self.page, place.span, desk);
            }
        }
    }
}

/// Checks what the metadata of an EPUB 2 say (Open Packaging Format 2.0.1, section 2.2).
pub(super) fn of_epub2(metadata: &Metadata<'_>, desk: &mut Desk<'_>) {
    let page = metadata.page;
    for statement in metadata.package.statements.iter().filter(|statement| statement.dublin_core) {
        let element = &metadata.tree.elements[statement.at];
        let (name, value) = (statement.name.as_str(), statement.value.as_str());
        if value.is_empty() && name == "title" {
            desk.tell(&rule::EMPTY, page, statement.span, format!("`dc:{name}` is empty"));
        }
        if let Some(role) = element.get_of(OPF, "role").filter(|role| !is_role(role)) {
            desk.tell(&rule::ROLE, page, statement.span, format!("`{role}` is no role of MARC's relators"));
        }
        match name {
            "date" if value.is_empty() => {
                desk.tell(&rule::DATE_EPUB2, page, statement.span, "the date is empty");
            }
            "date" if !is_date(value) => {
                let message = format!("`{value}` is no date, as `1921-05-03` is");
                desk.tell(&rule::DATE_EPUB2, page, statement.span, message);
            }
            _ => {}
        }
    }
}

/// Three small letters, as all of MARC's codes are, or a code of one's own behind `oth.`.
fn is_role(role: &str) -> bool {
    RELATORS.split_ascii_whitespace().any(|known| known == role) || role.starts_with("oth.")
}

/// The codes of MARC for what somebody has to do with a work.
const RELATORS: &str = "abr acp act adi adp aft anc anl anm ann ant ape apl app aqt arc ard arr art asg asn ato att auc \
    aud aui aus aut bdd bjd bka bkd bkp blw bnd bpd brd brl bsl cad cas ccp chr clb cli cll clr clt cmm cmp cmt cnd cng \
    cns coe col com con cop cor cos cot cou cov cpc cpe cph cpl cpt cre crp crr crt csl csp cst ctb cte ctg ctr cts ctt \
    cur cwt dbd dbp dfd dfe dft dgc dgg dgs dis djo dln dnc dnr dpb dpc dpt drm drt dsr dst dtc dte dtm dto dub edc edd \
    edm edt egr elg elt eng enj etr evp exp fac fds fld flm fmd fmk fmo fmp fnd fon fpy frg gdv gis grt his hnr hst ill \
    ilu ins inv isb itr ivd ive ivr jud jug kad lbr lbt ldr led lee lel len let lgd lie lil lit lsa lse lso ltg ltr lyr \
    mcp mdc med mfp mfr mka mod mon mrb mrk msd mte mtk mup mus mxe nan nrt onp opn org orm orr osp oth own pad pan pat \
    pbd pbl pdr pfr pht plt pma pmn pnc pop ppm ppt pra prc prd pre prf prg prm prn pro prp prs prt prv pta pte ptf pth \
    ptt pup rap rbr rcd rce rcp rdd red ren res rev rpc rps rpt rpy rse rsg rsp rsr rst rth rtm rxa sad sce scl scr sde \
    sds sec sfx sgd sgn sht sll sng spk spn spy srv std stg stl stm stn str swd tad tau tcd tch ths tld tlf tlg tlh tlp \
    trc trl tyd tyg uvp vac vdg vfx voc wac wal wam wat waw wdc wde wfs wft win wit wpr wst wts";

fn is_viewport(value: &str) -> bool {
    let number = |value: Option<&str>| value.is_some_and(|value| value.trim().parse::<u32>().is_ok());
    let mut parts = value.split(',').map(str::trim);
    let (Some(a), Some(b), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let size = |name: &str| {
        [a, b].into_iter().any(|part| number(part.strip_prefix(name).and_then(|rest| rest.strip_prefix('='))))
    };
    size("width") && size("height")
}

/// True for `2026-01-31T08:30:00Z`.
fn is_instant(value: &str) -> bool {
    value.len() == 20 && chrono::NaiveDateTime::parse_from_str(value, "%Y-%m-%dT%H:%M:%SZ").is_ok()
}

/// True for a year, a month, a day or a time of a day in the form of ISO 8601 that W3C recommends.
pub(super) fn is_date(value: &str) -> bool {
    let number = |text: &str, longest: usize| {
        let digits = !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let parts = date.split('-').collect::<Vec<_>>();
    let Some(year) = parts.first().filter(|year| year.len() == 4).and_then(|year| number(year, 4)) else {
        return false;
    };
    let valid = match parts.as_slice() {
        [_] => year > 0 && time.is_none(),
        [_, month] => number(month, 2).is_some_and(|month| (1..=12).contains(&month)) && time.is_none(),
        [_, month, day] => {
            let (month, day) = (number(month, 2).unwrap_or(0), number(day, 2).unwrap_or(0));
            NaiveDate::from_ymd_opt(year as i32, month, day).is_some()
        }
        _ => false,
    };
    valid && time.is_none_or(is_time)
}

fn is_time(time: &str) -> bool {
    let (clock, zone) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
    let zoned = matches!(zone, "" | "Z") || chrono::NaiveTime::parse_from_str(&zone[1..], "%H:%M").is_ok();
    let timed = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"];
    zoned && timed.iter().any(|form| chrono::NaiveTime::parse_from_str(clock, form).is_ok())
}

/// True for a well-formed language tag (BCP 47, section 2.1), as far as its form goes.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or("");
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let plain =
        |part: &str| !part.is_empty() && part.len() <= 8 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let private = matches!(first, "x" | "X" | "i" | "I");
    if !(private || (2..=8).contains(&first.len()) && letters(first)) {
        return false;
    }
    let rest = parts.collect::<Vec<_>>();
    if private && rest.is_empty() {
        return false;
    }
    rest.iter().all(|part| plain(part)) && rest.last().is_none_or(|last| last.len() > 1 || private || rest.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_languages_have_a_form() {
        for date in ["1921", "1921-05", "1921-05-03", "1921-05-03T10:00Z", "1921-05-03T10:00:00+01:00"] {
            assert!(is_date(date), "{date}");
        }
        for date in ["", "19", "May 1921", "1921-13", "1921-02-30", "1921-05-03T10", "0000"] {
            assert!(!is_date(date), "{date}");
        }
        for tag in ["en", "de-AT", "zh-Hant-TW", "x-klingon", "en-x-us"] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in ["", "e", "e n", "en_US", "abcdefghi"] {
            assert!(!is_language(tag), "{tag}");
        }
    }
}
