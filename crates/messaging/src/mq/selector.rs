//! Message selectors of JMS: conditions in the words of SQL-92 on the attributes of a message (MQ-23).

use crate::message_attributes::{MessageAttributeKind, MessageAttributes};

/// A compiled selector, such as `region = 'eu' AND (price > 10 OR urgent IS NOT NULL)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector(Condition);

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Compare(Value, Comparison, Value),
    IsNull(String),
    Like(String, String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Equal,
    Less,
    Greater,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Name(String),
    Text(String),
    Number(f64),
}

/// What a side of a comparison is for a message.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known<'a> {
    Text(&'a str),
    Number(f64),
    Null,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// A sentence on what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens, place: 0 };
        let condition = parser.or()?;
        match parser.peek() {
            "" => Ok(Self(condition)),
            other => Err(format!("The selector goes on with `{other}`.")),
        }
    }

    /// Whether a message with these attributes is selected. What cannot be known is not selected.
    pub fn selects(&self, attributes: &MessageAttributes) -> bool {
        holds(&self.0, attributes) == Some(true)
    }
}

/// Three values, as in SQL: none is unknown.
fn holds(condition: &Condition, attributes: &MessageAttributes) -> Option<bool> {
    match condition {
        Condition::And(left, right) => match (holds(left, attributes), holds(right, attributes)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Condition::Or(left, right) => match (holds(left, attributes), holds(right, attributes)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Condition::Not(inner) => holds(inner, attributes).map(|holds| !holds),
        Condition::IsNull(name) => Some(!attributes.contains_key(name)),
        Condition::Like(name, pattern) => match known(&Value::Name(name.clone()), attributes) {
            Known::Text(text) => Some(like(pattern.as_bytes(), text.as_bytes())),
            _ => None,
        },
        Condition::Compare(left, comparison, right) => {
            // Texts only equal; what is of different kinds is never equal.
            match (known(left, attributes), known(right, attributes)) {
                (Known::Null, _) | (_, Known::Null) => None,
                (Known::Number(left), Known::Number(right)) => Some(match comparison {
                    Comparison::Equal => left == right,
                    Comparison::Less => left < right,
                    Comparison::Greater => left > right,
                }),
                (Known::Text(left), Known::Text(right)) => {
                    Some(*comparison == Comparison::Equal && left == right)
                }
                _ => Some(false),
            }
        }
    }
}

fn known<'a>(value: &'a Value, attributes: &'a MessageAttributes) -> Known<'a> {
    match value {
        Value::Text(text) => Known::Text(text),
        Value::Number(number) => Known::Number(*number),
        Value::Name(name) => match attributes.get(name) {
            None => Known::Null,
            Some(found) if found.kind() == Some(MessageAttributeKind::Number) => {
                found.value.parse().map_or(Known::Null, Known::Number)
            }
            Some(found) => Known::Text(&found.value),
        },
    }
}

/// `%` stands for anything and `_` for one byte.
fn like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'%', rest @ ..], _) => (0..=text.len()).any(|skipped| like(rest, &text[skipped..])),
        ([first, rest @ ..], [head, tail @ ..]) => (*first == b'_' || first == head) && like(rest, tail),
        _ => false,
    }
}

fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&first) = chars.peek() {
        let mut token = String::new();
        if first.is_whitespace() {
            chars.next();
            continue;
        } else if first == '\'' {
            chars.next();
            token.push('\'');
            loop {
                match chars.next() {
                    Some('\'') if chars.peek() == Some(&'\'') => {
                        chars.next();
                        token.push('\'');
                    }
                    Some('\'') => break,
                    Some(other) => token.push(other),
                    None => return Err("A text in the selector has no end: it needs a second '.".into()),
                }
            }
        } else if first.is_alphanumeric() || "_.$-".contains(first) {
            while let Some(&next) =
                chars.peek().filter(|next| next.is_alphanumeric() || "_.$-".contains(**next))
            {
                token.push(next);
                chars.next();
            }
        } else {
            token.push(first);
            chars.next();
            if let Some(&next) =
                chars.peek().filter(|next| matches!((first, **next), ('<', '=' | '>') | ('>', '=')))
            {
                token.push(next);
                chars.next();
            }
        }
        tokens.push(token);
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: &'a [String],
    place: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.place).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.place += 1;
        self.tokens.get(self.place - 1).cloned().unwrap_or_default()
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_there = self.peek().eq_ignore_ascii_case(word);
        self.place += usize::from(is_there);
        is_there
    }

    fn needs(&mut self, word: &str) -> Result<(), String> {
        if self.takes(word) {
            Ok(())
        } else {
            Err(format!("The selector needs {word} before `{}`.", self.peek()))
        }
    }

    fn or(&mut self) -> Result<Condition, String> {
        let mut left = self.and()?;
        while self.takes("OR") {
            left = Condition::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Condition, String> {
        let mut left = self.not()?;
        while self.takes("AND") {
            left = Condition::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Condition, String> {
        // A selector of a stranger may not be nested without end.
        if self.place > MAX_TOKENS {
            return Err(format!("The selector is longer than {MAX_TOKENS} words."));
        }
        if self.takes("NOT") {
            return Ok(Condition::Not(Box::new(self.not()?)));
        }
        if self.takes("(") {
            let inner = self.or()?;
            self.needs(")")?;
            return Ok(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Condition, String> {
        let left = self.value()?;
        let Value::Name(name) = &left else { return self.compare(left) };
        let name = name.clone();
        if self.takes("IS") {
            let not = self.takes("NOT");
            self.needs("NULL")?;
            return Ok(negated(Condition::IsNull(name), not));
        }
        let not = self.takes("NOT");
        if self.takes("LIKE") {
            let Value::Text(pattern) = self.value()? else {
                return Err("LIKE needs a text in quotes.".into());
            };
            return Ok(negated(Condition::Like(name, pattern), not));
        }
        if self.takes("BETWEEN") {
            let low = self.value()?;
            self.needs("AND")?;
            let high = self.value()?;
            let below = Condition::Compare(left.clone(), Comparison::Less, low);
            let above = Condition::Compare(left, Comparison::Greater, high);
            return Ok(negated(Condition::Or(Box::new(below), Box::new(above)), !not));
        }
        if self.takes("IN") {
            self.needs("(")?;
            let mut found = Condition::Compare(left.clone(), Comparison::Equal, self.value()?);
            while self.takes(",") {
                let next = Condition::Compare(left.clone(), Comparison::Equal, self.value()?);
                found = Condition::Or(Box::new(found), Box::new(next));
            }
            self.needs(")")?;
            return Ok(negated(found, not));
        }
        self.compare(left)
    }

    fn compare(&mut self, left: Value) -> Result<Condition, String> {
        let sign = self.next();
        let right = self.value()?;
        let (comparison, not) = match sign.as_str() {
            "=" => (Comparison::Equal, false),
            "<>" => (Comparison::Equal, true),
            "<" => (Comparison::Less, false),
            ">=" => (Comparison::Less, true),
            ">" => (Comparison::Greater, false),
            "<=" => (Comparison::Greater, true),
            other => {
                return Err(format!(
                    "The selector compares with `{other}`: =, <>, <, <=, > and >= are known."
                ));
            }
        };
        Ok(negated(Condition::Compare(left, comparison, right), not))
    }

    fn value(&mut self) -> Result<Value, String> {
        let token = self.next();
        if let Some(text) = token.strip_prefix('\'') {
            return Ok(Value::Text(text.to_owned()));
        }
        if let Ok(number) = token.parse::<f64>() {
            return Ok(Value::Number(number));
        }
        let is_name = token.starts_with(|first: char| first.is_alphabetic() || "_$".contains(first));
        if is_name {
            Ok(Value::Name(token))
        } else {
            Err(format!("The selector needs a value before `{token}`."))
        }
    }
}

/// Words of a selector. Ours.
const MAX_TOKENS: usize = 500;

fn negated(condition: Condition, not: bool) -> Condition {
    if not { Condition::Not(Box::new(condition)) } else { condition }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message_attributes::MessageAttributeValue;

    #[test]
    fn mq_23_selectors_are_conditions_of_sql_on_the_attributes() {
        let mut attributes = MessageAttributes::new();
        attributes.insert("region".into(), MessageAttributeValue::string("eu-west"));
        attributes.insert("price".into(), MessageAttributeValue::number(12));
        for (selector, selects) in [
            ("region = 'eu-west'", true),
            ("region <> 'eu-west'", false),
            ("price > 10 AND price <= 12", true),
            ("price BETWEEN 1 AND 5", false),
            ("price NOT BETWEEN 1 AND 5", true),
            ("region IN ('us', 'eu-west')", true),
            ("region NOT IN ('us')", true),
            ("region LIKE 'eu%' AND NOT (price < 12)", true),
            ("region LIKE 'e_'", false),
            ("colour IS NULL", true),
            ("colour IS NOT NULL OR price = 12", true),
            // Nothing is known of what is not there, nor of its opposite.
            ("colour = 'red'", false),
            ("NOT colour = 'red'", false),
            ("price = 'twelve'", false),
        ] {
            let compiled = Selector::parse(selector).expect(selector);
            assert_eq!(compiled.selects(&attributes), selects, "{selector}");
        }
        for wrong in ["", "price", "price >", "price ! 3", "(price = 1", "region = 'eu", "price = 1 price"] {
            assert!(Selector::parse(wrong).is_err(), "{wrong}");
        }
        let deep = "(".repeat(100_000);
        assert!(Selector::parse(&deep).is_err());
    }
}
