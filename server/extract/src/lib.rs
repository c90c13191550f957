//! server/extract
