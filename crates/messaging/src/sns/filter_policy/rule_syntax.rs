//! One rule of a list: a value or an operator.

use super::error::FilterPolicyError;
use super::error::FilterPolicyErrorKind as Kind;
use super::numeric_syntax::parse_numeric;
use super::rule::{Cidr, Rule, TextPattern, Wildcard};
use super::spanned_json::{Json, Member, Node};
use super::syntax::{Source, Span};

type Parsed<T> = Result<T, FilterPolicyError>;

pub(super) fn span(node: &Node<'_>) -> Span {
    (node.start, node.end)
}

pub(super) fn parse_rule(source: &Source<'_>, node: &Node<'_>) -> Parsed<Rule> {
    match &node.value {
        Json::String(text) => Ok(Rule::String(text.clone())),
        Json::Number { value, .. } => Ok(Rule::Number(*value)),
        Json::Boolean(value) => Ok(Rule::Boolean(*value)),
        Json::Null => Ok(Rule::Null),
        Json::Array(_) => Err(source.error(
            Kind::BadMatchValue,
            span(node),
            "Match value must be String, number, true, false, or null",
            "Remove the inner square brackets: a key takes one flat list of values and operators.",
        )),
        Json::Object(members) => {
            let Some(member) = members.first() else {
                let hint = "Write an operator inside the braces, such as {\"prefix\": \"a\"}.";
                let text = "Match expression name not found";
                return Err(source.error(Kind::EmptyMatchExpression, span(node), text, hint));
            };
            let rule = parse_operator(source, member)?;
            only_one(source, members)?;
            Ok(rule)
        }
    }
}

fn only_one(source: &Source<'_>, members: &[Member<'_>]) -> Parsed<()> {
    let Some(second) = members.get(1) else { return Ok(()) };
    Err(source.error(
        Kind::MultipleOperators,
        (second.name_start, second.node.end),
        "Only one key allowed in match expression",
        "Give each operator its own braces: [{...}, {...}]. Any one of them is then enough.",
    ))
}

fn parse_operator(source: &Source<'_>, member: &Member<'_>) -> Parsed<Rule> {
    let operand = &member.node;
    match member.name.as_str() {
        "anything-but" => parse_anything_but(source, operand),
        "numeric" => parse_numeric(source, operand).map(Rule::Numeric),
        "cidr" => parse_cidr(source, operand).map(Rule::Cidr),
        "exists" => match operand.value {
            Json::Boolean(wanted) => Ok(Rule::Exists(wanted)),
            _ => Err(source.error(
                Kind::ExistsNotBoolean,
                span(operand),
                "exists match pattern must be either true or false.",
                "Write true or false without quotes.",
            )),
        },
        _ => match parse_text_pattern(source, member)? {
            Some(pattern) => Ok(Rule::Text(pattern)),
            None => Err(source.error(
                Kind::UnknownOperator,
                (member.name_start, member.name_end),
                format!("Unrecognized match type {}", member.name),
                unknown_operator_hint(&member.name),
            )),
        },
    }
}

fn unknown_operator_hint(name: &str) -> String {
    const OPERATORS: [&str; 8] =
        ["prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr", "exists"];
    match OPERATORS.iter().find(|operator| operator.eq_ignore_ascii_case(name)) {
        Some(operator) => format!("Operator names are lower case: write \"{operator}\"."),
        None => format!("There is no such operator. Use one of {}.", OPERATORS.join(", ")),
    }
}

/// An operator that compares text; `None` if the name is no such operator.
fn parse_text_pattern(source: &Source<'_>, member: &Member<'_>) -> Parsed<Option<TextPattern>> {
    let text = || operand_text(source, &member.name, &member.node);
    Ok(Some(match member.name.as_str() {
        "prefix" => TextPattern::Prefix(text()?),
        "suffix" => TextPattern::Suffix(text()?),
        "equals-ignore-case" => TextPattern::EqualsIgnoreCase(text()?),
        "wildcard" => TextPattern::Wildcard(parse_wildcard(source, text()?, &member.node)?),
        _ => return Ok(None),
    }))
}

fn operand_text(source: &Source<'_>, operator: &str, operand: &Node<'_>) -> Parsed<String> {
    match &operand.value {
        Json::String(text) => Ok(text.clone()),
        _ => Err(source.error(
            Kind::OperandNotString,
            span(operand),
            // The service says prefix where cidr is meant (SNS-253).
            format!(
                "{} match pattern must be a string",
                if operator == "cidr" { "prefix" } else { operator }
            ),
            format!("\"{operator}\" takes one text in double quotes."),
        )),
    }
}

fn parse_wildcard(source: &Source<'_>, pattern: String, operand: &Node<'_>) -> Parsed<Wildcard> {
    let mut pieces = vec![String::new()];
    let mut previous_is_star = false;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character == '*' {
            if previous_is_star {
                let hint = "One * already stands for any run of characters: remove the second.";
                let text = "Consecutive wildcard characters";
                return Err(source.error(Kind::WildcardConsecutive, span(operand), text, hint));
            }
            pieces.push(String::new());
            previous_is_star = true;
            continue;
        }
        previous_is_star = false;
        let literal = match character {
            '\\' => match characters.next() {
                Some(escaped @ ('*' | '\\')) => escaped,
                _ => {
                    let hint = "In JSON write \\\\* for a real star and \\\\\\\\ for a real backslash.";
                    let text = "Invalid escape character";
                    return Err(source.error(Kind::WildcardBadEscape, span(operand), text, hint));
                }
            },
            other => other,
        };
        if let Some(piece) = pieces.last_mut() {
            piece.push(literal);
        }
    }
    Ok(Wildcard { pattern, pieces })
}

