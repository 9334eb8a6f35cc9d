use super::*;

const QUEUE: &str = "arn:aws:sqs:us-east-1:111122223333:eu";
const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:orders";
const ROLE: Principal<'_> = Principal::Aws("arn:aws:iam::111122223333:role/worker");
const OTHER_ROLE: Principal<'_> = Principal::Aws("arn:aws:iam::444455556666:role/worker");
const SNS: Principal<'_> = Principal::Service(SNS_SERVICE_PRINCIPAL);

fn policy(statements: Value) -> AccessPolicy {
    AccessPolicy::parse(&json!({ "Version": "2012-10-17", "Statement": statements })).unwrap()
}

fn answer(
    statements: Value,
    principal: Principal<'_>,
    action: &str,
    context: &[(&str, &str)],
) -> AccessDecision {
    policy(statements).evaluate(&AccessRequest { principal, action, resource_arn: QUEUE, context })
}

fn statement(effect: &str, principal: Value, action: Value) -> Value {
    json!({ "Effect": effect, "Principal": principal, "Action": action, "Resource": QUEUE })
}

fn with_condition(effect: &str, condition: Value) -> Value {
    let mut statement = statement(effect, json!("*"), json!("sqs:*"));
    statement["Condition"] = condition;
    statement
}

#[test]
fn nothing_is_allowed_by_itself_acc_7() {
    assert_eq!(answer(json!([]), ROLE, "sqs:SendMessage", &[]), AccessDecision::ImplicitDeny);
    let receive_only = json!([statement("Allow", json!("*"), json!("sqs:ReceiveMessage"))]);
    assert_eq!(answer(receive_only, ROLE, "sqs:SendMessage", &[]), AccessDecision::ImplicitDeny);
}

#[test]
fn a_deny_anywhere_wins_acc_6() {
    let allow = statement("Allow", json!("*"), json!("sqs:*"));
    let mut deny =
        statement("Deny", json!({ "AWS": "arn:aws:iam::111122223333:role/worker" }), json!("sqs:Send*"));
    deny["Sid"] = json!("NoWorkers");
    for (order, place) in [(json!([allow, deny]), 1), (json!([deny, allow]), 0)] {
        let denied = AccessDecision::ExplicitDeny { statement: place };
        assert_eq!(answer(order.clone(), ROLE, "sqs:SendMessage", &[]), denied);
        assert_eq!(answer(order.clone(), OTHER_ROLE, "sqs:SendMessage", &[]), AccessDecision::Allowed);
        assert_eq!(answer(order.clone(), ROLE, "sqs:ReceiveMessage", &[]), AccessDecision::Allowed);
        assert_eq!(policy(order).statement_id(place), Some("NoWorkers"));
    }
}

#[test]
fn actions_match_without_case_and_with_wildcards_acc_2() {
    for (pattern, fits) in [
        (json!("SQS:sendmessage"), true),
        (json!(["sqs:ReceiveMessage", "sqs:Send*"]), true),
        (json!("sqs:SendMessag?"), true),
        (json!("*"), true),
        (json!("sqs:Send"), false),
        (json!("sns:*"), false),
    ] {
        let decision = answer(json!([statement("Allow", json!("*"), pattern)]), ROLE, "sqs:SendMessage", &[]);
        assert_eq!(decision == AccessDecision::Allowed, fits);
    }
}

#[test]
fn resources_match_with_wildcards_and_case_acc_2() {
    for (pattern, fits) in [
        (json!("arn:aws:sqs:*:111122223333:e?"), true),
        (json!(["arn:aws:sqs:us-east-1:111122223333:us", "*"]), true),
        (json!("arn:aws:sqs:us-east-1:111122223333:EU"), false),
    ] {
        let mut allow = statement("Allow", json!("*"), json!("sqs:*"));
        allow["Resource"] = pattern;
        let decision = answer(json!([allow]), ROLE, "sqs:SendMessage", &[]);
        assert_eq!(decision == AccessDecision::Allowed, fits);
    }
}

#[test]
fn principals_are_services_accounts_or_arns_acc_1() {
    for (pattern, who, fits) in [
        (json!({ "Service": "sns.amazonaws.com" }), SNS, true),
        (json!({ "Service": ["s3.amazonaws.com", "sns.amazonaws.com"] }), SNS, true),
        (json!({ "Service": "s3.amazonaws.com" }), SNS, false),
        (json!({ "AWS": "111122223333" }), SNS, false),
        (json!({ "AWS": "111122223333" }), ROLE, true),
        (json!({ "AWS": "arn:aws:iam::111122223333:root" }), ROLE, true),
        (json!({ "AWS": "arn:aws:iam::111122223333:root" }), OTHER_ROLE, false),
        (json!({ "AWS": "*" }), OTHER_ROLE, true),
        (json!("*"), SNS, true),
    ] {
        let decision =
            answer(json!([statement("Allow", pattern, json!("sqs:*"))]), who, "sqs:SendMessage", &[]);
        assert_eq!(decision == AccessDecision::Allowed, fits, "{who:?}");
    }
}

