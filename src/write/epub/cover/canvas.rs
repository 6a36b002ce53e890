//! A picture of few colours: paper, and two inks in eight strengths each; letters drawn on it; its bytes as PNG.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

/// How many pixels it is wide.
pub(super) const WIDTH: usize = 1200;
/// How many pixels it is high.
pub(super) const HEIGHT: usize = 1920;

/// The bytes of a row: two pixels in each.
const ROW: usize = WIDTH / 2;
/// The strengths of an ink; 0 is bare paper.
const STRENGTHS: u8 = 8;
/// Two pixels of the full strength.
const FULL: u8 = (STRENGTHS - 1) << 4 | (STRENGTHS - 1);
const PAPER: [u8; 3] = [0xF7, 0xF3, 0xEA];
const INK: [u8; 3] = [0x23, 0x21, 0x1F];

/// Which of the two inks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Nearly black.
    Text,
    /// The colour of this cover.
    Accent,
}

/// The picture.
pub(super) struct Canvas {
    /// Four bits for each pixel, ink and strength, the left one in the upper half of the byte, as PNG has it.
    pixels: Vec<u8>,
    accent: [u8; 3],
}

impl Canvas {
    pub(super) fn new(accent: [u8; 3]) -> Self {
        Self { pixels: vec![0; ROW * HEIGHT], accent }
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, left: usize, top: usize, width: usize, height: usize, ink: Ink) {
        let (right, full) = (left + width, inked(FULL, ink));
        for y in top..top + height {
            let pairs = &mut self.pixels[y * ROW..][left / 2..right.div_ceil(2)];
            for (x, under) in (left / 2 * 2..).step_by(2).zip(pairs) {
                let within = if x < left { 0x0F } else { 0xFF } & if x + 1 < right { 0xFF } else { 0xF0 };
                *under = darker(*under, full & within);
            }
        }
    }

    /// The outline of a rectangle, so far from each edge of the picture and so thick.
    pub(super) fn frame(&mut self, inset: usize, thickness: usize, ink: Ink) {
        let (width, height) = (WIDTH - 2 * inset, HEIGHT - 2 * inset);
        self.fill(inset, inset, width, thickness, ink);
        self.fill(inset, HEIGHT - inset - thickness, width, thickness, ink);
        self.fill(inset, inset, thickness, height, ink);
        self.fill(WIDTH - inset - thickness, inset, thickness, height, ink);
    }

    /// A line of text in the middle of the picture, its letters standing on `baseline`.
    pub(super) fn line(&mut self, type_: &Type<'_>, text: &str, baseline: f32, ink: Ink) {
        let mut left = (WIDTH as f32 - type_.width(text)) / 2.0;
        let scaled = type_.font.as_scaled(type_.scale);
        let mut before = None;
        for letter in text.chars() {
            let id = type_.font.glyph_id(letter);
            left += before.map_or(0.0, |before| scaled.kern(before, id));
            self.letter(&type_.glyph(id, left), left, baseline, ink);
            left += scaled.h_advance(id) + type_.tracking;
            before = Some(id);
        }
    }

    fn letter(&mut self, glyph: &Glyph, left: f32, baseline: f32, ink: Ink) {
        let (pair, base) = ((left.floor() as i32).div_euclid(2), baseline.round() as i32);
        let from = (pair + glyph.x).clamp(0, ROW as i32) as usize;
        let cut = usize::try_from(-(pair + glyph.x)).unwrap_or(0).min(glyph.width);
        for (row, y) in glyph.rows().zip(base + glyph.y..) {
            let Some(y) = usize::try_from(y).ok().filter(|&y| y < HEIGHT) else { continue };
            for (under, &two) in self.pixels[y * ROW..][..ROW][from..].iter_mut().zip(&row[cut..]) {
                *under = darker(*under, inked(two, ink));
            }
        }
    }

    /// The bytes of a PNG with 16 colours.
    pub(super) fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::with_capacity(64 << 10);
        let mut encoder = png::Encoder::new(&mut bytes, WIDTH as u32, HEIGHT as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Four);
        encoder.set_palette(self.palette());
        encoder.set_compression(png::Compression::Fast);
        // Most rows are as the row above.
        encoder.set_filter(png::Filter::Up);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(bytes)
    }

    fn palette(&self) -> Vec<u8> {
        let mix = |ink: [u8; 3], strength: u8| {
            let (part, whole) = (u32::from(strength), u32::from(STRENGTHS - 1));
            let channel =
                |at: usize| ((u32::from(PAPER[at]) * (whole - part) + u32::from(ink[at]) * part) / whole) as u8;
            [channel(0), channel(1), channel(2)]
        };
        [INK, self.accent]
            .into_iter()
            .flat_map(|ink| (0..STRENGTHS).flat_map(move |strength| mix(ink, strength)))
            .collect()
    }
}

/// Two pixels, each the darker of two. Without branches, so that many are done at once.
fn darker(one: u8, other: u8) -> u8 {
    (one & 0xF0).max(other & 0xF0) | (one & 0x0F).max(other & 0x0F)
}

/// Two pixels with the number of the ink where there is some of it: bare paper stays so. A strength is less than
/// [`STRENGTHS`], so what is added to one does not reach the next pixel.
fn inked(two: u8, ink: Ink) -> u8 {
    const NUMBER: u8 = STRENGTHS << 4 | STRENGTHS;
    let some = ((two & 0x70) + 0x70) | ((two & 0x07) + 0x07);
    two | if ink == Ink::Text { 0 } else { some & NUMBER }
}

