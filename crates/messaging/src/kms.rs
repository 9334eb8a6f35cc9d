//! A KMS key as an encrypted queue or stream uses it (SQS-190 to SQS-195, KDS-109).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access_policy::{
    AccessDecision, AccessPolicy, AccessRequest, CLIENT_ROLE, Principal as PolicyPrincipal,
};
use crate::arn;
use crate::call::Principal;
use crate::context::Context;

/// The state of a KMS key (SQS-192).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum KmsKeyState {
    /// It can be used.
    #[default]
    Enabled,
    /// Somebody disabled it.
    Disabled,
    /// Somebody scheduled its deletion.
    PendingDeletion,
    /// There is no such key.
    NotFound,
}

/// Why KMS refuses (SQS-192, KDS-109). Each service gives it a code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KmsError {
    /// The key policy does not allow the caller what it needs.
    AccessDenied,
    /// The key is disabled.
    Disabled,
    /// The key is about to be deleted.
    InvalidState,
    /// There is no such key.
    NotFound,
}

/// A key with its state and its policy.
#[derive(Clone, Debug)]
pub(crate) struct KmsKey {
    state: KmsKeyState,
    arn: String,
    policy: KeyPolicy,
}

#[derive(Clone, Debug)]
enum KeyPolicy {
    /// That of a new key, and of one that AWS manages: the account may do everything (SQS-195).
    Default,
    /// One that cannot be read, which validation reports: it lets nobody in.
    Unreadable,
    Given(AccessPolicy),
}

impl KmsKey {
    /// The key `id`, an id, an alias or an ARN.
    pub(crate) fn new(id: &str, state: KmsKeyState, policy: Option<&Value>) -> Self {
        let managed_by_aws = id.starts_with("alias/aws/");
        let policy = match policy.filter(|_| !managed_by_aws).map(AccessPolicy::parse) {
            None => KeyPolicy::Default,
            Some(Ok(policy)) => KeyPolicy::Given(policy),
            Some(Err(_)) => KeyPolicy::Unreadable,
        };
        Self { state, arn: if id.starts_with("arn:") { id.to_owned() } else { arn::key(id) }, policy }
    }

    /// Asks KMS for `actions` on behalf of a caller.
    ///
    /// # Errors
    /// Why KMS refuses.
    pub(crate) fn check(
        &self,
        actions: &[&str],
        principal: Principal,
        cx: &Context<'_>,
    ) -> Result<(), KmsError> {
        match self.state {
            KmsKeyState::Enabled => {}
            KmsKeyState::Disabled => return Err(KmsError::Disabled),
            KmsKeyState::PendingDeletion => return Err(KmsError::InvalidState),
            KmsKeyState::NotFound => return Err(KmsError::NotFound),
        }
        let allowed = actions.iter().all(|action| self.allows(action, principal, cx));
        allowed.then_some(()).ok_or(KmsError::AccessDenied)
    }

    /// Of a key only its own policy counts (ACC-7).
    fn allows(&self, action: &str, principal: Principal, cx: &Context<'_>) -> bool {
        let policy = match &self.policy {
            KeyPolicy::Given(policy) => policy,
            KeyPolicy::Unreadable => return false,
            KeyPolicy::Default => return principal == Principal::Account,
        };
        let source_arn = match principal {
            Principal::Account => String::new(),
            Principal::Service { name, source } => arn::of_service(name, cx.name(source)),
        };
        let context = [("aws:SourceArn", source_arn.as_str()), ("aws:SourceAccount", arn::ACCOUNT)];
        let request = AccessRequest {
            principal: match principal {
                Principal::Account => PolicyPrincipal::Aws(CLIENT_ROLE),
                Principal::Service { name, .. } => PolicyPrincipal::Service(name),
            },
            action,
            resource_arn: &self.arn,
            context: if principal == Principal::Account { &[] } else { &context },
        };
        matches!(policy.evaluate(&request), AccessDecision::Allowed)
    }
}
