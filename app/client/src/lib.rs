//! app/client