/// A letter as it is drawn: strengths, two pixels in a byte as on the canvas.
#[derive(Debug)]
struct Glyph {
    /// Where it begins, in pairs of pixels from that in which the letter's place lies.
    x: i32,
    /// Where it begins, in pixels below the base line.
    y: i32,
    /// The bytes of a row; at least one.
    width: usize,
    pixels: Vec<u8>,
}

impl Glyph {
    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width)
    }
}

/// Number, size and place within a pair of pixels of a letter.
type Key = (u16, u32, u8);

/// Letters of the one font that were drawn, by number, size and place within a pair of pixels: the covers of a shelf have
/// most of them in common.
static DRAWN: LazyLock<Mutex<HashMap<Key, Arc<Glyph>>>> = LazyLock::new(Mutex::default);
/// How many of them are kept: all that titles in one alphabet need, some MiB.
const KEPT: usize = 3000;
/// In how many places within a pixel a letter may begin.
const STEPS: f32 = 2.0;

/// A font in one size.
pub(super) struct Type<'f> {
    font: &'f FontRef<'f>,
    scale: PxScale,
    tracking: f32,
}

impl<'f> Type<'f> {
    /// Letters of so many pixels to the em, with more space between them by a share of the em.
    pub(super) fn new(font: &'f FontRef<'f>, size: f32, tracking: f32) -> Self {
        let em = font.units_per_em().unwrap_or(1000.0);
        Self { font, scale: PxScale::from(size * font.height_unscaled() / em), tracking: size * tracking }
    }

    /// A letter that begins at `left`.
    fn glyph(&self, id: GlyphId, left: f32) -> Arc<Glyph> {
        let step = (left.rem_euclid(2.0) * STEPS) as u8;
        let key = (id.0, self.scale.x.to_bits(), step);
        // Nobody stumbles while holding the lock.
        let lock = || DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Arc::clone(known);
        }
        let glyph = Arc::new(self.drawn(id, f32::from(step) / STEPS));
        let mut drawn = lock();
        if drawn.len() >= KEPT {
            drawn.clear();
        }
        drawn.insert(key, Arc::clone(&glyph));
        glyph
    }

    fn drawn(&self, id: GlyphId, left: f32) -> Glyph {
        // The whole pixel is added to what was drawn, not to the outline: the same letter looks the same in both.
        let glyph = id.with_scale_and_position(self.scale, point(left.fract(), 0.0));
        let Some(outline) = self.font.outline_glyph(glyph) else {
            return Glyph { x: 0, y: 0, width: 1, pixels: Vec::new() };
        };
        let bounds = outline.px_bounds();
        let first = bounds.min.x as i32 + left as i32;
        let (x, odd) = (first.div_euclid(2), first.rem_euclid(2) as usize);
        let width = (bounds.width() as usize + odd).div_ceil(2).max(1);
        let mut pixels = vec![0; width * bounds.height() as usize];
        outline.draw(|column, row, covered| {
            // Rounded to the nearest; the cast cuts off.
            let strength = (covered.min(1.0) * f32::from(STRENGTHS - 1) + 0.5) as u8;
            let at = column as usize + odd;
            if let Some(two) = pixels.get_mut(row as usize * width + at / 2) {
                *two |= if at.is_multiple_of(2) { strength << 4 } else { strength };
            }
        });
        Glyph { x, y: bounds.min.y as i32, width, pixels }
    }

    /// How many pixels a text is wide.
    pub(super) fn width(&self, text: &str) -> f32 {
        let scaled = self.font.as_scaled(self.scale);
        let (mut width, mut before) = (0.0, None);
        for letter in text.chars() {
            let id = self.font.glyph_id(letter);
            width += before.map_or(0.0, |before| scaled.kern(before, id));
            width += scaled.h_advance(id) + self.tracking;
            before = Some(id);
        }
        width - self.tracking
    }

    /// The words of a text, measured.
    pub(super) fn measured<'t>(&self, text: &'t str) -> Measured<'t> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let widths = words.iter().map(|word| self.width(word)).collect();
        Measured { words, widths, space: self.width("n n") - self.width("nn") }
    }
}

/// The words of a text, and how wide they are.
pub(super) struct Measured<'t> {
    words: Vec<&'t str>,
    widths: Vec<f32>,
    space: f32,
}

impl Measured<'_> {
    /// The widest word.
    pub(super) fn widest(&self) -> f32 {
        self.widths.iter().copied().fold(0.0, f32::max)
    }

    /// Breaks them into lines of at most this width, as few and as even as can be. A word that is wider stands
    /// alone in its line.
    pub(super) fn lines(&self, width: f32) -> Vec<String> {
        let breaks = |width: f32| {
            let (mut starts, mut filled) = (vec![0], 0.0);
            for (at, word) in self.widths.iter().enumerate() {
                if filled > 0.0 && filled + self.space + word > width {
                    starts.push(at);
                    filled = 0.0;
                }
                filled += if filled > 0.0 { self.space + word } else { *word };
            }
            starts
        };
        let fewest = breaks(width).len();
        let (mut low, mut high) = (0.0, width);
        for _ in 0..12 {
            let middle = (low + high) / 2.0;
            if breaks(middle).len() > fewest { low = middle } else { high = middle }
        }
        let mut starts = breaks(high);
        starts.push(self.words.len());
        let lines = starts.windows(2).map(|pair| self.words[pair[0]..pair[1]].join(" "));
        lines.filter(|line| !line.is_empty()).collect()
    }
}
