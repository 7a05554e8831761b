#pragma once

/// The commit that the program was built from, or "commit unknown". Never freed. Any thread.
const char *ccommit(void);
