//! Prints the SQL of the entities for the dialect that rev names.

mod entities;

use entities::{customers, orders};
use sea_orm::{DbBackend, EntityTrait, Schema};

fn main() {
    let backend = match std::env::var("REV_DIALECT").as_deref() {
        Ok("postgres") => DbBackend::Postgres,
        Ok("mysql" | "mariadb") => DbBackend::MySql,
        _ => DbBackend::Sqlite,
    };
    // What others refer to comes first.
    show(customers::Entity, backend);
    show(orders::Entity, backend);
}

fn show<E: EntityTrait>(entity: E, backend: DbBackend) {
    let schema = Schema::new(backend);
    println!("{};", backend.build(&schema.create_table_from_entity(entity)));
    for index in schema.create_index_from_entity(entity) {
        println!("{};", backend.build(&index));
    }
}
