// Documents for pictures: every kind of node, wires at growing rates, and a platform of sixty-eight nodes in groups.

const steady = (rate, more = {}) => ({
  Type: "Playground::Producer",
  Properties: { ArrivalProcess: { Type: "Steady", Rate: rate }, ...more },
});
const states = ["placed", "cancelled", "declined", "refunded"].map((state, place) => ({
  Body: JSON.stringify({ order: state }),
  Attributes: { state: { Type: "String", Value: state } },
  Weight: [62, 18, 12, 8][place],
}));
const takes = (milliseconds) => ({ Distribution: "Constant", Milliseconds: milliseconds });
const consumer = (milliseconds, more = {}) => ({
  Type: "Playground::Consumer",
  Properties: { ProcessingTime: takes(milliseconds), ...more },
});
const kinds = {
  queue: (more = {}) => ({ Type: "AWS::SQS::Queue", Properties: more }),
  fifo: () => ({ Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } }),
  topic: () => ({ Type: "AWS::SNS::Topic" }),
  stream: (shards) => ({ Type: "AWS::Kinesis::Stream", Properties: { ShardCount: shards } }),
  firehose: () => ({
    Type: "AWS::KinesisFirehose::DeliveryStream",
    Properties: { BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 32 } },
  }),
  bucket: () => ({ Type: "AWS::S3::Bucket" }),
  lambda: (milliseconds = 110) => ({ Type: "AWS::Lambda::Function", Properties: { ProcessingTime: takes(milliseconds) } }),
  database: (writes = 200) => ({ Type: "Playground::Database", Properties: { MaxWritesPerSecond: writes } }),
  endpoint: (protocol) => ({ Type: "Playground::Endpoint", Properties: protocol ? { Protocol: protocol } : {} }),
  fleet: () => ({
    Type: "AWS::AutoScaling::AutoScalingGroup",
    Properties: { MinSize: 3, MaxSize: 6, DesiredCapacity: 3, Instance: { Workers: 4 } },
  }),
  broker: () => ({
    Type: "AWS::AmazonMQ::Broker",
    Properties: { DeploymentMode: "ACTIVE_STANDBY_MULTI_AZ", StorageType: "EFS" },
  }),
  alarm: (threshold) => ({ Type: "AWS::CloudWatch::Alarm", Properties: { Threshold: threshold } }),
};

const send = (From, To) => ({ Type: "Playground::Send", From, To });
const poll = (From, To) => ({ Type: "Playground::Poll", From, To });
const subscribe = (From, To, Properties = {}) => ({ Type: "AWS::SNS::Subscription", From, To, Properties });
const only = (...state) => ({ FilterPolicy: { state } });

function document(title, resources, links, layout, more = {}) {
  return { Version: 1, Title: title, Seed: 1, Resources: resources, Links: links, Layout: layout, ...more };
}

