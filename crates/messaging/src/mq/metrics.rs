//! Which metrics a broker reports (MQ-50).

use super::broker::Broker;
use crate::context::View;
use crate::metric::MetricName::{self, *};

/// Those of CloudWatch, and the playground's own behind them.
pub(super) const METRICS: &[MetricName] = &[
    TotalMessageCount,
    MessageCount,
    MessageReadyCount,
    MessageUnacknowledgedCount,
    EnqueueCount,
    DequeueCount,
    DispatchCount,
    InFlightCount,
    ExpiredCount,
    PublishRate,
    ConfirmRate,
    AckRate,
    QueueSize,
    QueueCount,
    ConsumerCount,
    TotalConsumerCount,
    ProducerCount,
    CurrentConnectionsCount,
    ConnectionCount,
    BrokerCpuUtilization,
    HeapUsage,
    StorePercentUsage,
    RabbitMqMemUsed,
    RabbitMqDiskFree,
    MessagesDropped,
    MessagesLost,
    MessagesMovedToDeadLetterQueue,
    RefusedMessages,
];

impl Broker {
    pub(super) fn put_gauges(&self, view: &View<'_>, put: &mut dyn FnMut(MetricName, u64)) {
        let ready: u64 = self.destinations.iter().map(|destination| destination.ready.len() as u64).sum();
        let held: u64 = self.destinations.iter().map(|destination| destination.unacknowledged).sum();
        let consumers = self.subscriptions.len() as u64;
        let producers = self.ports.iter().filter(|port| port.connected).count() as u64;
        let queues = self.destinations.iter().filter(|it| !it.gone && it.is_queue()).count() as u64;
        let taken = self.taken.last_second(view.now()).max(self.taken.current(view.now()));
        let percent = |part: u64, whole: u64| part * 100 / whole.max(1);
        // Ours: the share of the messages it can take.
        put(BrokerCpuUtilization, percent(taken, self.capacity()).min(100));
        put(ConsumerCount, consumers);
        if self.properties.is_rabbit() {
            put(MessageCount, ready + held);
            put(MessageReadyCount, ready);
            put(MessageUnacknowledgedCount, held);
            put(QueueCount, queues);
            put(ConnectionCount, producers + consumers);
            put(RabbitMqMemUsed, self.memory_bytes);
            put(RabbitMqDiskFree, self.storage_limit.saturating_sub(self.stored_bytes));
        } else {
            put(TotalMessageCount, ready + held);
            put(QueueSize, ready + held);
            put(InFlightCount, held);
            put(TotalConsumerCount, consumers);
            put(ProducerCount, producers);
            put(CurrentConnectionsCount, producers + consumers);
            put(HeapUsage, percent(self.memory_bytes, self.memory_limit));
            put(StorePercentUsage, percent(self.stored_bytes, self.storage_limit));
        }
    }
}
