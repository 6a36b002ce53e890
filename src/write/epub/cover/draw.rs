//! A cover from what the metadata say. In: the document and its title. Out: a PNG that is the same on every machine.

use ab_glyph::{Font, FontRef};

use super::canvas::{Canvas, HEIGHT, Ink, WIDTH};
use super::letters::Type;
use crate::model::{Document, Metadata};

/// Letters of Latin, Greek and Cyrillic (see `OFL.txt` for its terms).
static FONT: &[u8] = include_bytes!("ApographGaramond.otf");

/// Muted colours that stand out from paper by a contrast of more than 4.5 to 1, also in grey.
const ACCENTS: [[u8; 3]; 6] = [
    [0x7A, 0x2E, 0x2A],
    [0x2A, 0x4A, 0x6B],
    [0x3C, 0x55, 0x37],
    [0x6A, 0x4A, 0x1F],
    [0x55, 0x35, 0x5E],
    [0x1F, 0x55, 0x55],
];
/// How wide a line may be.
const MEASURE: f32 = 900.0;
/// The largest part of the height that the title may fill.
const TITLE: f32 = 760.0;

/// Draws a cover; tells the letter of the title that the built-in font lacks, if it lacks one.
pub(in super::super) fn draw(document: &Document, title: &str) -> Result<Vec<u8>, Option<char>> {
    let font = FontRef::try_from_slice(FONT).map_err(|_| None)?;
    if let Some(lacking) = lacking(&font, title) {
        return Err(Some(lacking));
    }
    let accent = usize::from(blake3::hash(title.as_bytes()).as_bytes()[0]) % ACCENTS.len();
    let mut page = Page { canvas: Canvas::new(ACCENTS[accent]), font: &font, y: 0.0 };
    page.canvas.frame(60, 10, Ink::Accent);
    page.canvas.frame(82, 3, Ink::Accent);
    page.words(document, title);
    page.canvas.png().map_err(|_| None)
}

/// The names of the authors; where there are none, of those who edited or compiled it.
fn makers(metadata: &Metadata) -> Vec<&str> {
    let with = |roles: &[&str]| -> Vec<&str> {
        metadata
            .agents
            .iter()
            .filter(|agent| roles.contains(&agent.role.as_str()))
            .map(|agent| agent.name.as_str())
            .collect()
    };
    let authors = with(&["", "aut"]);
    if authors.is_empty() { with(&["edt", "com"]) } else { authors }
}

/// The first letter that a font can't draw.
fn lacking(font: &FontRef<'_>, text: &str) -> Option<char> {
    text.chars().find(|letter| !letter.is_whitespace() && font.glyph_id(*letter).0 == 0)
}

struct Page<'f> {
    canvas: Canvas,
    font: &'f FontRef<'f>,
    /// The lower end of what is drawn.
    y: f32,
}

impl Page<'_> {
    fn words(&mut self, document: &Document, title: &str) {
        let metadata = &document.metadata;
        let series = metadata.series.as_ref().map(|series| match &series.position {
            Some(position) => format!("{}, {position}", series.title),
            None => series.title.clone(),
        });
        self.y = 200.0;
        self.text(series.as_deref().unwrap_or_default(), &[44.0, 36.0], 2, 0.04, Ink::Text);
        self.y = self.y.max(330.0);
        self.title(title);
        self.y += 50.0;
        self.canvas.fill(WIDTH / 2 - 110, self.y as usize, 220, 5, Ink::Accent);
        self.y += 40.0;
        self.text(metadata.title.subtitle.as_deref().unwrap_or_default(), &[58.0, 50.0, 42.0], 4, 0.0, Ink::Text);
        self.y += 50.0;
        for name in makers(metadata).into_iter().take(3) {
            self.text(name, &[54.0, 46.0], 1, 0.0, Ink::Accent);
        }
        let publication = &metadata.publication;
        let year = publication.date.map(|date| date.year.to_string());
        let said = [publication.publisher.clone(), year];
        let said: Vec<_> = said.into_iter().flatten().filter(|text| !text.trim().is_empty()).collect();
        self.y = HEIGHT as f32 - 230.0;
        self.text(&said.join(" · "), &[42.0, 36.0, 30.0], 1, 0.02, Ink::Text);
    }

    /// The title in the largest size in which it has room.
    fn title(&mut self, title: &str) {
        let sizes = [168.0, 150.0, 134.0, 120.0, 108.0, 96.0, 86.0, 76.0, 68.0, 60.0, 54.0, 48.0_f32];
        // In shares of the size, which the letters follow.
        let measured = Type::new(self.font, 1.0, 0.0).measured(title);
        let fits = |size: f32| {
            let measure = MEASURE / size;
            measured.widest() <= measure && measured.lines(measure).len() as f32 * size * 1.2 <= TITLE
        };
        let size = sizes.into_iter().find(|&size| fits(size)).unwrap_or(48.0);
        self.lines(title, size, (TITLE / (size * 1.2)) as usize, 0.0, Ink::Text);
    }

    /// A text in the first of some sizes in which it needs no more than so many lines.
    fn text(&mut self, text: &str, sizes: &[f32], most: usize, tracking: f32, ink: Ink) {
        let text = text.trim();
        if text.is_empty() || lacking(self.font, text).is_some() {
            return;
        }
        let measured = Type::new(self.font, 1.0, tracking).measured(text);
        let count = |size: f32| measured.lines(MEASURE / size).len();
        let size = sizes.iter().copied().find(|&size| count(size) <= most).or(sizes.last().copied());
        self.lines(text, size.unwrap_or(40.0), most, tracking, ink);
    }

    /// At most so many lines; a text that has more ends with an ellipsis.
    fn lines(&mut self, text: &str, size: f32, most: usize, tracking: f32, ink: Ink) {
        let type_ = Type::new(self.font, size, tracking);
        let lines = type_.measured(text).lines(MEASURE);
        for (at, line) in lines.iter().take(most).enumerate() {
            let mut line = line.clone();
            let cut = at + 1 == most && lines.len() > most;
            while (cut || type_.width(&line) > MEASURE) && line.pop().is_some() {
                let shorter = format!("{}…", line.trim_end());
                if type_.width(&shorter) <= MEASURE {
                    line = shorter;
                    break;
                }
            }
            self.y += size * 1.2;
            self.canvas.line(&type_, &line, self.y - size * 0.25, ink);
        }
    }
}
