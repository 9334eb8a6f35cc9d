//! Resource policies of queues and topics, as small rule sets (`ACC-1` to `ACC-7`).
//!
//! The least that gives the right answers: who may do what to which resource under which conditions. Identity
//! policies, boundaries and organisation policies are not simulated (`ACC-8`).

mod condition;
mod parse;

use serde_json::{Value, json};
use wildmatch::WildMatch;

use condition::Condition;
pub use parse::AccessPolicyError;

/// As whom the clients of the account call: a role with full rights (ACC-8).
pub(crate) const CLIENT_ROLE: &str = "arn:aws:iam::123456789012:role/client";

/// The service principal of SNS (`ACC-13`, `SNS-144`).
pub const SNS_SERVICE_PRINCIPAL: &str = "sns.amazonaws.com";
/// The action that lets someone send to a queue, batches included (`SQS-193`).
pub const SEND_MESSAGE_ACTION: &str = "sqs:SendMessage";

/// Who makes a request (`ACC-1`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal<'request> {
    /// An AWS service, such as `sns.amazonaws.com`.
    Service(&'request str),
    /// A user or role by its ARN.
    Aws(&'request str),
}

/// One call on a resource (`ACC-1`).
#[derive(Clone, Copy, Debug)]
pub struct AccessRequest<'request> {
    /// Who asks.
    pub principal: Principal<'request>,
    /// What they want, such as `sqs:SendMessage`.
    pub action: &'request str,
    /// To what.
    pub resource_arn: &'request str,
    /// Context keys with their values, such as `aws:SourceArn`. A key may occur several times.
    pub context: &'request [(&'request str, &'request str)],
}

/// What a policy says to a request (`ACC-6`, `ACC-7`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessDecision {
    /// A statement allows it and none denies it.
    Allowed,
    /// A statement denies it, which nothing can outweigh.
    ExplicitDeny {
        /// Its place in the policy, from 0.
        statement: usize,
    },
    /// No statement speaks of it.
    ImplicitDeny,
}

/// A resource policy, ready to evaluate.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessPolicy {
    statements: Vec<Statement>,
}

#[derive(Clone, Debug, PartialEq)]
struct Statement {
    sid: Option<String>,
    allows: bool,
    principals: Vec<PrincipalPattern>,
    actions: Vec<WildMatch>,
    resources: Vec<WildMatch>,
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, PartialEq)]
enum PrincipalPattern {
    Everyone,
    Service(String),
    /// A user or role.
    Arn(String),
    /// Everyone of an account, by its number.
    Account(String),
    /// A kind that the simulator has none of (federated or canonical users).
    Nobody,
}

impl AccessPolicy {
    /// Answers a request: an explicit deny wins, then an allow, else it is denied (`ACC-6`, `ACC-7`).
    pub fn evaluate(&self, request: &AccessRequest<'_>) -> AccessDecision {
        let mut decision = AccessDecision::ImplicitDeny;
        for (statement, candidate) in self.statements.iter().enumerate() {
            if !candidate.applies(request) {
                continue;
            }
            if !candidate.allows {
                return AccessDecision::ExplicitDeny { statement };
            }
            decision = AccessDecision::Allowed;
        }
        decision
    }

    /// The `Sid` of a statement, if it has one.
    pub fn statement_id(&self, statement: usize) -> Option<&str> {
        self.statements.get(statement)?.sid.as_deref()
    }

    /// Statements that let a service write on behalf of any topic or bucket of the world (`ACC-15`).
    pub fn statements_without_source(&self) -> impl Iterator<Item = usize> {
        let open = |statement: &Statement| {
            let for_services = statement
                .principals
                .iter()
                .any(|p| matches!(p, PrincipalPattern::Service(_) | PrincipalPattern::Everyone));
            statement.allows && for_services && !statement.conditions.iter().any(Condition::limits_source)
        };
        self.statements.iter().enumerate().filter(move |(_, s)| open(s)).map(|(index, _)| index)
    }
}

impl Statement {
    /// Whether every part of the statement fits the request (`ACC-2`, `ACC-3`).
    fn applies(&self, request: &AccessRequest<'_>) -> bool {
        let action = single_form(request.action);
        self.principals.iter().any(|principal| principal.fits(request.principal))
            && self.actions.iter().any(|pattern| pattern.matches(action) || pattern.matches(request.action))
            && self.resources.iter().any(|pattern| pattern.matches(request.resource_arn))
            && self.conditions.iter().all(|condition| condition.holds(request.context))
    }
}

/// Permission for an action covers its batch form, which is no action of its own (`SQS-193`).
fn single_form(action: &str) -> &str {
    action.strip_suffix("Batch").unwrap_or(action)
}

impl PrincipalPattern {
    fn fits(&self, principal: Principal<'_>) -> bool {
        match (self, principal) {
            (Self::Everyone, _) => true,
            (Self::Service(wanted), Principal::Service(service)) => wanted == service,
            (Self::Arn(wanted), Principal::Aws(arn)) => wanted == arn,
            (Self::Account(wanted), Principal::Aws(arn)) => arn.split(':').nth(4) == Some(wanted),
            _ => false,
        }
    }
}

/// The statement that lets one topic send to one queue (`SNS-144`, `ACC-13`).
pub fn allow_sns_to_send(queue_arn: &str, topic_arn: &str) -> Value {
    json!({
        "Effect": "Allow",
        "Principal": { "Service": SNS_SERVICE_PRINCIPAL },
        "Action": SEND_MESSAGE_ACTION,
        "Resource": queue_arn,
        "Condition": { "ArnEquals": { "aws:SourceArn": topic_arn } },
    })
}

/// A policy document of some statements.
pub fn policy_document(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

#[cfg(test)]
mod tests;
