// The string library, and the metatable of strings: as in Lua, but no call runs away, and no address shows.
#include "pattern.h"
#include "string_format.h"

#include <ctype.h>
#include <string.h>

static const char specials[] = "^$*+?.([%-";

// A position as string.sub takes it, from 1, at most at the end; `length` is the string's.
static size_t start_position(lua_Integer position, size_t length) {
    if (position > 0) return (size_t)position;
    if (position == 0 || position < -(lua_Integer)length) return 1;
    return length + (size_t)position + 1;
}

static size_t end_position(lua_Integer position, size_t length) {
    if (position > (lua_Integer)length) return length;
    if (position >= 0) return (size_t)position;
    if (position < -(lua_Integer)length) return 0;
    return length + (size_t)position + 1;
}

// Gives the string at 1, after a look at the limits if it is large.
static const char *subject(lua_State *L, size_t *count) {
    const char *text = luaL_checklstring(L, 1, count);
    clua_poll_size(L, *count);
    return text;
}

static int string_len(lua_State *L) {
    size_t count;
    luaL_checklstring(L, 1, &count);
    lua_pushinteger(L, (lua_Integer)count);
    return 1;
}

static int string_sub(lua_State *L) {
    size_t count;
    const char *text = subject(L, &count);
    size_t first = start_position(luaL_checkinteger(L, 2), count);
    size_t last = end_position(luaL_optinteger(L, 3, -1), count);
    lua_pushlstring(L, first <= last ? text + first - 1 : "", first <= last ? last - first + 1 : 0);
    return 1;
}

static int string_byte(lua_State *L) {
    size_t count;
    const char *text = subject(L, &count);
    lua_Integer from = luaL_optinteger(L, 2, 1);
    size_t first = start_position(from, count);
    size_t last = end_position(luaL_optinteger(L, 3, from), count);
    if (first > last) return 0;
    if (last - first >= 8000) return luaL_error(L, "string slice too long");
    int results = (int)(last - first) + 1;
    luaL_checkstack(L, results, "string slice too long");
    for (int i = 0; i < results; i++) lua_pushinteger(L, (uint8_t)text[first - 1 + (size_t)i]);
    return results;
}

static int string_char(lua_State *L) {
    int count = lua_gettop(L);
    luaL_Buffer buffer;
    char *bytes = luaL_buffinitsize(L, &buffer, (size_t)count);
    for (int i = 1; i <= count; i++) {
        lua_Integer code = luaL_checkinteger(L, i);
        luaL_argcheck(L, code >= 0 && code <= UINT8_MAX, i, "value out of range");
        bytes[i - 1] = (char)code;
    }
    luaL_pushresultsize(&buffer, (size_t)count);
    return 1;
}

static int convert(lua_State *L, int (*change)(int)) {
    size_t count;
    const char *text = subject(L, &count);
    luaL_Buffer buffer;
    char *bytes = luaL_buffinitsize(L, &buffer, count);
    for (size_t i = 0; i < count; i++) bytes[i] = (char)change((uint8_t)text[i]);
    luaL_pushresultsize(&buffer, count);
    return 1;
}

static int string_lower(lua_State *L) { return convert(L, tolower); }

static int string_upper(lua_State *L) { return convert(L, toupper); }

static int string_reverse(lua_State *L) {
    size_t count;
    const char *text = subject(L, &count);
    luaL_Buffer buffer;
    char *bytes = luaL_buffinitsize(L, &buffer, count);
    for (size_t i = 0; i < count; i++) bytes[i] = text[count - 1 - i];
    luaL_pushresultsize(&buffer, count);
    return 1;
}

