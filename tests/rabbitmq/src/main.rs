//! The broker of the model and a real RabbitMQ, side by side (MQ-26 to MQ-36).
//!
//! Each case is put to the model, and to a RabbitMQ that the test starts on loopback in a folder of its own: the same
//! exchanges, queues, bindings, publishes and consumer. Both have to tell the same story: which bodies each queue
//! holds in which order, what was delivered before, what was refused, and how many a consumer had in its hands.

mod case;
mod model;
mod server;

#[tokio::test(flavor = "multi_thread")]
async fn the_model_and_rabbitmq_tell_the_same_story() {
    let server = server::Server::start().await;
    let mut different = Vec::new();
    for case in case::all() {
        let (model, real) = (model::story(&case), server.story(&case).await);
        println!("{}: {real:?}", case.name);
        if model != real {
            different.push(format!("{}\n  model    {model:?}\n  RabbitMQ {real:?}", case.name));
        }
    }
    server.stop();
    assert!(different.is_empty(), "{}", different.join("\n"));
}
