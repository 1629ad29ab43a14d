//! One function a verb: typed options in, an outcome out, events on the way.
//! No clap, no printing.
