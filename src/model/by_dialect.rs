//! A value that is said once for all dialects, or for each by itself.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer, StrDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

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
                let entries = Vec::<(String, T)>::from(Entries::deserialize(
                    MapAccessDeserializer::new(map),
                )?);
                let values = entries.into_iter().map(|(name, value)| {
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

/// A map in the order of the file; a key that is given twice is an error of its own, elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries<T>(Vec<(String, T)>);

impl<T> Entries<T> {
    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Entries(Vec::new())
    }
}

impl<T> From<Vec<(String, T)>> for Entries<T> {
    fn from(entries: Vec<(String, T)>) -> Self {
        Entries(entries)
    }
}

impl<T> From<Entries<T>> for Vec<(String, T)> {
    fn from(entries: Entries<T>) -> Self {
        entries.0
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, T>::json_schema(generator)
    }
}
