// JSON into Lua tables.
#include "internal.h"

#include <string.h>

typedef struct decoder {
    lua_State *L;
    clua_scanner scanner;
    int depth, array_mark;
    bool top_nulls, has_duplicates;
    unsigned values;
} decoder;

static bool decode_value(decoder *d, bool *is_null);

static void push_scanned(decoder *d, clua_scanned string) {
    const uint8_t *text = string.text != NULL ? string.text : d->scanner.scratch->bytes + string.offset;
    lua_pushlstring(d->L, string.count == 0 ? "" : (const char *)text, string.count);
}

// Pushes a string.
static bool decode_string(decoder *d) {
    size_t mark = d->scanner.scratch->count;
    clua_scanned string;
    if (!clua_scan_string(&d->scanner, &string)) return false;
    push_scanned(d, string);
    d->scanner.scratch->count = mark;
    return true;
}

// Pushes a number, or the digits of one that is too large.
static bool decode_number(decoder *d) {
    int64_t integer;
    double real;
    clua_scanned digits;
    switch (clua_scan_number(&d->scanner, &integer, &real, &digits)) {
    case NUMBER_BAD: return false;
    case NUMBER_INTEGER: lua_pushinteger(d->L, integer); return true;
    case NUMBER_REAL: lua_pushnumber(d->L, real); return true;
    case NUMBER_DIGITS: push_scanned(d, digits); return true;
    }
    return false;
}

// True if the next byte is `byte`, which is then passed.
static bool take(decoder *d, char byte) {
    clua_scan_space(&d->scanner);
    if (d->scanner.at == d->scanner.end || *d->scanner.at != (uint8_t)byte) return false;
    d->scanner.at += 1;
    return true;
}

// Pushes a table with the mark of lists.
static bool decode_array(decoder *d) {
    lua_State *L = d->L;
    lua_newtable(L);
    lua_pushvalue(L, d->array_mark);
    lua_setmetatable(L, -2);
    if (take(d, ']')) return true;
    for (lua_Integer i = 1;; i++) {
        bool is_null = false;
        if (!decode_value(d, &is_null)) return false;
        if (is_null) lua_pushlightuserdata(L, NULL);
        lua_rawseti(L, -2, i);
        if (take(d, ']')) return true;
        if (!take(d, ',')) return clua_scan_fail(&d->scanner, "',' or ']' was expected");
    }
}

// Pops a value (nothing if it is null) and its key into the table below; the last of equal keys wins.
static void set_member(decoder *d, bool is_null) {
    lua_State *L = d->L;
    if (is_null && d->top_nulls && d->depth == 1) {
        lua_pushlightuserdata(L, NULL);
    } else if (is_null) {
        lua_pushnil(L);
    }
    if (!d->has_duplicates) {
        lua_pushvalue(L, -2);
        d->has_duplicates = lua_rawget(L, -4) != LUA_TNIL;
        lua_pop(L, 1);
    }
    lua_rawset(L, -3);
}

// Pushes a table without a mark: an object that came in empty goes out as {} anyway.
static bool decode_object(decoder *d) {
    lua_newtable(d->L);
    if (take(d, '}')) return true;
    for (;;) {
        clua_scan_space(&d->scanner);
        if (d->scanner.at == d->scanner.end || *d->scanner.at != '"') {
            return clua_scan_fail(&d->scanner, "a name in quotes was expected");
        }
        if (!decode_string(d)) return false;
        if (!take(d, ':')) return clua_scan_fail(&d->scanner, "':' was expected");
        bool is_null = false;
        if (!decode_value(d, &is_null)) return false;
        set_member(d, is_null);
        if (take(d, '}')) return true;
        if (!take(d, ',')) return clua_scan_fail(&d->scanner, "',' or '}' was expected");
    }
}

static bool decode_container(decoder *d, bool is_array) {
    if (d->depth == CLUA_DEPTH) return clua_scan_fail(&d->scanner, "more than 100 levels");
    luaL_checkstack(d->L, 8, "JSON");
    d->scanner.at += 1;
    d->depth += 1;
    bool is_read = is_array ? decode_array(d) : decode_object(d);
    d->depth -= 1;
    return is_read;
}

// Pushes a value; nothing if it is null or wrong.
static bool decode_value(decoder *d, bool *is_null) {
    if (++d->values % 1024 == 0) clua_poll(d->L);
    clua_scan_space(&d->scanner);
    if (d->scanner.at == d->scanner.end) return clua_scan_fail(&d->scanner, "the text ends too early");
    switch (*d->scanner.at) {
    case '{': return decode_container(d, false);
    case '[': return decode_container(d, true);
    case '"': return decode_string(d);
    case 't':
        if (!clua_scan_word(&d->scanner, "true")) return false;
        lua_pushboolean(d->L, true);
        return true;
    case 'f':
        if (!clua_scan_word(&d->scanner, "false")) return false;
        lua_pushboolean(d->L, false);
        return true;
    case 'n':
        *is_null = true;
        return clua_scan_word(&d->scanner, "null");
    default: return decode_number(d);
    }
}

static bool decode_document(decoder *d) {
    bool is_null = false;
    size_t count = (size_t)(d->scanner.end - d->scanner.start);
    if (count > clua_of(d->L)->limits.output) return clua_scan_fail(&d->scanner, "the text is too large");
    if (!decode_value(d, &is_null)) return false;
    if (is_null) lua_pushnil(d->L);
    clua_scan_space(&d->scanner);
    if (d->scanner.at != d->scanner.end) return clua_scan_fail(&d->scanner, "there is more after the value");
    return true;
}

// A warning, once per document, where somebody may look for it.
static void warn_of_duplicates(lua_State *L) {
    clua_log_write(clua_of(L), L, 2, "JSON: an object has a name twice, the last one counts", 53);
}

bool clua_decode(lua_State *L, clua_bytes document, bool top_nulls) {
    clua_state *s = clua_of(L);
    int top = lua_gettop(L);
    luaL_checkstack(L, 8, "JSON");
    decoder d = {.L = L, .array_mark = top + 1, .top_nulls = top_nulls};
    size_t mark = s->scratch.count;
    clua_poll_size(L, document.count);
    clua_scan_begin(&d.scanner, document, &s->scratch);
    clua_push_mark(L, true);
    bool is_read = decode_document(&d);
    s->scratch.count = mark;
    if (is_read) {
        lua_remove(L, top + 1);
        if (d.has_duplicates) warn_of_duplicates(L);
        return true;
    }
    lua_settop(L, top);
    lua_pushfstring(L, "%s at byte %I", d.scanner.error, (LUAI_UACINT)d.scanner.error_offset);
    return false;
}

void clua_decode_or_raise(lua_State *L, clua_bytes document, const char *what) {
    if (!clua_decode(L, document, false)) luaL_error(L, "%s is not JSON: %s", what, lua_tostring(L, -1));
}
