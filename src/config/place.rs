//! `[[place]]`: places that the operator adds to those that are built in.

use super::diagnostic::Diagnostic;
use super::table::{Faults, Table};
use crate::lexicon::places::OwnPlace;

const KEYS: &[&str] = &["name", "code", "variants"];

pub(super) fn read(faults: &mut Faults, top: &Table<'_>) -> Vec<OwnPlace> {
    let tables = top.tables(faults, "place", "[[place]]", KEYS);
    tables.iter().filter_map(|table| place(faults, table)).collect()
}

fn place(faults: &mut Faults, table: &Table<'_>) -> Option<OwnPlace> {
    let name = table.required_text(faults, "name");
    let code = table.required_text(faults, "code");
    let variants = table.texts(faults, "variants").unwrap_or_default();
    let (name, code) = (name?, code?);
    match code.value.parse() {
        Ok(code) => Some(OwnPlace {
            name: name.value.to_owned(),
            code,
            variants: variants.iter().map(|text| text.value.to_owned()).collect(),
        }),
        Err(error) => {
            let label = "the code of the division that the place lies in";
            faults.push(Diagnostic::at(code.span, format!("{error}"), label));
            None
        }
    }
}
