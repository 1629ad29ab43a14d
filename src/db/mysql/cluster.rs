//! Servers that take changes together, Galera's and MySQL's group replication: which of them this one is,
//! whether it may take changes now, and what a session there needs.

use sqlx::mysql::MySqlConnection;

use super::rows;
use crate::db::{DbError, Row};
use crate::text::Dialect;

/// The variables that tell whether a server is one of several.
pub(super) const VARIABLES: &[&str] =
    &["wsrep_on", "wsrep_provider", "group_replication_group_name"];

/// What sees to it that several servers have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cluster {
    Galera,
    Group,
}

/// A server as one of several.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub cluster: Cluster,
    /// What tells it from the others; `None`: it does not say so.
    pub id: Option<String>,
    /// Why it takes no changes now, or would keep them to itself.
    pub trouble: Option<String>,
    /// Whether this account may ask for the other members.
    shows_members: bool,
}

impl Cluster {
    /// What the values of [`VARIABLES`] say.
    pub fn of(variables: &[Row]) -> Option<Cluster> {
        let value = |wanted: &str| {
            let row = variables.iter().find(|row| row[0].as_deref() == Some(wanted))?;
            row.get(1)?.as_deref().filter(|value| !value.is_empty())
        };
        if value("wsrep_on") == Some("ON") && value("wsrep_provider").is_some_and(|it| it != "none")
        {
            return Some(Cluster::Galera);
        }
        value("group_replication_group_name").map(|_| Cluster::Group)
    }
}

impl Member {
    /// Asks a server what it is among the others.
    pub async fn ask(
        connection: &mut MySqlConnection,
        cluster: Cluster,
    ) -> Result<Member, DbError> {
        match cluster {
            Cluster::Galera => galera(connection).await,
            Cluster::Group => group(connection).await,
        }
    }

    /// What makes a session see all that the others have committed, and keeps a change from ending on this
    /// server alone.
    pub fn session(&self, dialect: Dialect) -> Vec<String> {
        let limit = self.before_ddl(dialect);
        match (self.cluster, &self.trouble) {
            (Cluster::Galera, _) => {
                let wait = "SET SESSION wsrep_sync_wait = 15";
                limit.into_iter().chain([wait]).map(str::to_owned).collect()
            }
            (Cluster::Group, None) => {
                vec!["SET SESSION group_replication_consistency = 'BEFORE'".to_owned()]
            }
            // Without a majority no read would return.
            (Cluster::Group, Some(_)) => Vec::new(),
        }
    }

    /// What has to hold in a session for DDL. A limit that ends it here does not end it on the other nodes
    /// of Galera.
    pub fn before_ddl(&self, dialect: Dialect) -> Option<&'static str> {
        let is_limited = self.cluster == Cluster::Galera && dialect == Dialect::Mariadb;
        is_limited.then_some("SET SESSION max_statement_time = 0")
    }

    /// A scalar expression: whether the server `l.node` is still one of the cluster's.
    pub fn is_member(&self) -> Option<String> {
        let (table, column) = match self.cluster {
            Cluster::Galera => ("mysql.wsrep_cluster_members", "node_uuid"),
            Cluster::Group => ("performance_schema.replication_group_members", "member_id"),
        };
        let counted = format!("(SELECT COUNT(*) FROM {table} m WHERE m.{column} = l.node)");
        self.shows_members.then_some(counted)
    }

    /// A scalar expression: 0 while a member is not in reach, which may be a part of the group that goes on
    /// without this one.
    pub fn is_whole(&self) -> Option<String> {
        let asks = self.cluster == Cluster::Group && self.shows_members;
        asks.then(|| {
            "(SELECT COUNT(*) = 0 FROM performance_schema.replication_group_members \
             WHERE member_state = 'UNREACHABLE')"
                .to_owned()
        })
    }
}