static int string_rep(lua_State *L) {
    size_t count, between;
    const char *text = subject(L, &count);
    lua_Integer times = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &between);
    if (times <= 0 || count + between == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    size_t block = clua_of(L)->limits.block, limit = block > 1024 ? block - 1024 : 0; // a string has a head
    if ((size_t)times > limit / (count + between)) return luaL_error(L, "resulting string too large");
    clua_poll(L);
    size_t total = (size_t)times * count + (size_t)(times - 1) * between;
    luaL_Buffer buffer;
    char *at = luaL_buffinitsize(L, &buffer, total);
    while (times-- > 0) {
        memcpy(at, text, count);
        at += count;
        if (times == 0) break;
        memcpy(at, separator, between);
        at += between;
    }
    luaL_pushresultsize(&buffer, total);
    return 1;
}

// find and match

static bool has_specials(const char *pattern, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (pattern[i] != '\0' && strchr(specials, pattern[i]) != NULL) return true;
    }
    return false;
}

static int find_plain(lua_State *L, const char *text, size_t count, size_t from, const char *what, size_t length) {
    const char *found = memmem(text + from, count - from, what, length); // linear in glibc
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - text + 1);
    lua_pushinteger(L, found - text + (lua_Integer)length);
    return 2;
}

static int find_pattern(lua_State *L, bool is_find, const char *text, size_t count, size_t from, const char *pattern,
                        size_t length) {
    matcher m;
    bool is_anchored = length > 0 && *pattern == '^';
    if (is_anchored) {
        pattern++;
        length--;
    }
    pattern_begin(&m, L, text, count, pattern, length);
    for (const char *at = text + from; at <= m.source_end; at++) {
        m.captures = 0;
        const char *end = pattern_match(&m, at, pattern);
        if (end != NULL && is_find) {
            lua_pushinteger(L, at - text + 1);
            lua_pushinteger(L, end - text);
            return pattern_push_captures(&m, NULL, NULL) + 2;
        }
        if (end != NULL) return pattern_push_captures(&m, at, end);
        if (is_anchored) break;
    }
    lua_pushnil(L);
    return 1;
}

static int search(lua_State *L, bool is_find) {
    size_t count, length;
    const char *text = subject(L, &count), *pattern = luaL_checklstring(L, 2, &length);
    size_t from = start_position(luaL_optinteger(L, 3, 1), count) - 1;
    if (from > count) {
        lua_pushnil(L);
        return 1;
    }
    clua_poll_size(L, length);
    if (is_find && (lua_toboolean(L, 4) || !has_specials(pattern, length))) {
        return find_plain(L, text, count, from, pattern, length);
    }
    return find_pattern(L, is_find, text, count, from, pattern, length);
}

static int string_find(lua_State *L) { return search(L, true); }

static int string_match(lua_State *L) { return search(L, false); }

// Upvalues: text, pattern, where to go on, end of the last match (-1: none).
static int next_match(lua_State *L) {
    size_t count, length;
    const char *text = lua_tolstring(L, lua_upvalueindex(1), &count);
    const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &length);
    lua_Integer from = lua_tointeger(L, lua_upvalueindex(3)), last = lua_tointeger(L, lua_upvalueindex(4));
    matcher m;
    pattern_begin(&m, L, text, count, pattern, length);
    for (; from <= (lua_Integer)count; from++) {
        m.captures = 0;
        const char *end = pattern_match(&m, text + from, pattern);
        if (end == NULL || end - text == last) continue;
        lua_pushinteger(L, end - text);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return pattern_push_captures(&m, text + from, end);
    }
    lua_pushinteger(L, (lua_Integer)count + 1);
    lua_replace(L, lua_upvalueindex(3));
    return 0;
}

