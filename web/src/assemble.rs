//! Makes the page: `apograph-web bind LIBRARY.wasm FOLDER` puts the library into a form that scripts can call,
//! `apograph-web page FOLDER OUT.html` puts it and the page of `apograph serve` into one file, which needs no other.

#![forbid(unsafe_code)]

#[cfg(not(target_family = "wasm"))]
mod page;

#[cfg(not(target_family = "wasm"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::path::Path;

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bind", library, folder] => {
            let mut bindings = wasm_bindgen_cli_support::Bindgen::new();
            bindings.input_path(library).out_name("apograph").web(true)?.typescript(false);
            // Names of functions are a quarter of it, and nobody reads them.
            bindings.remove_name_section(true).remove_producers_section(true).generate(folder)?;
            Ok(())
        }
        ["page", folder, out] => Ok(std::fs::write(out, page::page(Path::new(folder))?)?),
        _ => Err("apograph-web bind LIBRARY.wasm FOLDER, or apograph-web page FOLDER OUT.html".into()),
    }
}

#[cfg(target_family = "wasm")]
fn main() {}
