//! Divisions as they are: their order was seen to before.

use std::io;

use super::Run;
use crate::model::Division;

impl Run<'_> {
    pub(super) fn division(&mut self, division: &Division) -> io::Result<()> {
        let own = [("type", division.kind.as_deref()), ("n", division.number.as_deref())];
        self.container("div", &division.tag, &own, &division.content)
    }
}
