//! What is wrong with a document, where, and what would be right.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::pointer::JsonPointer;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// It runs; somebody should look.
    Warning,
    /// It cannot run as it stands.
    Error,
}

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DiagnosticCode {
    /// The text is not JSON.
    Syntax,
    /// The document was written for a newer version of the format.
    UnknownVersion,
    /// A member the format does not have.
    UnknownMember,
    /// A member that must be there is not.
    MissingMember,
    /// A value of the wrong JSON type.
    WrongType,
    /// A number outside its range, or a word that is not one of the choices.
    OutOfRange,
    /// No resource or link of that type.
    UnknownType,
    /// The type has no such property.
    UnknownProperty,
    /// A name AWS would refuse.
    InvalidName,
    /// Two resources of one name; the last one counts.
    DuplicateName,
    /// A link, a timeline entry, an expectation or a position names a resource that is not there.
    DanglingLink,
    /// The two cannot be linked.
    LinkNotAllowed,
    /// Two links join the same two resources in the same direction.
    DuplicateLink,
    /// The link is legal, and what it says changes nothing or loses all.
    DoubtfulLink,
    /// Messages can come back to where they were.
    DeliveryCycle,
    /// Standard and FIFO do not go together here.
    FifoMismatch,
    /// SNS would refuse the filter policy.
    InvalidFilterPolicy,
    /// SNS accepts the filter policy, but it may not do what was meant.
    DoubtfulFilterPolicy,
    /// The access policy of a queue cannot be read.
    InvalidAccessPolicy,
    /// SNS would refuse the topic or the subscription.
    InvalidSubscription,
    /// AWS would refuse the attribute.
    InvalidAttribute,
    /// AWS would refuse the event source mapping, or the function's concurrency.
    InvalidEventSourceMapping,
    /// AWS accepts the event source mapping and advises against it.
    DoubtfulEventSourceMapping,
    /// The resource cannot do what the timeline wants of it.
    NotPossible,
    /// The resource never reports the metric.
    MetricNotReported,
    /// More than an untrusted document may hold. Ours.
    TooLarge,
}

impl DiagnosticCode {
    /// All codes.
    pub const ALL: &'static [Self] = &[
        Self::Syntax,
        Self::UnknownVersion,
        Self::UnknownMember,
        Self::MissingMember,
        Self::WrongType,
        Self::OutOfRange,
        Self::UnknownType,
        Self::UnknownProperty,
        Self::InvalidName,
        Self::DuplicateName,
        Self::DanglingLink,
        Self::LinkNotAllowed,
        Self::DuplicateLink,
        Self::DoubtfulLink,
        Self::DeliveryCycle,
        Self::FifoMismatch,
        Self::InvalidFilterPolicy,
        Self::DoubtfulFilterPolicy,
        Self::InvalidAccessPolicy,
        Self::InvalidSubscription,
        Self::InvalidAttribute,
        Self::InvalidEventSourceMapping,
        Self::DoubtfulEventSourceMapping,
        Self::NotPossible,
        Self::MetricNotReported,
        Self::TooLarge,
    ];
}

impl fmt::Display for DiagnosticCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// One fault of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of fault it is.
    pub code: DiagnosticCode,
    /// Where it is.
    pub pointer: JsonPointer,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What would be right, as a sentence.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A fault that keeps the document from running.
    pub fn error(code: DiagnosticCode, pointer: &JsonPointer, message: impl Into<String>) -> Self {
        let (pointer, message) = (pointer.clone(), message.into());
        Self { severity: Severity::Error, code, pointer, message, hint: None }
    }

    /// A doubt that does not keep it from running.
    pub fn warning(code: DiagnosticCode, pointer: &JsonPointer, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, pointer, message) }
    }

    /// The same with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity} {} at {}: {}", self.code, self.pointer, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " {hint}"),
            None => Ok(()),
        }
    }
}

/// The faults of a document, in the order they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of `other`.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// True when nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when the document cannot run as it stands.
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// Those that keep the document from running.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
