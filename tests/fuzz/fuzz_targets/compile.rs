//! Any bytes through the whole compiler: every target, the statements, the renderers.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schemagen_tests::entry::run(bytes));
