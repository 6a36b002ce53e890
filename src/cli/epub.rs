//! The options of `apograph convert` that are for EPUB alone.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::build_time::build_time;
use crate::batch::Misuse;
use crate::failure::Failure;
use crate::registry::Registry;
use crate::write::epub::{Cover, Epub, Font, Notes, Sheet, Theme};

/// What `apograph convert` is told about EPUB.
#[derive(Debug, Args)]
#[command(next_help_heading = "EPUB")]
#[group(skip)]
pub(super) struct Arguments {
    /// Where notes stand [default: popup]
    #[arg(long, value_enum, value_name = "WHERE")]
    notes: Option<Placement>,
    /// How many levels the contents have [default: 3]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    toc_depth: Option<u8>,
    /// How the book looks [default: documents]
    #[arg(long, value_enum)]
    theme: Option<Look>,
    /// A style sheet that is read after those of the theme
    #[arg(long, value_name = "FILE")]
    css: Option<PathBuf>,
    /// The cover, GIF, JPEG, PNG, SVG or WebP; `none` for none [default: one is drawn from the title]
    #[arg(long, value_name = "FILE")]
    cover: Option<PathBuf>,
    /// Embed fonts, OpenType, TrueType, WOFF or WOFF2, and set the text in the first; may be given several times
    #[arg(long, value_name = "FILE")]
    fonts: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Placement {
    /// At the end of their document, shown in a pop-up where the reading system has them
    Popup,
    /// At the end of their document, as a list that is read like other text
    Chapter,
    /// All at the end of the book
    Book,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Look {
    /// For letters, telegrams, papers: space between paragraphs
    Documents,
    /// For novels: indented paragraphs, headings in the middle
    Book,
    /// For readers who find dense text hard: wide lines, no hyphens, no slanted or small letters
    Clear,
}

impl Arguments {
    /// The registry with a writer that does as it is told, and words for all on which its output depends.
    ///
    /// # Errors
    /// [`Misuse`] if a file can't be read or used, or the time of the build is no time.
    pub(super) fn apply(&self, registry: Registry) -> Result<(Registry, String), Misuse> {
        let modified = build_time()?.map(|instant| instant.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let plain = self.notes.is_none() && self.toc_depth.is_none() && self.theme.is_none() && self.css.is_none();
        if plain && self.cover.is_none() && self.fonts.is_empty() && modified.is_none() {
            return Ok((registry, String::new()));
        }
        let epub = self.epub(modified)?;
        let words = blake3::hash(format!("{epub:?}").as_bytes()).to_hex().to_string();
        Ok((registry.with_writer(epub), words))
    }

    /// The files that are named.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.css.iter().chain(&self.cover).chain(&self.fonts).map(PathBuf::as_path)
    }

    fn epub(&self, modified: Option<String>) -> Result<Epub, Misuse> {
        let mut epub = Epub { modified, ..Epub::default() };
        match self.notes {
            Some(Placement::Popup) | None => {}
            Some(Placement::Chapter) => epub.notes = Notes::Chapter,
            Some(Placement::Book) => epub.notes = Notes::Book,
        }
        match self.theme {
            Some(Look::Documents) | None => {}
            Some(Look::Book) => epub.theme = Theme::Book,
            Some(Look::Clear) => epub.theme = Theme::Clear,
        }
        if let Some(depth) = self.toc_depth {
            epub.toc_depth = usize::from(depth);
        }
        if let Some(path) = &self.css {
            let bytes = read(path)?;
            let text = crate::xml::decode(&bytes).map_err(|refused| misuse(&refused))?;
            epub.css = Some(Sheet::new(&path.to_string_lossy(), &text).map_err(|refused| misuse(&refused))?);
        }
        match self.cover.as_deref() {
            None => {}
            Some(path) if path == Path::new("none") => epub.cover = Cover::None,
            Some(path) => {
                let given = Cover::given(&path.to_string_lossy(), read(path)?);
                epub.cover = given.map_err(|refused| misuse(&refused))?;
            }
        }
        for path in &self.fonts {
            let font = Font::new(&path.to_string_lossy(), read(path)?);
            epub.fonts.push(font.map_err(|refused| misuse(&refused))?);
        }
        Ok(epub)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Misuse> {
    std::fs::read(path).map_err(|cause| Misuse::new(format!("{}: {cause}", path.display())))
}

fn misuse(refused: &Failure) -> Misuse {
    Misuse::new(refused.to_string())
}
