//! What the session and its database are like, and what its account may do.

use super::{KEEP, PUT_BACK};
use crate::db::DbError;
use crate::db::mysql::Mysql;
use crate::db::mysql::privileges::Privileges;
use crate::model::ServerDefaults;
use crate::text::quote_literal;

impl Mysql {
    /// Reads what the database takes where nothing is said, and which privileges the account has.
    pub(super) async fn read_session(
        &mut self,
        database: &str,
        defaults: &mut ServerDefaults,
    ) -> Result<Privileges, DbError> {
        let rows = self
            .rows(&format!(
                "{KEEP}; SELECT default_character_set_name, default_collation_name, \
                 @@default_storage_engine, CURRENT_USER() \
                 FROM information_schema.schemata WHERE schema_name = {}; \
                 SELECT character_set_name, default_collate_name \
                 FROM information_schema.character_sets; SHOW GRANTS; {PUT_BACK}",
                quote_literal(self.dialect, database)
            ))
            .await?;
        let mut privileges = Privileges::default();
        for row in rows {
            match row.as_slice() {
                [Some(grant)] => privileges.add(self.dialect, grant),
                [Some(charset), Some(collation)] => {
                    defaults.collations.insert(charset.clone(), collation.clone());
                }
                [Some(charset), Some(collation), Some(engine), Some(user)] => {
                    defaults.charset.clone_from(charset);
                    defaults.collation.clone_from(collation);
                    defaults.engine.clone_from(engine);
                    defaults.user.clone_from(user);
                }
                _ => {}
            }
        }
        defaults.sets_definer =
            privileges.on_all(&["SUPER", "SET USER", "SET_USER_ID", "SET_ANY_DEFINER"]);
        Ok(privileges)
    }
}