#[test]
fn conditions_are_joined_by_and_their_values_by_or_acc_3() {
    let source = ("aws:SourceArn", TOPIC);
    let account = ("aws:SourceAccount", "111122223333");
    for (condition, context, fits) in [
        (json!({ "ArnEquals": { "aws:SourceArn": TOPIC } }), vec![source], true),
        (json!({ "ArnEquals": { "AWS:sourcearn": TOPIC } }), vec![source], true),
        (json!({ "ArnEquals": { "aws:SourceArn": TOPIC } }), vec![], false),
        (json!({ "ArnLike": { "aws:SourceArn": "arn:aws:sns:*:*:ord*" } }), vec![source], true),
        (json!({ "ArnLike": { "aws:SourceArn": "arn:aws:*:orders" } }), vec![source], false),
        (json!({ "StringLike": { "aws:SourceArn": "arn:aws:*:orders" } }), vec![source], true),
        (json!({ "StringEquals": { "aws:SourceArn": "arn:aws:*" } }), vec![source], false),
        (json!({ "StringEquals": { "aws:SourceAccount": ["x", "111122223333"] } }), vec![account], true),
        (
            json!({
                "StringEquals": { "aws:SourceAccount": "111122223333" },
                "ArnEquals": { "aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:returns" }
            }),
            vec![source, account],
            false,
        ),
    ] {
        let decision =
            answer(json!([with_condition("Allow", condition.clone())]), SNS, "sqs:SendMessage", &context);
        assert_eq!(decision == AccessDecision::Allowed, fits, "{condition}");
    }
}

#[test]
fn insecure_transport_can_be_denied_acc_t12() {
    let statements = json!([
        statement("Allow", json!("*"), json!("sqs:*")),
        with_condition("Deny", json!({ "Bool": { "aws:SecureTransport": false } })),
    ]);
    let over =
        |secure| answer(statements.clone(), ROLE, "sqs:SendMessage", &[("aws:SecureTransport", secure)]);
    assert_eq!(over("true"), AccessDecision::Allowed);
    assert_eq!(over("false"), AccessDecision::ExplicitDeny { statement: 1 });
}

#[test]
fn a_permission_covers_the_batch_form_sqs_193() {
    let allow = json!([statement("Allow", json!("*"), json!("sqs:SendMessage"))]);
    assert_eq!(answer(allow.clone(), ROLE, "sqs:SendMessageBatch", &[]), AccessDecision::Allowed);
    assert_eq!(answer(allow, ROLE, "sqs:DeleteMessageBatch", &[]), AccessDecision::ImplicitDeny);
}

#[test]
fn sns_needs_the_standard_statement_sns_144_sqs_194_acc_t7() {
    let request = |topic| {
        answer(
            json!([allow_sns_to_send(QUEUE, TOPIC)]),
            SNS,
            SEND_MESSAGE_ACTION,
            &[("aws:SourceArn", topic)],
        )
    };
    assert_eq!(request(TOPIC), AccessDecision::Allowed);
    assert_eq!(request("arn:aws:sns:us-east-1:111122223333:returns"), AccessDecision::ImplicitDeny);
    assert_eq!(answer(json!([]), SNS, SEND_MESSAGE_ACTION, &[]), AccessDecision::ImplicitDeny);
    let document = policy_document(vec![allow_sns_to_send(QUEUE, TOPIC)]);
    assert_eq!(AccessPolicy::parse(&document).unwrap().statements_without_source().count(), 0);
}

#[test]
fn statements_open_to_every_source_are_found_acc_15() {
    let statements = json!([
        statement("Allow", json!({ "Service": "sns.amazonaws.com" }), json!("sqs:SendMessage")),
        allow_sns_to_send(QUEUE, TOPIC),
        statement("Deny", json!("*"), json!("sqs:*")),
        statement("Allow", json!({ "AWS": "111122223333" }), json!("sqs:*")),
    ]);
    assert_eq!(policy(statements).statements_without_source().collect::<Vec<_>>(), [0]);
}

#[test]
fn errors_point_at_the_fault() {
    let one = |change: fn(&mut Value)| {
        let mut statement = statement("Allow", json!("*"), json!("sqs:*"));
        change(&mut statement);
        AccessPolicy::parse(&policy_document(vec![statement])).unwrap_err().pointer
    };
    assert_eq!(one(|s| s["Effect"] = json!("allow")), "/Statement/0/Effect");
    assert_eq!(one(|s| s["Action"] = json!(["sqs:*", "SendMessage"])), "/Statement/0/Action/1");
    assert_eq!(one(|s| s["Action"] = json!([])), "/Statement/0/Action");
    assert_eq!(one(|s| s["Principal"] = json!({ "AWS": "me" })), "/Statement/0/Principal/AWS");
    assert_eq!(one(|s| s["Resource"] = json!(7)), "/Statement/0/Resource");
    assert_eq!(one(|s| s["NotAction"] = json!("sqs:*")), "/Statement/0/NotAction");
    assert_eq!(one(|s| s["Condition"] = json!({ "IpAddress": {} })), "/Statement/0/Condition/IpAddress");
    assert_eq!(
        one(|s| s["Condition"] = json!({ "Bool": { "a/b": [{}] } })),
        "/Statement/0/Condition/Bool/a~1b/0"
    );
    assert_eq!(one(|s| *s = json!([])), "/Statement/0");
    let pointer = |document: Value| AccessPolicy::parse(&document).unwrap_err().pointer;
    assert_eq!(pointer(json!("x")), "");
    assert_eq!(pointer(json!({})), "");
    assert_eq!(pointer(json!({ "Version": "2020-01-01", "Statement": [] })), "/Version");
    assert_eq!(pointer(json!({ "Statement": 1 })), "/Statement");
}
