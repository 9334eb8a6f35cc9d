//! The shareable document: parse, validate, compile, encode in a URL.
