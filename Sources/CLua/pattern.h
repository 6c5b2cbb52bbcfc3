#ifndef CLUA_PATTERN_H
#define CLUA_PATTERN_H

#include "internal.h"

#define PATTERN_CAPTURES 32
#define CAPTURE_OPEN (-1)
#define CAPTURE_POSITION (-2)

// One search. Its steps are counted, so that no pattern runs away.
typedef struct matcher {
    lua_State *L;
    const char *source, *source_end, *pattern_end;
    size_t steps, limit, next_look, replaced;
    int depth;
    int captures;
    struct {
        const char *start;
        ptrdiff_t count;
    } capture[PATTERN_CAPTURES];
} matcher;

void pattern_begin(matcher *m, lua_State *L, const char *source, size_t count, const char *pattern, size_t length);
// End of the match at `at`, or NULL. Raises for a pattern that is wrong, or too complex.
const char *pattern_match(matcher *m, const char *at, const char *pattern);
// Pushes a capture; `index` counts from 0; the whole match if there are none.
void pattern_push_capture(matcher *m, int index, const char *start, const char *end);
// Pushes all captures, or the whole match if `start` is not NULL and there are none; how many.
int pattern_push_captures(matcher *m, const char *start, const char *end);

#endif