fn parse_cidr(source: &Source<'_>, operand: &Node<'_>) -> Parsed<Cidr> {
    let text = operand_text(source, "cidr", operand)?;
    let refuse = |kind, text: String, hint: &str| Err(source.error(kind, span(operand), text, hint));
    let parts: Vec<&str> = text.split('/').collect();
    let [address, mask] = parts[..] else {
        let text = "Malformed CIDR, one '/' required".into();
        return refuse(
            Kind::CidrNoSlash,
            text,
            "Write an address, one slash and the mask bits: 10.0.0.0/24.",
        );
    };
    let Ok(mask_bits) = mask.parse::<i64>() else {
        let text = "Malformed CIDR, mask bits must be an integer".into();
        return refuse(Kind::CidrMaskNotInteger, text, "After the slash write a whole number: 10.0.0.0/24.");
    };
    if mask_bits < 0 {
        let text = "Malformed CIDR, mask bits must not be negative".into();
        return refuse(Kind::CidrMaskRange, text, "Mask bits start at 0.");
    }
    let Ok(address) = address.parse::<std::net::IpAddr>() else {
        let text = format!("Nonstandard IP address: {address}");
        return refuse(
            Kind::CidrBadAddress,
            text,
            "Write an IPv4 address such as 10.0.0.0 or an IPv6 address.",
        );
    };
    let (family, bits) = if address.is_ipv4() { ("IPv4", 32) } else { ("IPv6", 128) };
    match u32::try_from(mask_bits) {
        Ok(mask_bits) if mask_bits < bits => Ok(Cidr { address, mask_bits }),
        _ => {
            let hint = format!("Use at most /{}; for a single address write it as a plain value.", bits - 1);
            refuse(Kind::CidrMaskRange, format!("{family} mask bits must be < {bits}"), &hint)
        }
    }
}

fn parse_anything_but(source: &Source<'_>, operand: &Node<'_>) -> Parsed<Rule> {
    match &operand.value {
        Json::String(text) => Ok(Rule::AnythingButStrings(vec![text.clone()])),
        Json::Number { value, .. } => Ok(Rule::AnythingButNumbers(vec![*value])),
        Json::Array(list) => parse_anything_but_list(source, list, operand),
        Json::Object(members) => parse_anything_but_operator(source, members, operand),
        Json::Boolean(_) | Json::Null => Err(source.error(
            Kind::AnythingButBadValue,
            span(operand),
            "Value of anything-but must be an array or single string/number value.",
            "Write a text, a number or a list of either.",
        )),
    }
}

fn parse_anything_but_list(source: &Source<'_>, list: &[Node<'_>], operand: &Node<'_>) -> Parsed<Rule> {
    let mut strings = Vec::new();
    let mut numbers = Vec::new();
    for node in list {
        match &node.value {
            Json::String(text) => strings.push(text.clone()),
            Json::Number { value, .. } => numbers.push(*value),
            _ => {
                return Err(source.error(
                    Kind::AnythingButBadValue,
                    span(node),
                    "Inside anything but list, start|null|boolean is not supported.",
                    "List texts or numbers only.",
                ));
            }
        }
    }
    match (strings.is_empty(), numbers.is_empty()) {
        (false, true) => Ok(Rule::AnythingButStrings(strings)),
        (true, false) => Ok(Rule::AnythingButNumbers(numbers)),
        (empty, _) => Err(source.error(
            Kind::AnythingButMixed,
            span(operand),
            "Inside anything but list, either all values are number or string, mixed type is not supported",
            if empty { "List at least one text or number." } else { "List only texts or only numbers." },
        )),
    }
}

fn parse_anything_but_operator(
    source: &Source<'_>,
    members: &[Member<'_>],
    operand: &Node<'_>,
) -> Parsed<Rule> {
    let Some(member) = members.first() else {
        let hint = "Write prefix, suffix, wildcard or equals-ignore-case inside the braces.";
        let text = "Anything-But expression name not found";
        return Err(source.error(Kind::EmptyMatchExpression, span(operand), text, hint));
    };
    let Some(pattern) = parse_text_pattern(source, member)? else {
        return Err(source.error(
            Kind::AnythingButUnsupported,
            (member.name_start, member.name_end),
            format!("Unsupported anything-but pattern: {}", member.name),
            "\"anything-but\" takes values, or one of prefix, suffix, wildcard, equals-ignore-case.",
        ));
    };
    if let TextPattern::Prefix(affix) | TextPattern::Suffix(affix) = &pattern
        && affix.is_empty()
    {
        let hint = "Every text starts and ends with nothing, so this would exclude all: write some text.";
        let text = "Null prefix/suffix not allowed";
        return Err(source.error(Kind::AnythingButEmptyAffix, span(&member.node), text, hint));
    }
    only_one(source, members)?;
    Ok(Rule::AnythingButText(pattern))
}
