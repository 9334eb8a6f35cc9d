//! Server-side encryption with a KMS key: producers need `kms:GenerateDataKey`, consumers `kms:Decrypt` (KDS-109).

use super::error::{Error, KmsFailure};
use super::properties::{EncryptionType, StreamProperties};
use crate::access_policy::{AccessDecision, AccessPolicy, AccessRequest, Principal as PolicyPrincipal};
use crate::arn;
use crate::call::Principal;
use crate::context::Context;
use crate::sqs::KmsKeyState;

/// The key of a stream, as its calls use it. What is said of the key stands with the stream, as with a queue.
#[derive(Clone, Debug)]
pub(super) struct Encryption {
    state: KmsKeyState,
    arn: String,
    /// None for a new key's: the account may do everything. One that cannot be read lets nobody in.
    policy: Option<Option<AccessPolicy>>,
}

impl Encryption {
    pub(super) fn new(properties: &StreamProperties) -> Option<Self> {
        let encryption = &properties.stream_encryption;
        let key = &encryption.key_id;
        (encryption.encryption_type == EncryptionType::Kms).then(|| Self {
            state: properties.kms_key_state,
            arn: if key.starts_with("arn:") { key.clone() } else { arn::key(key) },
            policy: properties.kms_key_policy.as_ref().map(|policy| AccessPolicy::parse(policy).ok()),
        })
    }

    /// Asks KMS on behalf of a caller.
    ///
    /// # Errors
    /// Why KMS refuses.
    pub(super) fn check(&self, action: &str, principal: Principal, cx: &Context<'_>) -> Result<(), Error> {
        match self.state {
            KmsKeyState::Enabled => {}
            KmsKeyState::Disabled => return Err(Error::Kms(KmsFailure::Disabled)),
            KmsKeyState::PendingDeletion => return Err(Error::Kms(KmsFailure::InvalidState)),
            KmsKeyState::NotFound => return Err(Error::Kms(KmsFailure::NotFound)),
        }
        self.allows(action, principal, cx).then_some(()).ok_or(Error::Kms(KmsFailure::AccessDenied))
    }

    /// Of a key only its own policy counts (ACC-7).
    fn allows(&self, action: &str, principal: Principal, cx: &Context<'_>) -> bool {
        let policy = match &self.policy {
            None => return principal == Principal::Account,
            Some(None) => return false,
            Some(Some(policy)) => policy,
        };
        let role = format!("arn:aws:iam::{}:role/playground", arn::ACCOUNT);
        let source_arn = match principal {
            Principal::Account => String::new(),
            Principal::Service { source, .. } => arn::topic(cx.name(source)),
        };
        let context = [("aws:SourceArn", source_arn.as_str()), ("aws:SourceAccount", arn::ACCOUNT)];
        let request = AccessRequest {
            principal: match principal {
                Principal::Account => PolicyPrincipal::Aws(&role),
                Principal::Service { name, .. } => PolicyPrincipal::Service(name),
            },
            action,
            resource_arn: &self.arn,
            context: if principal == Principal::Account { &[] } else { &context },
        };
        matches!(policy.evaluate(&request), AccessDecision::Allowed)
    }
}
