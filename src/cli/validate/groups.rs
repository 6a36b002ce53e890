//! Findings that say the same, gathered: the first is shown, the others are counted with their lines.

use std::collections::HashMap;

use crate::batch::finding::Finding;
use crate::cli::show;

/// How many lines of further findings are named.
const LINES: usize = 8;

/// Shows what was found in a file: each thing once, in the order of the places where it comes first.
pub(super) fn show(file: &str, findings: &[Finding]) {
    let mut order: Vec<(&Finding, Vec<u32>, usize)> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for finding in findings {
        let at = *places.entry((&finding.code, &finding.message)).or_insert_with(|| {
            order.push((finding, Vec::new(), 0));
            order.len() - 1
        });
        let (first, lines, more) = &mut order[at];
        if !std::ptr::eq(*first, finding) {
            *more += 1;
            if let Some(at) = &finding.at {
                lines.push(at.line);
            }
        }
    }
    for (finding, lines, more) in order {
        show::finding(file, finding);
        if more > 0 {
            show::line(&format!("  … {more} more like this{}", in_lines(&lines)));
        }
    }
}

/// `, in lines 3, 8, 9 …`
fn in_lines(lines: &[u32]) -> String {
    let mut distinct = lines.to_vec();
    distinct.dedup();
    let shown = distinct.iter().take(LINES).map(ToString::to_string).collect::<Vec<_>>();
    let rest = if distinct.len() > LINES { " …" } else { "" };
    match shown.as_slice() {
        [] => String::new(),
        [one] => format!(", in line {one}"),
        all => format!(", in lines {}{rest}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_named_once_and_not_all() {
        assert_eq!(in_lines(&[]), "");
        assert_eq!(in_lines(&[7, 7]), ", in line 7");
        assert_eq!(in_lines(&[1, 2, 2, 3]), ", in lines 1, 2, 3");
        assert_eq!(in_lines(&(1..20).collect::<Vec<_>>()), ", in lines 1, 2, 3, 4, 5, 6, 7, 8 …");
    }
}
