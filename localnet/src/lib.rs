//! A loopback cluster with the program loaded.