// Every kind of UI.md section 5, at work; and, at the bottom, seven of them in trouble.
export function kindsBoard() {
  const column = 270;
  const resources = {
    "checkout-api": steady(40, { Messages: states, PayloadBytes: 2150 }),
    orders: kinds.topic(),
    fulfilment: kinds.queue(),
    "pick-pack": kinds.fleet(),
    "orders-db": kinds.database(),
    "store-tills": steady(20, { Messages: states, Keys: { Prefix: "store-", Count: 24 } }),
    "ledger.fifo": kinds.fifo(),
    "refund-handler": kinds.lambda(),
    trucks: steady(900, { Keys: { Prefix: "truck_", Count: 100 }, PayloadBytes: 500 }),
    "gps-positions": kinds.stream(3),
    tracker: consumer(0, { Workers: 3, MaxNumberOfMessages: 1000 }),
    archive: kinds.firehose(),
    "order-archive": kinds.bucket(),
    "partner-hook": kinds.endpoint(),
    "ops-oncall": kinds.endpoint("email"),
    drivers: kinds.endpoint("sms"),
    "rider-app": kinds.endpoint("application"),
    till: steady(5),
    "legacy-bus": kinds.broker(),
    printer: consumer(900),
    backlog: kinds.alarm(600),
    jobs: steady(4, { Messages: [{ Body: "poison" }] }),
    tasks: kinds.queue({ VisibilityTimeout: 2 }),
    "tasks-dlq": kinds.queue(),
    billing: { Type: "Playground::Consumer", Properties: { ProcessingTime: takes(50), FailureProbability: 1 } },
    rush: steady(412),
    "rush.fifo": kinds.fifo(),
    "one-truck": steady(1500, { Keys: { List: ["truck_17"] }, PayloadBytes: 100, BatchSize: 100 }),
    telemetry: kinds.stream(2),
    uploads: steady(90),
    scans: kinds.database(40),
  };
  const at = (x, y) => [x * column, y];
  const layout = {
    "checkout-api": at(0, 60), orders: at(1, 0), fulfilment: at(2, 0), "pick-pack": at(3, 0), "orders-db": at(4, 0),
    "store-tills": at(0, 240), "ledger.fifo": at(2, 140), "refund-handler": at(3, 160), backlog: at(4, 130),
    archive: at(2, 320), "order-archive": at(3, 320), "partner-hook": at(4, 320),
    trucks: at(0, 470), "gps-positions": at(1, 470), tracker: [710, 520],
    "ops-oncall": at(4, 460), drivers: at(4, 580), "rider-app": at(4, 700),
    till: [710, 650], "legacy-bus": [950, 640], printer: [710, 790],
    jobs: at(0, 780), tasks: at(1, 780), billing: at(1, 920), "tasks-dlq": at(0, 920),
    rush: at(0, 1070), "rush.fifo": at(1, 1070), "one-truck": at(2, 1000), telemetry: at(3, 900),
    uploads: at(2, 1170), scans: at(3, 1170),
  };
  const stored = { SubscriptionRoleArn: "arn:aws:iam::123456789012:role/sns-to-firehose" };
  const links = [
    send("checkout-api", "orders"),
    subscribe("orders", "fulfilment", only("placed")),
    subscribe("orders", "archive", stored),
    subscribe("orders", "partner-hook", only("cancelled")),
    subscribe("orders", "ops-oncall", only("declined")),
    subscribe("orders", "drivers", only("refunded")),
    subscribe("orders", "rider-app", only("refunded")),
    poll("fulfilment", "pick-pack"), send("pick-pack", "orders-db"),
    { Type: "Playground::Watch", From: "fulfilment", To: "backlog" },
    send("store-tills", "ledger.fifo"),
    { Type: "AWS::Lambda::EventSourceMapping", From: "ledger.fifo", To: "refund-handler" },
    { Type: "AWS::KinesisFirehose::DestinationConfiguration", From: "archive", To: "order-archive" },
    send("trucks", "gps-positions"), poll("gps-positions", "tracker"),
    { Type: "Playground::Publish", From: "till", To: "legacy-bus", Properties: { Destination: "receipts" } },
    { Type: "Playground::Consume", From: "legacy-bus", To: "printer", Properties: { Destination: "receipts" } },
    send("jobs", "tasks"), poll("tasks", "billing"),
    { Type: "AWS::SQS::RedrivePolicy", From: "tasks", To: "tasks-dlq", Properties: { maxReceiveCount: 2 } },
    send("rush", "rush.fifo"), send("one-truck", "telemetry"), send("uploads", "scans"),
  ];
  return document("Every kind of node", resources, links, layout);
}

// The same wire at growing rates, and what a wire can say.
export function wiresBoard() {
  const resources = {};
  const links = [];
  const layout = {};
  const row = (place, name, rate, more = {}, target = kinds.queue()) => {
    const to = target.Properties.FifoQueue ? `${name}-to.fifo` : `${name}-to`;
    resources[name] = steady(rate, { Messages: states, BatchSize: rate > 1000 ? 10 : 1, ...more });
    resources[to] = target;
    links.push(send(name, to));
    layout[name] = [0, place * 120];
    layout[to] = [560, place * 120];
  };
  [1, 10, 100, 1_000, 10_000].forEach((rate, place) => row(place, `rate-${rate}`, rate));
  row(5, "refused", 412, { Keys: { Prefix: "k", Count: 10 } }, kinds.fifo());
  return document("The same wire at growing rates", resources, links, layout);
}

