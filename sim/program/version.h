/* Which metersim this is. The version stands in CMakeLists.txt alone; version.cmake adds
 * the commit at each build, in one small file. */
#pragma once

/* The commit: 12 digits, with a '+' behind them when sources differ from it; "unknown"
 * where there is neither git nor an archive that git has made. */
enum { VERSION_COMMIT_MAX = 16 };
extern const char version_commit[];

/* "0.2.0 (0123456789ab)" */
extern const char version_text[];
