//! A value that is said once for all dialects, or for each by itself.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Entries;
use crate::text::Dialect;

/// SQL, or a word of it such as a type: for all dialects or for each by itself.
pub type SqlText = ByDialect<String>;

/// A value for all dialects, or one for each: in a file the value itself, or a map by dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByDialect<T> {
    /// The same for all.
    All(T),
    /// One for each dialect named, in the order of the file.
    Each(Vec<(Dialect, T)>),
}

impl<T> ByDialect<T> {
    /// The value for a dialect: its own, else its fallback's, else the one for all.
    pub fn get(&self, dialect: Dialect) -> Option<&T> {
        match self {
            ByDialect::All(value) => Some(value),
            ByDialect::Each(values) => {
                let of =
                    |wanted| values.iter().find(|(own, _)| *own == wanted).map(|(_, value)| value);
                of(dialect).or_else(|| dialect.fallback().and_then(of))
            }
        }
    }

    /// The dialects that are named, in the order of the file; none where it is one for all.
    pub fn named(&self) -> impl Iterator<Item = Dialect> {
        let each = match self {
            ByDialect::All(_) => &[][..],
            ByDialect::Each(each) => each,
        };
        each.iter().map(|(dialect, _)| *dialect)
    }
}

impl<T> From<T> for ByDialect<T> {
    fn from(value: T) -> Self {
        ByDialect::All(value)
    }
}

impl<T: Serialize> Serialize for ByDialect<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ByDialect::All(value) => value.serialize(serializer),
            ByDialect::Each(values) => {
                let mut map = serializer.serialize_map(Some(values.len()))?;
                for (dialect, value) in values {
                    map.serialize_entry(dialect.name(), value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByDialect<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = ByDialect<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value, or a map of values by dialect")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(StrDeserializer::new(text)).map(ByDialect::All)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
                T::deserialize(SeqAccessDeserializer::new(items)).map(ByDialect::All)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let entries = Entries::<T>::deserialize(MapAccessDeserializer::new(map))?;
                let values = entries.0.into_iter().map(|(name, value)| {
                    name.parse().map(|dialect| (dialect, value)).map_err(A::Error::custom)
                });
                values.collect::<Result<_, _>>().map(ByDialect::Each)
            }
        }
        deserializer.deserialize_any(Either(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for ByDialect<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}_by_dialect", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        let each = generator.subschema_for::<EachDialect<T>>();
        json_schema!({ "oneOf": [value, each] })
    }
}

/// The schema of a map by dialect.
pub struct EachDialect<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for EachDialect<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}_for_each_dialect", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        let properties: serde_json::Map<_, _> = Dialect::ALL
            .iter()
            .map(|dialect| (dialect.name().to_owned(), value.clone().to_value()))
            .collect();
        json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}
