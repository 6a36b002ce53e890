//! Letters and lines of them: drawn once for all covers, measured, broken into lines.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use foldhash::HashMap;

use super::canvas::STRENGTHS;

/// A letter as it is drawn: strengths, two pixels in a byte as on the canvas.
#[derive(Debug)]
pub(super) struct Glyph {
    /// Where it begins, in pairs of pixels from that in which the letter's place lies.
    pub x: i32,
    /// Where it begins, in pixels below the base line.
    pub y: i32,
    /// The bytes of a row; at least one.
    pub width: usize,
    pixels: Vec<u8>,
}

impl Glyph {
    /// Its rows, from the top.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
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
    /// What stands between two letters, in pixels.
    tracking: f32,
}

impl<'f> Type<'f> {
    /// Letters of so many pixels to the em, with more space between them by a share of the em.
    pub(super) fn new(font: &'f FontRef<'f>, size: f32, tracking: f32) -> Self {
        let em = font.units_per_em().unwrap_or(1000.0);
        Self { font, scale: PxScale::from(size * font.height_unscaled() / em), tracking: size * tracking }
    }

    /// A letter that begins at `left`.
    pub(super) fn glyph(&self, id: GlyphId, left: f32) -> Arc<Glyph> {
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

    /// Sets the letters of a text from `left` on: calls `letter` with each and where it begins, and says where the next
    /// one would.
    pub(super) fn set(&self, text: &str, mut left: f32, mut letter: impl FnMut(GlyphId, f32)) -> f32 {
        let scaled = self.font.as_scaled(self.scale);
        let mut before = None;
        for character in text.chars() {
            let id = self.font.glyph_id(character);
            left += before.map_or(0.0, |before| scaled.kern(before, id));
            letter(id, left);
            left += scaled.h_advance(id) + self.tracking;
            before = Some(id);
        }
        left
    }

    /// How many pixels a text is wide.
    pub(super) fn width(&self, text: &str) -> f32 {
        self.set(text, 0.0, |_, _| {}) - self.tracking
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
