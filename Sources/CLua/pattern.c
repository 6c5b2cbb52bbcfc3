// Lua's patterns as in lstrlib.c (Lua 5.4, Copyright © 1994–2022 Lua.org, PUC-Rio, MIT license), with a budget of
// steps: at most four million, and eight more for each byte of the text, after which the search is given up.
#include "pattern.h"

#include <ctype.h>
#include <string.h>

#define ESCAPE '%'

static const size_t step_limit = 4000000;
static const int depth_limit = 200;

void pattern_begin(matcher *m, lua_State *L, const char *source, size_t count, const char *pattern, size_t length) {
    m->L = L;
    m->source = source;
    m->source_end = source + count;
    m->pattern_end = pattern + length;
    m->steps = 0;
    m->limit = step_limit + 8 * count;
    m->next_look = 4096;
    m->replaced = 0;
    m->depth = 0;
    m->captures = 0;
    clua_poll_size(L, count);
}

static void look(matcher *m) {
    if (m->steps > m->limit) {
        luaL_error(m->L, "pattern too complex (gave up after %d million steps)", (int)(m->limit / 1000000));
    }
    m->next_look = m->steps + 4096;
    clua_poll(m->L);
}

static inline void spend(matcher *m, size_t steps) {
    m->steps += steps;
    if (m->steps >= m->next_look) look(m);
}

static int check_capture(matcher *m, int digit) {
    int index = digit - '1';
    if (index < 0 || index >= m->captures || m->capture[index].count == CAPTURE_OPEN) {
        return luaL_error(m->L, "invalid capture index %%%d", index + 1);
    }
    return index;
}

static int capture_to_close(matcher *m) {
    for (int index = m->captures - 1; index >= 0; index--) {
        if (m->capture[index].count == CAPTURE_OPEN) return index;
    }
    return luaL_error(m->L, "invalid pattern capture");
}

// End of the single-character class at `p`, if that is more than one character.
static const char *long_class_end(matcher *m, const char *p) {
    if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
    char first = *p++;
    if (first == ESCAPE) {
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (first != '[') return p;
    if (p < m->pattern_end && *p == '^') p++;
    do { // a ']' that comes first stands for itself
        if (p == m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == ESCAPE && p < m->pattern_end) p++;
    } while (p == m->pattern_end || *p != ']');
    return p + 1;
}

static inline const char *class_end(matcher *m, const char *p) {
    return p != m->pattern_end && *p != ESCAPE && *p != '[' ? p + 1 : long_class_end(m, p);
}

static bool is_of_class(int c, int class) {
    bool result;
    switch (tolower(class)) {
    case 'a': result = isalpha(c); break;
    case 'c': result = iscntrl(c); break;
    case 'd': result = isdigit(c); break;
    case 'g': result = isgraph(c); break;
    case 'l': result = islower(c); break;
    case 'p': result = ispunct(c); break;
    case 's': result = isspace(c); break;
    case 'u': result = isupper(c); break;
    case 'w': result = isalnum(c); break;
    case 'x': result = isxdigit(c); break;
    case 'z': result = c == 0; break;
    default: return class == c;
    }
    return isupper(class) ? !result : result;
}

// `p` is at '[', `end` at its ']'.
static bool is_of_set(matcher *m, int c, const char *p, const char *end) {
    bool found = true;
    spend(m, (size_t)(end - p) / 8);
    if (p[1] == '^') {
        found = false;
        p++;
    }
    while (++p < end) {
        if (*p == ESCAPE) {
            p++;
            if (is_of_class(c, (uint8_t)*p)) return found;
        } else if (p[1] == '-' && p + 2 < end) {
            p += 2;
            if ((uint8_t)p[-2] <= c && c <= (uint8_t)*p) return found;
        } else if ((uint8_t)*p == c) {
            return found;
        }
    }
    return !found;
}

static inline bool is_single(matcher *m, const char *s, const char *p, const char *end) {
    if (s >= m->source_end) return false;
    int c = (uint8_t)*s;
    switch (*p) {
    case '.': return true;
    case ESCAPE: return is_of_class(c, (uint8_t)p[1]);
    case '[': return is_of_set(m, c, p, end - 1);
    default: return (uint8_t)*p == c;
    }
}

static const char *match_balance(matcher *m, const char *s, const char *p) {
    if (p >= m->pattern_end - 1) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->source_end || *s != *p) return NULL;
    char open = *p, close = p[1];
    int level = 1;
    while (++s < m->source_end) {
        spend(m, 1);
        if (*s == close) {
            if (--level == 0) return s + 1;
        } else if (*s == open) {
            level++;
        }
    }
    return NULL;
}

static const char *expand_most(matcher *m, const char *s, const char *p, const char *end) {
    ptrdiff_t count = 0;
    while (is_single(m, s + count, p, end)) count++;
    spend(m, (size_t)count);
    for (; count >= 0; count--) {
        const char *result = pattern_match(m, s + count, end + 1);
        if (result != NULL) return result;
    }
    return NULL;
}

