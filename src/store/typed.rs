//! Typed values of a tree, read as their types ask: a text is taken as it is written, and only where
//! a type takes anything does the way a scalar is written say what it is.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::literal::{Literal, literal};
use super::yaml::{Node, Style, Value, YamlError};

/// The typed values of a tree.
pub(super) fn typed<T: DeserializeOwned>(tree: &Node) -> Result<T, YamlError> {
    T::deserialize(Typed(tree)).map_err(|Wrong { message, line }| YamlError {
        line: line.unwrap_or(tree.line),
        message,
        hint: None,
    })
}

/// Why a tree is no value of a type, and the innermost line that is known.
#[derive(Debug)]
struct Wrong {
    message: String,
    line: Option<usize>,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Wrong { message: message.to_string(), line: None }
    }
}

#[derive(Clone, Copy)]
struct Typed<'de>(&'de Node);

impl<'de> Typed<'de> {
    fn at(self, wrong: Wrong) -> Wrong {
        Wrong { line: wrong.line.or(Some(self.0.line)), ..wrong }
    }

    fn any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.0.value {
            Value::Scalar(text, Style::Plain) => match literal(text) {
                Ok(Literal::Null) => visitor.visit_unit(),
                Ok(Literal::Bool(is)) => visitor.visit_bool(is),
                Ok(Literal::Integer(number)) => visitor.visit_i64(number),
                Ok(Literal::Natural(number)) => visitor.visit_u64(number),
                Ok(Literal::Float(number)) => visitor.visit_f64(number),
                Ok(Literal::Text) | Err(_) => visitor.visit_borrowed_str(text),
            },
            Value::Scalar(text, _) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Typed))),
            Value::Map(entries) => visitor.visit_map(MapDeserializer::new(
                entries.iter().map(|(key, value)| (Typed(key), Typed(value))),
            )),
        }
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.0.value {
            Value::Scalar(text, _) => visitor.visit_borrowed_str(text),
            Value::List(_) => Err(Wrong::invalid_type(Unexpected::Seq, &visitor)),
            Value::Map(_) => Err(Wrong::invalid_type(Unexpected::Map, &visitor)),
        }
    }

    fn is_null(self) -> bool {
        matches!(&self.0.value, Value::Scalar(text, Style::Plain) if literal(text) == Ok(Literal::Null))
    }
}

impl<'de> IntoDeserializer<'de, Wrong> for Typed<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Typed<'de> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.any(visitor).map_err(|wrong| self.at(wrong))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.text(visitor).map_err(|wrong| self.at(wrong))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.is_null() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self).map_err(|wrong| self.at(wrong)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self).map_err(|wrong| self.at(wrong))
    }

    /// A word, or a map of one key: the word with its value.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let (word, value) = match &self.0.value {
            Value::Scalar(text, _) => (text.as_str(), None),
            Value::Map(entries) => match entries.as_slice() {
                [(key, value)] => (key.text().unwrap_or(""), Some(Typed(value))),
                _ => return Err(self.at(Wrong::custom("it needs one key with its value"))),
            },
            Value::List(_) => return Err(self.at(Wrong::invalid_type(Unexpected::Seq, &visitor))),
        };
        visitor.visit_enum(Variant { word, value }).map_err(|wrong| self.at(wrong))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct ignored_any
    }
}

struct Variant<'de> {
    word: &'de str,
    value: Option<Typed<'de>>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        Ok((seed.deserialize(StrDeserializer::new(self.word))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.value {
            None => Ok(()),
            Some(_) => Err(Wrong::custom(format!("{} takes no value", self.word))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        match self.value {
            Some(value) => seed.deserialize(value),
            None => Err(Wrong::custom(format!("{} has no value", self.word))),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Wrong> {
        Err(Wrong::custom("no document has these"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Wrong> {
        Err(Wrong::custom("no document has these"))
    }
}