static int string_gmatch(lua_State *L) {
    size_t count;
    luaL_checklstring(L, 1, &count);
    luaL_checkstring(L, 2);
    size_t from = start_position(luaL_optinteger(L, 3, 1), count) - 1;
    lua_settop(L, 2);
    lua_pushinteger(L, from > count ? (lua_Integer)count + 1 : (lua_Integer)from);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

// gsub

// Adds the replacement text at 3, in which %0…%9 are captures.
static void add_text(matcher *m, luaL_Buffer *buffer, const char *start, const char *end) {
    size_t count;
    const char *text = lua_tolstring(m->L, 3, &count), *stop = text + count;
    while (text < stop) {
        if (++m->replaced % 4096 == 0) clua_poll(m->L); // an empty capture adds nothing, so no buffer grows
        const char *escape = memchr(text, '%', (size_t)(stop - text));
        luaL_addlstring(buffer, text, (size_t)((escape == NULL ? stop : escape) - text));
        if (escape == NULL) return;
        text = escape + 1;
        if (text < stop && *text == '%') {
            luaL_addchar(buffer, '%');
        } else if (text < stop && *text == '0') {
            luaL_addlstring(buffer, start, (size_t)(end - start));
        } else if (text < stop && isdigit((uint8_t)*text)) {
            int index = *text - '1';
            if (index < m->captures && m->capture[index].count >= 0) {
                luaL_addlstring(buffer, m->capture[index].start, (size_t)m->capture[index].count);
            } else {
                pattern_push_capture(m, index, start, end);
                luaL_tolstring(m->L, -1, NULL); // a string or an integer
                lua_remove(m->L, -2);
                luaL_addvalue(buffer);
            }
        } else {
            luaL_error(m->L, "invalid use of '%%' in replacement string");
        }
        text++;
    }
}

// Adds what stands for one match; false if that is the match itself.
static bool add_replacement(matcher *m, luaL_Buffer *buffer, const char *start, const char *end, int type) {
    lua_State *L = m->L;
    if (type == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, pattern_push_captures(m, start, end), 1);
    } else if (type == LUA_TTABLE) {
        pattern_push_capture(m, 0, start, end);
        lua_gettable(L, 3);
    } else {
        add_text(m, buffer, start, end);
        return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(buffer, start, (size_t)(end - start));
        return false;
    }
    if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(buffer);
    return true;
}

static int string_gsub(lua_State *L) {
    size_t count, length;
    const char *text = subject(L, &count), *pattern = luaL_checklstring(L, 2, &length);
    int type = lua_type(L, 3);
    lua_Integer limit = luaL_optinteger(L, 4, (lua_Integer)count + 1), found = 0;
    luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
                     "string/function/table");
    bool is_anchored = length > 0 && *pattern == '^', is_changed = false;
    if (is_anchored) {
        pattern++;
        length--;
    }
    matcher m;
    luaL_Buffer buffer;
    const char *at = text, *last = NULL;
    pattern_begin(&m, L, text, count, pattern, length);
    luaL_buffinit(L, &buffer);
    while (found < limit) {
        m.captures = 0;
        m.depth = 0;
        const char *end = pattern_match(&m, at, pattern);
        if (end != NULL && end != last) {
            found++;
            if (found % 1024 == 0) clua_poll(L);
            is_changed |= add_replacement(&m, &buffer, at, end, type);
            at = last = end;
        } else if (at < m.source_end) {
            luaL_addchar(&buffer, *at++);
        } else {
            break;
        }
        if (is_anchored) break;
    }
    if (!is_changed) {
        lua_pushvalue(L, 1);
    } else {
        luaL_addlstring(&buffer, at, (size_t)(m.source_end - at));
        luaL_pushresult(&buffer);
    }
    lua_pushinteger(L, found);
    return 2;
}

// Pushes the library's table.
void clua_open_string(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"byte", string_byte},   {"char", string_char},       {"find", string_find},   {"format", clua_string_format},
        {"gmatch", string_gmatch}, {"gsub", string_gsub},     {"len", string_len},     {"lower", string_lower},
        {"match", string_match}, {"rep", string_rep},         {"reverse", string_reverse}, {"sub", string_sub},
        {"upper", string_upper}, {NULL, NULL},
    };
    lua_pushcfunction(L, luaopen_string); // sets the metatable of strings, with arithmetic on digits
    lua_call(L, 0, 0);
    luaL_newlib(L, functions);
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    static const char *const operators[] = {"__add", "__sub", "__mul", "__mod", "__pow", "__div", "__idiv", "__unm"};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        clua_add_poll(L, lua_gettop(L), operators[i]); // it reads digits, however many
    }
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}
