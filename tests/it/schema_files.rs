//! The JSON Schemas that the repository carries are those that the types give.

use std::fs;
use std::path::Path;

/// Write the files anew with `UPDATE_SCHEMAS=1`.
#[test]
fn the_schemas_in_the_repository_are_current() {
    for folder in ["docs/schema", ".rev"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for (name, text) in revdag::store::schemas() {
            let path = folder.join(name);
            if std::env::var_os("UPDATE_SCHEMAS").is_some() {
                fs::write(&path, &text).unwrap();
            }
            let kept = fs::read_to_string(&path).unwrap_or_default();
            let path = path.display();
            assert!(kept == text, "{path} is not current: run this test with UPDATE_SCHEMAS=1");
        }
    }
}
