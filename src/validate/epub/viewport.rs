//! The size of fixed pages (EPUB 3.3, section 8.2.2.6).

use super::desk::{Desk, Page};
use super::rule;
use super::tree::Tree;
use super::xhtml::{HTML, SVG};

/// Checks that a page of fixed layout says how large it is.
pub(super) fn check(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let Some(root) = tree.root() else { return };
    if root.is(SVG, "svg") {
        if root.attribute("viewBox").is_none() {
            desk.tell(&rule::VIEWPORT_BOX, page, root.span, "the page has no `viewBox`");
        }
        return;
    }
    let viewport =
        tree.elements.iter().find(|element| element.is(HTML, "meta") && element.get("name") == Some("viewport"));
    let Some(meta) = viewport else {
        let head = tree.elements.iter().find(|element| element.is(HTML, "head"));
        let span = head.map_or(root.span, |head| head.span);
        return desk.tell(&rule::VIEWPORT_MISSING, page, span, "the page has no `meta` named `viewport` with its size");
    };
    let content = meta.attribute("content").map_or("", |content| content.value.as_ref());
    let Some(properties) = parse(content) else {
        return desk.tell(&rule::VIEWPORT_SYNTAX, page, meta.span, format!("`{content}` is no viewport"));
    };
    for name in ["width", "height"] {
        let values = properties.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value);
        let values = values.collect::<Vec<_>>();
        match values.as_slice() {
            [] => desk.tell(&rule::VIEWPORT_SIZE, page, meta.span, format!("the viewport has no {name}")),
            [value] if !is_size(name, value) => {
                let message = format!("the viewport's {name} must be a number or `device-{name}`");
                desk.tell(&rule::VIEWPORT_VALUE, page, meta.span, message);
            }
            [_] => {}
            _ => desk.tell(&rule::VIEWPORT_TWICE, page, meta.span, format!("the viewport has more than one {name}")),
        }
    }
}

fn is_size(name: &str, value: &str) -> bool {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    value.strip_prefix("device-") == Some(name) || digits && value.parse::<f64>().is_ok()
}

/// Names and values; commas, semicolons and white space stand between them. `None` if an equals sign has nothing
/// on one of its sides.
fn parse(content: &str) -> Option<Vec<(&str, &str)>> {
    let separator = |letter: char| letter == ',' || letter == ';' || letter.is_ascii_whitespace();
    let mut properties = Vec::new();
    let mut rest = content.trim_start_matches(separator);
    while !rest.is_empty() {
        let end = rest.find(|letter| separator(letter) || letter == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let behind = after.trim_start();
        if name.is_empty() {
            return None;
        }
        if let Some(value) = behind.strip_prefix('=') {
            let value = value.trim_start();
            let end = value.find(|letter| separator(letter) || letter == '=').unwrap_or(value.len());
            let (value, after) = value.split_at(end);
            if value.is_empty() || after.trim_start().starts_with('=') {
                return None;
            }
            properties.push((name, value));
            rest = after.trim_start_matches(separator);
        } else {
            properties.push((name, ""));
            rest = after.trim_start_matches(separator);
        }
    }
    (!properties.is_empty()).then_some(properties)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn viewports_have_names_and_values() {
        assert_eq!(parse("width=1, height=2"), Some(vec![("width", "1"), ("height", "2")]));
        assert_eq!(parse(" width = 1;height=2 "), Some(vec![("width", "1"), ("height", "2")]));
        assert_eq!(parse("foo"), Some(vec![("foo", "")]));
        for broken in ["", "width=", "=1", "width=1=2"] {
            assert_eq!(parse(broken), None, "{broken}");
        }
    }
}
