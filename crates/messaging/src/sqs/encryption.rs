//! Encryption with a KMS key: who may use it, and how often KMS is asked (SQS-190 to SQS-195).

use kernel::{SimDuration, SimTime};

use super::error::Error;
use super::properties::QueueProperties;
use super::throughput::Action;
use crate::call::Principal;
use crate::context::Context;
use crate::identifiers::ComponentId;
use crate::kms::KmsKey;
use crate::metric::MetricName;
use crate::registry::Properties;

/// Encryption of a queue's messages: its key, and the data keys in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Encryption {
    key: Option<Key>,
    /// For each caller and what it does: until when KMS need not be asked again.
    data_keys: Vec<(ComponentId, Action, SimTime)>,
}

/// A KMS key as a queue uses it.
#[derive(Clone, Debug)]
struct Key {
    reuse: SimDuration,
    kms: KmsKey,
}

impl Encryption {
    pub(super) fn new(properties: &QueueProperties) -> Self {
        let key = properties.kms_master_key_id.as_deref().map(|id| Key::new(id, properties));
        Self { key, data_keys: Vec::new() }
    }

    /// The document changed. Data keys of the same key stay good until their time is over, whatever became of the key.
    pub(super) fn update(&mut self, before: &QueueProperties, properties: &QueueProperties) {
        self.key = Self::new(properties).key;
        if before.kms_master_key_id != properties.kms_master_key_id {
            self.data_keys.clear();
        }
    }

    /// New messages are encrypted with a KMS key (SQS-191).
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.key.is_some()
    }

    /// Asks KMS on behalf of a caller, unless its data key can be used again (SQS-192).
    ///
    /// `own` are the properties of the queue: it may hold encrypted messages without having a key now.
    ///
    /// # Errors
    /// Why KMS refuses.
    pub(super) fn use_key(
        &mut self,
        action: Action,
        (from, principal): (ComponentId, Principal),
        own: &QueueProperties,
        cx: &mut Context<'_>,
    ) -> Result<(), Error> {
        let now = cx.now();
        let known = self.data_keys.iter().position(|(who, what, _)| (*who, *what) == (from, action));
        if known.is_some_and(|place| now < self.data_keys[place].2) {
            return Ok(());
        }
        let former;
        let key = match &self.key {
            Some(key) => key,
            None => {
                former = former_key(own, cx);
                &former
            }
        };
        let wanted: &[&str] = match action {
            Action::Send => &["kms:GenerateDataKey", "kms:Decrypt"],
            _ => &["kms:Decrypt"],
        };
        cx.count(MetricName::KmsRequests, wanted.len() as u64);
        key.kms.check(wanted, principal, cx).map_err(Error::Kms)?;
        let until = now + key.reuse;
        match known {
            Some(place) => self.data_keys[place].2 = until,
            None => self.data_keys.push((from, action, until)),
        }
        Ok(())
    }
}

/// The key of messages that are encrypted though the queue has none now: that of the queue they were moved from, or
/// the one it had itself (SQS-191).
fn former_key(own: &QueueProperties, cx: &Context<'_>) -> Key {
    let sources = cx.links().arriving(cx.id()).filter(|link| link.properties.is_redrive());
    let properties = sources.filter_map(|link| match cx.properties(link.from) {
        Some(Properties::Queue(properties)) => Some(properties),
        _ => None,
    });
    let encrypts = |properties: &&QueueProperties| properties.kms_master_key_id.is_some();
    let properties = properties.into_iter().find(encrypts).unwrap_or(own);
    Key::new(properties.kms_master_key_id.as_deref().unwrap_or("unknown"), properties)
}

impl Key {
    fn new(id: &str, properties: &QueueProperties) -> Self {
        Self {
            reuse: SimDuration::from_secs(u64::from(properties.kms_data_key_reuse_period_seconds)),
            kms: KmsKey::new(id, properties.kms_key_state, properties.kms_key_policy.as_ref()),
        }
    }
}
