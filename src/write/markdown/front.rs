//! The YAML front matter: what is known about the document, for people first.

use super::plan::Plan;
use super::run::place_word;
use crate::failure::Failure;
use crate::markdown::front::{Dates, FrontMatter, NOTE_IDS, Notes, PAGE_IDS, Pages};
use crate::markdown::vocabulary::SCHEMA;
use crate::model::{
    Block, Correspondence, Division, Document, Frame, Metadata, Place, Publication, SourceDescription, When,
};

impl FrontMatter {
    pub(super) fn of(document: &Document, plan: &Plan) -> Result<Self, Failure> {
        let Metadata {
            title,
            agents,
            publication,
            series,
            identifiers,
            languages,
            subjects,
            classification,
            description,
            source,
            correspondence,
            extra,
            header: _,
        } = &document.metadata;
        let only = only_division(document);
        let sent = correspondence.as_ref();
        Ok(Self {
            schema: Some(SCHEMA.to_owned()),
            id: only.and_then(|division| division.tag.id.as_ref()).map(ToString::to_string),
            n: only.and_then(|division| division.number.as_ref()).map(ToString::to_string),
            subtype: only.and_then(|division| division.tag.attributes.get("subtype")).map(str::to_owned),
            title: Some(title.main.clone()).filter(|title| !title.is_empty()),
            subtitle: title.subtitle.clone(),
            agents: agents.clone(),
            date: sent.and_then(|sent| sent.date.as_ref()).map(Dates::of),
            place: sent.and_then(|sent| sent.place.clone()),
            pages: pages(plan),
            notes: notes(plan),
            inferred: plan.inferred.clone(),
            lang: languages.iter().map(ToString::to_string).collect(),
            description: description.clone(),
            subjects: subjects.clone(),
            classification: classification.clone(),
            series: series.clone(),
            identifiers: identifiers.clone(),
            publication: Some(publication.clone()).filter(|it| *it != Publication::default()),
            source: Some(source.clone()).filter(|it| *it != SourceDescription::default()),
            correspondence: correspondence
                .clone()
                .map(|sent| Correspondence { date: None, place: None, ..sent })
                .filter(|sent| *sent != Correspondence::default()),
            extra: extra.clone(),
            tei: around(document).map_err(|cause| invalid(&cause))?,
        })
    }

    /// `---`, YAML, `---`.
    pub(super) fn print(&self) -> Result<String, Failure> {
        let mut options = serde_saphyr::SerializerOptions::default();
        // One line per value: nobody has to know how YAML folds.
        options.prefer_block_scalars = false;
        let mut yaml = String::new();
        serde_saphyr::to_fmt_writer_with_options(&mut yaml, self, options).map_err(|cause| invalid(&cause))?;
        Ok(format!("---\n{}---", yaml.trim_start_matches("---\n")))
    }
}

impl Dates {
    fn of(when: &When) -> Self {
        let text = |moment: &Option<crate::model::Moment>| moment.map(|moment| moment.to_string());
        match when {
            When::On(moment) => Self { when: Some(moment.to_string()), ..Self::default() },
            When::Between(from, to) => Self { from: text(from), to: text(to), ..Self::default() },
            When::Within(from, to) => Self { not_before: text(from), not_after: text(to), ..Self::default() },
        }
    }
}

/// The file round the text.
fn around(document: &Document) -> std::io::Result<Option<String>> {
    match (&document.frame, &document.metadata.header) {
        (Some(frame), header) => crate::tei::frame::xml(frame, header.as_deref()).map(Some),
        (None, Some(header)) => {
            let frame = Frame {
                doctype: None,
                prolog: Vec::new(),
                prefix: Default::default(),
                root: header.as_ref().clone(),
                epilog: Vec::new(),
            };
            crate::tei::frame::xml(&frame, None).map(Some)
        }
        (None, None) => Ok(None),
    }
}

/// The division that is the whole text.
fn only_division(document: &Document) -> Option<&Division> {
    let mut divisions = document.body.iter().filter_map(|block| match block {
        Block::Division(division) => Some(division),
        _ => None,
    });
    divisions.next().filter(|_| divisions.next().is_none())
}

fn pages(plan: &Plan) -> Option<Pages> {
    let pages = Pages {
        first: plan.pages.first().cloned(),
        last: plan.pages.last().filter(|_| plan.pages.len() > 1).cloned(),
        ids: plan.page_ids.then(|| PAGE_IDS.to_owned()),
    };
    (pages.first.is_some() || pages.ids.is_some()).then_some(pages)
}

fn notes(plan: &Plan) -> Option<Notes> {
    let place = (plan.note_place != Place::Unknown).then(|| place_word(&plan.note_place).to_owned());
    let notes = Notes { place, ids: plan.note_ids.then(|| NOTE_IDS.to_owned()) };
    (notes.place.is_some() || notes.ids.is_some()).then_some(notes)
}

fn invalid(cause: &dyn std::fmt::Display) -> Failure {
    Failure::Unsupported { message: format!("the front matter can't be written: {cause}") }
}
