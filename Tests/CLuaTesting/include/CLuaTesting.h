/// What the tests of CLua need from C: comparisons with stock Lua, and the entries that are fuzzed.
#ifndef CLUA_TESTING_H
#define CLUA_TESTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Calls functions of our string library and of the stock one with the same random arguments, `count` times, and
/// compares what they give.
///
/// The same seed gives the same calls. True if nothing differs; else `report` has the first difference as a text.
bool clua_compare_strings(uint64_t seed, uint64_t count, char *report, size_t capacity);

// Each takes any bytes and gives NULL, or what they broke.

/// JSON: read twice, written, read and written again.
const char *_Nullable clua_fuzz_json(const uint8_t *bytes, size_t count);

/// A pattern, a zero byte, a replacement, a zero byte and a text.
const char *_Nullable clua_fuzz_pattern(const uint8_t *bytes, size_t count);

/// A source whose value becomes a manifest.
const char *_Nullable clua_fuzz_manifest(const uint8_t *bytes, size_t count);

// C code that does not come back: it computes, and looks at no limit, until it is told to stop.

typedef struct clua_spin clua_spin;

clua_spin *_Nullable clua_spin_new(void);
void clua_spin_free(clua_spin *spin);

/// Comes back after `clua_spin_stop`, which any thread may call.
void clua_spin_run(clua_spin *spin);
void clua_spin_stop(clua_spin *spin);

#pragma clang assume_nonnull end

#endif