async fn galera(connection: &mut MySqlConnection) -> Result<Member, DbError> {
    let told = rows(
        connection,
        "SHOW STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status', 'wsrep_gcomm_uuid')",
    )
    .await?;
    let value = |wanted: &str| {
        let row = told.iter().find(|row| row[0].as_deref() == Some(wanted))?;
        row.get(1)?.clone()
    };
    let status = value("wsrep_cluster_status").unwrap_or_default();
    let trouble = if status != "Primary" {
        Some(format!(
            "a node of a Galera cluster without its majority (wsrep_cluster_status {status})"
        ))
    } else if value("wsrep_ready").as_deref() == Some("ON") {
        None
    } else {
        Some("a node of a Galera cluster that is not ready (wsrep_ready OFF)".to_owned())
    };
    let id = value("wsrep_gcomm_uuid");
    let mut shows_members = false;
    if let (Some(id), None) = (&id, &trouble) {
        // Only who may read the table is told; and the view has to know this node, or it tells nothing.
        let sql = format!(
            "SELECT COUNT(*) FROM mysql.wsrep_cluster_members WHERE node_uuid = '{}'",
            id.replace(['\'', '\\'], "")
        );
        shows_members = match rows(connection, &sql).await {
            Ok(rows) => rows == [[Some("1".to_owned())]],
            Err(DbError::Lost(words)) => return Err(DbError::Lost(words)),
            Err(_) => false,
        };
    }
    Ok(Member { cluster: Cluster::Galera, id, trouble, shows_members })
}

async fn group(connection: &mut MySqlConnection) -> Result<Member, DbError> {
    let sql = "SELECT @@server_uuid, member_id, member_state \
               FROM performance_schema.replication_group_members";
    let told = match rows(connection, sql).await {
        Ok(told) => told,
        Err(DbError::Lost(words)) => return Err(DbError::Lost(words)),
        // A right is missing: then it is taken for a member that is well.
        Err(_) => {
            let told = rows(connection, "SELECT @@server_uuid").await?;
            let id = told.into_iter().flatten().flatten().next();
            return Ok(Member { cluster: Cluster::Group, id, trouble: None, shows_members: false });
        }
    };
    Ok(member_of(&told))
}

/// What the list of a group's members says of the one that gives it: its own id, and an id and a state each.
fn member_of(told: &[Row]) -> Member {
    let state = |row: &Row| row.get(2).cloned().flatten().unwrap_or_default();
    let id = told.first().and_then(|row| row.first()).cloned().flatten();
    let own = told.iter().find(|row| row.get(1) == row.first()).map(state);
    let own = own.unwrap_or_else(|| "OFFLINE".to_owned());
    let unreachable = told.iter().filter(|row| state(row) == "UNREACHABLE").count();
    let trouble = if own != "ONLINE" {
        Some(format!("a member that is not in its replication group (member_state {own})"))
    } else if unreachable * 2 >= told.len() {
        Some(format!(
            "a member of a replication group without its majority ({unreachable} of {} unreachable)",
            told.len()
        ))
    } else {
        None
    };
    Member { cluster: Cluster::Group, id, trouble, shows_members: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[&str]) -> Row {
        values.iter().map(|value| Some((*value).to_owned())).collect()
    }

    #[test]
    fn a_server_with_the_module_alone_is_no_cluster() {
        let of = |rows: &[[&str; 2]]| {
            Cluster::of(&rows.iter().map(|values| row(values)).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[["wsrep_on", "OFF"], ["wsrep_provider", "none"]]), None);
        assert_eq!(of(&[["wsrep_on", "ON"], ["wsrep_provider", "none"]]), None);
        let library = ["wsrep_provider", "/usr/lib/galera/libgalera_smm.so"];
        assert_eq!(of(&[["wsrep_on", "ON"], library]), Some(Cluster::Galera));
        assert_eq!(of(&[["group_replication_group_name", ""]]), None);
        assert_eq!(of(&[["group_replication_group_name", "aaaa"]]), Some(Cluster::Group));
    }

    #[test]
    fn a_member_that_has_not_joined_or_is_alone_is_in_trouble() {
        let trouble = |states: &[(&str, &str)]| {
            let rows: Vec<Row> = states.iter().map(|(id, state)| row(&["me", id, state])).collect();
            member_of(&rows).trouble.unwrap_or_default()
        };
        assert_eq!(trouble(&[("me", "ONLINE"), ("b", "ONLINE"), ("c", "RECOVERING")]), "");
        assert_eq!(trouble(&[("me", "ONLINE"), ("b", "ONLINE"), ("c", "UNREACHABLE")]), "");
        assert!(trouble(&[("", "OFFLINE")]).contains("OFFLINE"));
        assert!(trouble(&[("me", "RECOVERING"), ("b", "ONLINE")]).contains("RECOVERING"));
        let alone = [("me", "ONLINE"), ("b", "UNREACHABLE"), ("c", "UNREACHABLE")];
        assert!(trouble(&alone).contains("2 of 3"));
    }
}
