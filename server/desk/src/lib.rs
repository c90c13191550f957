//! server/desk
