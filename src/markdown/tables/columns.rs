//! Columns of a text that is set in letters of one width.

/// How many columns a character fills: wide ones of East Asian scripts two (Unicode Standard Annex 11), marks above
/// others none.
pub(super) fn width(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036F | 0x200B..=0x200D | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// The parts of a line between some columns, in ascending order, and behind the last.
pub(super) fn cut<'l>(line: &'l str, columns: &[usize]) -> Vec<&'l str> {
    let mut cuts = Vec::with_capacity(columns.len());
    let (mut column, mut wanted) = (0, columns.iter().peekable());
    for (offset, c) in line.char_indices() {
        while wanted.next_if(|wanted| **wanted <= column).is_some() {
            cuts.push(offset);
        }
        column += width(c);
    }
    cuts.resize(columns.len(), line.len());
    let ends = cuts.iter().skip(1).copied().chain([line.len()]);
    cuts.iter().zip(ends).map(|(&from, to)| &line[from..to]).collect()
}
