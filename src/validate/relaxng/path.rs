//! Where faults stand, as paths of elements. Counting siblings costs time that valid documents need not spend, so
//! a document with faults is read once more.

use std::collections::HashMap;

use super::Fault;
use crate::xml::parse::{Event, Parser};

/// Fills in the path of each fault.
pub(in super::super) fn locate(text: &str, file: u32, faults: &mut [Fault]) {
    if faults.is_empty() {
        return;
    }
    let mut order = (0..faults.len()).collect::<Vec<_>>();
    order.sort_by_key(|at| faults[*at].span.start);
    let mut order = order.into_iter().peekable();
    let mut parser = Parser::new(text).in_file(file);
    let mut path: Vec<String> = Vec::new();
    let mut siblings: Vec<HashMap<String, usize>> = vec![HashMap::new()];
    while let Ok(Some(event)) = parser.next() {
        let (span, ends) = match &event {
            Event::Start { name, span, .. } => {
                let local = name.local();
                let count = siblings.last_mut().map_or(1, |counts| {
                    let count = counts.entry(local.to_owned()).or_default();
                    *count += 1;
                    *count
                });
                path.push(if count > 1 { format!("{local}[{count}]") } else { local.to_owned() });
                siblings.push(HashMap::new());
                (*span, false)
            }
            Event::End { span, .. } => (*span, true),
            Event::Text { span, .. }
            | Event::Comment { span, .. }
            | Event::Instruction { span, .. }
            | Event::Doctype { span, .. } => (*span, false),
        };
        while let Some(at) = order.next_if(|at| faults[*at].span.start < span.end) {
            faults[at].path = format!("/{}", path.join("/"));
        }
        if order.peek().is_none() {
            return;
        }
        if ends {
            path.pop();
            siblings.pop();
        }
    }
}
