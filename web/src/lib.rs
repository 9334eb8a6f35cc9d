//! Yew components, canvas painting and browser glue.