static const char *expand_least(matcher *m, const char *s, const char *p, const char *end) {
    for (;;) {
        const char *result = pattern_match(m, s, end + 1);
        if (result != NULL) return result;
        if (!is_single(m, s, p, end)) return NULL;
        s++;
    }
}

static const char *open_capture(matcher *m, const char *s, const char *p, ptrdiff_t what) {
    if (m->captures >= PATTERN_CAPTURES) luaL_error(m->L, "too many captures");
    m->capture[m->captures].start = s;
    m->capture[m->captures].count = what;
    m->captures += 1;
    const char *result = pattern_match(m, s, p);
    if (result == NULL) m->captures -= 1;
    return result;
}

static const char *close_capture(matcher *m, const char *s, const char *p) {
    int index = capture_to_close(m);
    m->capture[index].count = s - m->capture[index].start;
    const char *result = pattern_match(m, s, p);
    if (result == NULL) m->capture[index].count = CAPTURE_OPEN;
    return result;
}

static const char *match_back(matcher *m, const char *s, int digit) {
    int index = check_capture(m, digit);
    ptrdiff_t count = m->capture[index].count;
    if (count < 0) return NULL; // a position
    spend(m, (size_t)count / 16 + 1);
    if (m->source_end - s < count || memcmp(m->capture[index].start, s, (size_t)count) != 0) return NULL;
    return s + count;
}

// %f[set]: `p` is behind the 'f'.
static bool is_frontier(matcher *m, const char *s, const char *p, const char **end) {
    if (p >= m->pattern_end || *p != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
    *end = class_end(m, p);
    int previous = s == m->source ? 0 : (uint8_t)s[-1];
    int next = s < m->source_end ? (uint8_t)*s : 0;
    return !is_of_set(m, previous, p, *end - 1) && is_of_set(m, next, p, *end - 1);
}

// What %x at `p` asks for, if it is no class: true if `s` and `p` were moved on (s NULL: no match).
static bool match_special(matcher *m, const char **s, const char **p) {
    if (*p + 1 >= m->pattern_end) return false;
    const char *end;
    switch ((*p)[1]) {
    case 'b':
        *s = match_balance(m, *s, *p + 2);
        *p += 4;
        return true;
    case 'f':
        if (!is_frontier(m, *s, *p + 2, &end)) *s = NULL;
        *p = end;
        return true;
    case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        *s = match_back(m, *s, (uint8_t)(*p)[1]);
        *p += 2;
        return true;
    default: return false;
    }
}

static const char *match_here(matcher *m, const char *s, const char *p);

const char *pattern_match(matcher *m, const char *s, const char *p) {
    if (++m->depth > depth_limit) luaL_error(m->L, "pattern too complex (more than %d levels)", depth_limit);
    const char *result = match_here(m, s, p);
    m->depth -= 1;
    return result;
}

static const char *match_here(matcher *m, const char *s, const char *p) {
    while (s != NULL && p != m->pattern_end) {
        spend(m, 1);
        switch (*p) {
        case '(':
            if (p + 1 < m->pattern_end && p[1] == ')') return open_capture(m, s, p + 2, CAPTURE_POSITION);
            return open_capture(m, s, p + 1, CAPTURE_OPEN);
        case ')': return close_capture(m, s, p + 1);
        case '$':
            if (p + 1 == m->pattern_end) return s == m->source_end ? s : NULL;
            break;
        case ESCAPE:
            if (match_special(m, &s, &p)) continue;
            break;
        default: break;
        }
        const char *end = class_end(m, p);
        char repeat = end < m->pattern_end ? *end : '\0';
        if (repeat == '*') return expand_most(m, s, p, end);
        if (repeat == '-') return expand_least(m, s, p, end);
        bool is_match = is_single(m, s, p, end);
        if (repeat == '+') return is_match ? expand_most(m, s + 1, p, end) : NULL;
        if (repeat == '?') {
            const char *result = is_match ? pattern_match(m, s + 1, end + 1) : NULL;
            if (result != NULL) return result;
            p = end + 1;
            continue;
        }
        if (!is_match) return NULL;
        s++;
        p = end;
    }
    return s;
}

void pattern_push_capture(matcher *m, int index, const char *start, const char *end) {
    if (index >= m->captures) {
        if (index != 0) luaL_error(m->L, "invalid capture index %%%d", index + 1);
        lua_pushlstring(m->L, start, (size_t)(end - start));
        return;
    }
    ptrdiff_t count = m->capture[index].count;
    if (count == CAPTURE_OPEN) luaL_error(m->L, "unfinished capture");
    if (count == CAPTURE_POSITION) {
        lua_pushinteger(m->L, m->capture[index].start - m->source + 1);
    } else {
        lua_pushlstring(m->L, m->capture[index].start, (size_t)count);
    }
}

int pattern_push_captures(matcher *m, const char *start, const char *end) {
    int count = m->captures == 0 && start != NULL ? 1 : m->captures;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) pattern_push_capture(m, i, start, end);
    return count;
}
