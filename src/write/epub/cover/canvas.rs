//! A picture of few colours: paper, and two inks in eight strengths each; letters drawn on it; its bytes as PNG.

use std::io;

use super::letters::{Glyph, Type};

/// How many pixels it is wide.
pub(super) const WIDTH: usize = 1200;
/// How many pixels it is high.
pub(super) const HEIGHT: usize = 1920;

/// The bytes of a row: two pixels in each.
const ROW: usize = WIDTH / 2;
/// The strengths of an ink; 0 is bare paper.
pub(super) const STRENGTHS: u8 = 8;
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

/// Four bits for each pixel, ink and strength, the left one in the upper half of the byte, as PNG has it.
type Row = [u8; ROW];

/// The picture. Most of its rows are as the row above, and are held once.
pub(super) struct Canvas {
    /// For each row of the picture which of `kinds` it is.
    rows: Vec<usize>,
    kinds: Vec<Row>,
    /// For each row whether its kind is its own, to draw on.
    own: Vec<bool>,
    accent: [u8; 3],
}

impl Canvas {
    pub(super) fn new(accent: [u8; 3]) -> Self {
        let mut kinds = Vec::with_capacity(HEIGHT / 2);
        kinds.push([0; ROW]);
        Self { rows: vec![0; HEIGHT], kinds, own: vec![false; HEIGHT], accent }
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, left: usize, top: usize, width: usize, height: usize, ink: Ink) {
        // Rows that were of one kind stay so.
        let mut last = None;
        for y in top..top + height {
            let before = self.rows[y];
            let behind = match last {
                Some((known, behind)) if known == before => behind,
                _ => self.filled(before, left, left + width, ink),
            };
            last = Some((before, behind));
            (self.rows[y], self.own[y]) = (behind, false);
        }
    }

    /// A new kind of row, as another with a part of it filled.
    fn filled(&mut self, kind: usize, left: usize, right: usize, ink: Ink) -> usize {
        let (filled, full) = (self.copy(kind), inked(FULL, ink));
        let pairs = &mut self.kinds[filled][left / 2..right.div_ceil(2)];
        for (x, under) in (left / 2 * 2..).step_by(2).zip(pairs) {
            let within = if x < left { 0x0F } else { 0xFF } & if x + 1 < right { 0xFF } else { 0xF0 };
            *under = darker(*under, full & within);
        }
        filled
    }

    /// A new kind of row, as another.
    fn copy(&mut self, kind: usize) -> usize {
        self.kinds.push(self.kinds[kind]);
        self.kinds.len() - 1
    }

    /// A row to draw on.
    fn row(&mut self, y: usize) -> &mut Row {
        if !self.own[y] {
            (self.rows[y], self.own[y]) = (self.copy(self.rows[y]), true);
        }
        &mut self.kinds[self.rows[y]]
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
        let left = (WIDTH as f32 - type_.width(text)) / 2.0;
        type_.set(text, left, |id, left| self.letter(&type_.glyph(id, left), left, baseline, ink));
    }

    fn letter(&mut self, glyph: &Glyph, left: f32, baseline: f32, ink: Ink) {
        let (pair, base) = ((left.floor() as i32).div_euclid(2), baseline.round() as i32);
        let from = (pair + glyph.x).clamp(0, ROW as i32) as usize;
        let cut = usize::try_from(-(pair + glyph.x)).unwrap_or(0).min(glyph.width);
        for (row, y) in glyph.rows().zip(base + glyph.y..) {
            let Some(y) = usize::try_from(y).ok().filter(|&y| y < HEIGHT) else { continue };
            for (under, &two) in self.row(y)[from..].iter_mut().zip(&row[cut..]) {
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
        let mut writer = encoder.write_header()?;
        writer.write_chunk(png::chunk::IDAT, &self.data()?)?;
        writer.finish()?;
        Ok(bytes)
    }

    /// The image data: each row as what it differs by from the one above (PNG §9.2, filter type Up), deflated.
    fn data(&self) -> io::Result<Vec<u8>> {
        const UP: u8 = 2;
        // As many rows as are deflated at once.
        const BATCH: usize = 32;
        let mut deflated = fdeflate::Compressor::new(Vec::with_capacity(64 << 10))?;
        let (mut above, mut last) = (&[0; ROW], None);
        let mut batch = Vec::with_capacity(BATCH * (1 + ROW));
        for rows in self.rows.chunks(BATCH) {
            batch.clear();
            for &kind in rows {
                batch.push(UP);
                let row = &self.kinds[kind];
                if last == Some(kind) {
                    batch.resize(batch.len() + ROW, 0);
                } else {
                    batch.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(*above)));
                }
                (above, last) = (row, Some(kind));
            }
            deflated.write_data(&batch)?;
        }
        deflated.finish()
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