// The platform of the design's picture of many nodes: sixty-eight in seven groups.
export function retailPlatform() {
  const resources = {};
  const links = [];
  const layout = {};
  const groups = [];
  const names = { P: "producer", T: "topic", Q: "queue", F: "fifo", S: "stream", H: "firehose", B: "bucket", L: "function", W: "fleet", D: "database", E: "email", X: "sms", N: "push", O: "endpoint", M: "broker" };
  const make = {
    P: (rate) => steady(rate, { Messages: states, Keys: { Prefix: "tenant-", Count: 20 } }),
    T: kinds.topic, Q: kinds.queue, F: kinds.fifo, S: () => kinds.stream(2), H: kinds.firehose, B: kinds.bucket,
    L: () => kinds.lambda(40), W: kinds.fleet, D: () => kinds.database(500), M: kinds.broker,
    E: () => kinds.endpoint("email"), X: () => kinds.endpoint("sms"), N: () => kinds.endpoint("application"), O: () => kinds.endpoint(),
  };
  // Each group: title, place, chains of nodes from left to right; a row begins with a producer or a link from elsewhere.
  const plan = [
    ["Checkout", 0, 0, ["PTL", "PFL", "PQW"]],
    ["Payments", 0, 920, ["PFL", "PQD", "PQW"]],
    ["Order events", 760, 0, ["TQL", "TQW", "THB", "TQL"]],
    ["Fulfilment", 1520, 0, ["QWD", "FLD", "QWT", "QLD"]],
    ["Fleet tracking", 760, 920, ["PSL", "PSW", "SHB"]],
    ["Notifications", 1520, 920, ["QLT", "PTE", "TX", "TN"]],
    ["Archive", 2280, 0, ["PQW", "PHB", "SHB", "PSL", "QLD"]],
  ];
  const link = (from, to) => {
    const [a, b] = [from.kind, to.kind];
    if (b === "E" || b === "X" || b === "N" || (a === "T" && "QL".includes(b))) return subscribe(from.id, to.id);
    if (a === "T" && b === "H") return subscribe(from.id, to.id, { SubscriptionRoleArn: "arn:aws:iam::123456789012:role/r" });
    if (a === "H") return { Type: "AWS::KinesisFirehose::DestinationConfiguration", From: from.id, To: to.id };
    if ("QFS".includes(a) && b === "L") return { Type: "AWS::Lambda::EventSourceMapping", From: from.id, To: to.id };
    if ("QFS".includes(a) && b === "W") return poll(from.id, to.id);
    if (a === "S" && b === "H") return { Type: "AWS::KinesisFirehose::KinesisStreamSourceConfiguration", From: from.id, To: to.id };
    if ("QF".includes(a)) return null;
    return send(from.id, to.id);
  };
  for (const [title, x, y, rows] of plan) {
    const own = [];
    rows.forEach((row, down) => {
      let before = null;
      [...row].forEach((kind, across) => {
        const id = `${title.toLowerCase().replace(" ", "-")}-${down + 1}-${names[kind]}${kind === "F" ? ".fifo" : ""}`;
        resources[id] = kind === "P" ? make.P(title === "Payments" && down === 0 ? 412 : 20 + 13 * down) : make[kind]();
        layout[id] = [x + across * 220, y + down * (rows.length > 4 ? 330 : rows.length > 3 ? 190 : 250)];
        const node = { id, kind };
        const made = before && link(before, node);
        if (made) links.push(made);
        before = node;
        own.push(id);
      });
    });
    groups.push({ Title: title, Resources: own });
  }
  return document("Retail platform", resources, links, layout, { Groups: groups });
}
