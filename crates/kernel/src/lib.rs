//! Virtual time, the event queue, seeded random streams and rate limits; has never heard of AWS.
