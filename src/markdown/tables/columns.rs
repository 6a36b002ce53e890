//! Columns of a text that is set in letters of one width.

use unicode_width::UnicodeWidthChar;

/// The parts of a line between some columns, in ascending order, and behind the last.
pub(super) fn cut<'l>(line: &'l str, columns: &[usize]) -> Vec<&'l str> {
    let mut cuts = Vec::with_capacity(columns.len());
    let (mut column, mut wanted) = (0, columns.iter().peekable());
    for (offset, c) in line.char_indices() {
        while wanted.next_if(|wanted| **wanted <= column).is_some() {
            cuts.push(offset);
        }
        // Wide letters fill two columns, marks above others none (Unicode Standard Annex 11).
        column += c.width().unwrap_or(1);
    }
    cuts.resize(columns.len(), line.len());
    let ends = cuts.iter().skip(1).copied().chain([line.len()]);
    cuts.iter().zip(ends).map(|(&from, to)| &line[from..to]).collect()
}
