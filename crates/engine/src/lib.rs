//! Runs a compiled scenario behind one request and reply protocol, with checkpoints and seek.
