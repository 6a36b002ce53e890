//! The page of `apograph serve` with all that it names within it, and the library in the place of the server.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What the page may do: run what is within it, show what it made; ask nobody.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' data:; \
                      style-src 'unsafe-inline' data: blob:; img-src data: blob:; font-src data: blob:; media-src data: blob:; \
                      frame-src blob:; base-uri 'none'; form-action 'none'";

/// The page, with the library that was bound into a folder.
pub(crate) fn page(bound: &Path) -> Result<String, Box<dyn Error>> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/serve/assets");
    let mut html = fs::read_to_string(assets.join("index.html"))?;
    for sheet in ["style.css", "review.css"] {
        let style = format!("<style>\n{}</style>", fs::read_to_string(assets.join(sheet))?);
        replace(&mut html, &format!("<link rel=\"stylesheet\" href=\"/{sheet}\">"), &style)?;
    }
    let icon = data("image/svg+xml", &fs::read(assets.join("icon.svg"))?);
    replace(&mut html, "\"/icon.svg\"", &format!("\"{icon}\""))?;
    replace(
        &mut html,
        "<meta charset=\"utf-8\">",
        &format!("<meta charset=\"utf-8\">\n  <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">"),
    )?;
    let library = fs::read(bound.join("apograph_bg.wasm"))?;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&library)?;
    let scripts = format!(
        "<script type=\"importmap\">{}</script>\n  \
         <script type=\"text/plain\" id=\"library\">{}</script>\n  \
         <script type=\"module\">import 'app.js'</script>",
        modules(&[&assets, &own, bound])?,
        STANDARD.encode(packed.finish()?)
    );
    replace(&mut html, "<script type=\"module\" src=\"/app.js\"></script>", &scripts)?;
    Ok(html)
}

/// All modules of some folders by name, the later in the place of the earlier; as a map of imports.
fn modules(folders: &[&Path]) -> Result<String, Box<dyn Error>> {
    let mut map = serde_json::Map::new();
    for folder in folders {
        let mut paths: Vec<_> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "js")) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // A module that is no file has no neighbours; the map knows it by its name alone.
            let script = fs::read_to_string(path)?.replace("from './", "from '");
            map.insert(name, data("text/javascript", script.as_bytes()).into());
        }
    }
    Ok(serde_json::json!({ "imports": map }).to_string())
}

fn data(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", STANDARD.encode(bytes))
}

/// Replaces what must be there.
fn replace(html: &mut String, from: &str, to: &str) -> Result<(), Box<dyn Error>> {
    if !html.contains(from) {
        return Err(format!("the page has no {from}").into());
    }
    *html = html.replace(from, to);
    Ok(())
}
