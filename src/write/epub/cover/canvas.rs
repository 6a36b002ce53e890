//! A picture of few colours: paper, and two inks in eight strengths each; letters drawn on it; its bytes as PNG.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};

/// How many pixels it is wide.
pub(super) const WIDTH: usize = 1200;
/// How many pixels it is high.
pub(super) const HEIGHT: usize = 1920;

/// The strengths of an ink; 0 is bare paper.
const STRENGTHS: u8 = 8;
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
    /// One byte for each pixel: ink and strength.
    pixels: Vec<u8>,
    accent: [u8; 3],
}

impl Canvas {
    pub(super) fn new(accent: [u8; 3]) -> Self {
        Self { pixels: vec![0; WIDTH * HEIGHT], accent }
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, left: usize, top: usize, width: usize, height: usize, ink: Ink) {
        let full = shade(ink, STRENGTHS - 1);
        for row in self.pixels.chunks_exact_mut(WIDTH).skip(top).take(height) {
            row[left..left + width].fill(full);
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
            let glyph = id.with_scale_and_position(type_.scale, point(left, baseline));
            if let Some(outline) = type_.font.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                outline.draw(|x, y, covered| {
                    let (x, y) = (bounds.min.x as i64 + i64::from(x), bounds.min.y as i64 + i64::from(y));
                    self.darken(x, y, covered, ink);
                });
            }
            left += scaled.h_advance(id) + type_.tracking;
            before = Some(id);
        }
    }

    fn darken(&mut self, x: i64, y: i64, covered: f32, ink: Ink) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        // Rounded to the nearest; the cast cuts off.
        let strength = (covered.min(1.0) * f32::from(STRENGTHS - 1) + 0.5) as u8;
        if strength == 0 || x >= WIDTH || y >= HEIGHT {
            return;
        }
        let pixel = &mut self.pixels[y * WIDTH + x];
        *pixel = (*pixel).max(shade(ink, strength));
    }

    /// The bytes of a PNG with 16 colours, two pixels in a byte.
    pub(super) fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut packed: Vec<u8> = Vec::with_capacity(WIDTH * HEIGHT / 2);
        let mut before: &[u8] = &[];
        for row in self.pixels.chunks_exact(WIDTH) {
            // Most rows are as the row above.
            if row == before {
                packed.extend_from_within(packed.len() - WIDTH / 2..);
            } else {
                packed.extend(row.chunks_exact(2).map(|two| two[0] << 4 | two[1]));
            }
            before = row;
        }
        let mut bytes = Vec::with_capacity(64 << 10);
        let mut encoder = png::Encoder::new(&mut bytes, WIDTH as u32, HEIGHT as u32);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Four);
        encoder.set_palette(self.palette());
        encoder.set_compression(png::Compression::Fast);
        encoder.set_filter(png::Filter::NoFilter);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&packed)?;
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

fn shade(ink: Ink, strength: u8) -> u8 {
    match ink {
        Ink::Text => strength,
        Ink::Accent => STRENGTHS + strength,
    }
}

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

    /// Breaks a text into lines of at most this width, as few and as even as can be. A word that is wider stands
    /// alone in its line.
    pub(super) fn lines(&self, text: &str, width: f32) -> Vec<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let widths: Vec<f32> = words.iter().map(|word| self.width(word)).collect();
        let space = self.width("n n") - self.width("nn");
        let breaks = |width: f32| {
            let (mut starts, mut filled) = (vec![0], 0.0);
            for (at, word) in widths.iter().enumerate() {
                if filled > 0.0 && filled + space + word > width {
                    starts.push(at);
                    filled = 0.0;
                }
                filled += if filled > 0.0 { space + word } else { *word };
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
        starts.push(words.len());
        starts.windows(2).map(|pair| words[pair[0]..pair[1]].join(" ")).filter(|line| !line.is_empty()).collect()
    }
}
