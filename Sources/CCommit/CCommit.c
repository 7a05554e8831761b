#include "CCommit.h"

// Package.swift defines it from the environment, for this file alone: a new commit compiles this
// file and links.
#ifndef HUBBUB_COMMIT
#define HUBBUB_COMMIT "commit unknown"
#endif

const char *ccommit(void) { return HUBBUB_COMMIT; }
