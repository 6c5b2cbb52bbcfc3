// Lua values into JSON and host JSON. Raw access only: no metamethod runs.
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct encoder {
    lua_State *L;
    clua_buffer *out;
    clua_encoding encoding;
    int depth;
    unsigned values;
    clua_key path[CLUA_DEPTH + 2];
} encoder;

static void encode_value(encoder *e, int index);

static void need(encoder *e, bool has_room) {
    if (!has_room) luaL_error(e->L, "not enough memory");
    if (e->out->count > clua_of(e->L)->limits.output) luaL_error(e->L, "the JSON text is too large");
}

static void put(encoder *e, const char *text) { need(e, clua_buffer_text(e->out, text)); }

// Raises "… at .a.b[3]"; the path of a result or argument begins with its number: "[1].a".
static void fail(encoder *e, const char *text) {
    clua_buffer path = {0};
    bool room = true;
    for (int i = 0; i < e->depth && room; i++) {
        clua_key *key = &e->path[i];
        char number[32];
        if (key->kind == KEY_STRING) {
            room = clua_buffer_byte(&path, '.');
            clua_buffer_sanitized(&path, key->text, key->count, 128);
        } else {
            snprintf(number, sizeof number, "[%lld]", (long long)key->integer);
            room = clua_buffer_text(&path, number);
        }
    }
    char shown[512];
    size_t count = path.count < sizeof shown - 1 ? path.count : sizeof shown - 1;
    if (count > 0) memcpy(shown, path.bytes, count);
    shown[count] = '\0';
    clua_buffer_free(&path);
    if (count == 0) luaL_error(e->L, "%s", text);
    luaL_error(e->L, "%s at %s", text, shown);
}

static const char *escape_of(uint8_t c, char *space) {
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: snprintf(space, 8, "\\u%04x", c); return space;
    }
}

// Appends a valid UTF-8 text in quotes; false without memory.
bool clua_write_string(clua_buffer *out, const char *text, size_t count) {
    size_t start = 0;
    char space[8];
    bool room = clua_buffer_byte(out, '"');
    for (size_t i = 0; i < count && room; i++) {
        uint8_t c = (uint8_t)text[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) continue;
        room = clua_buffer_append(out, (const uint8_t *)text + start, i - start)
            && clua_buffer_text(out, escape_of(c, space));
        start = i + 1;
    }
    return room && clua_buffer_append(out, (const uint8_t *)text + start, count - start) && clua_buffer_byte(out, '"');
}

static void put_string(encoder *e, const char *text, size_t count) {
    clua_poll_size(e->L, count);
    if (count > clua_of(e->L)->limits.output) luaL_error(e->L, "the JSON text is too large");
    if (clua_utf8_valid((const uint8_t *)text, count)) {
        need(e, clua_write_string(e->out, text, count));
        return;
    }
    if (e->encoding == ENCODE_JSON) fail(e, "the text is not UTF-8");
    put(e, "{\"$bytes\":\"");
    need(e, clua_base64_encode(e->out, (const uint8_t *)text, count, false));
    put(e, "\"}");
}

static void put_integer(encoder *e, lua_Integer value) {
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)value);
    put(e, text);
}

// The shortest of 15, 16 or 17 digits that reads back as the same number; always with '.' or 'e'.
static void put_real(encoder *e, lua_Number value) {
    char text[40];
    if (!isfinite(value)) fail(e, isnan(value) ? "NaN is not JSON" : "an infinite number is not JSON");
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    if (strpbrk(text, ".e") == NULL) strcat(text, ".0");
    put(e, text);
}

static void put_path(encoder *e) {
    put(e, "{\"$fn\":[");
    for (int i = 0; i < e->depth; i++) {
        if (i > 0) put(e, ",");
        if (e->path[i].kind == KEY_STRING) {
            put_string(e, e->path[i].text, e->path[i].count);
        } else {
            put_integer(e, e->path[i].integer);
        }
    }
    put(e, "]}");
}

static void encode_function(encoder *e, int index) {
    lua_State *L = e->L;
    if (e->encoding == ENCODE_MANIFEST) {
        put_path(e);
    } else if (e->encoding == ENCODE_ARGUMENTS) {
        clua_state *s = clua_of(L);
        lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_functions);
        lua_pushvalue(L, index);
        lua_rawseti(L, -2, ++s->function_count);
        lua_pop(L, 1);
        put(e, "{\"$fn\":[\"#\",");
        put_integer(e, s->function_count);
        put(e, "]}");
    } else {
        fail(e, "a function cannot be given to the host");
    }
}

// Leaves the stack as it was. What one key of an object is.
static void encode_member(encoder *e, int table, const clua_key *key) {
    lua_State *L = e->L;
    e->path[e->depth - 1] = *key;
    if (key->kind == KEY_STRING) {
        clua_poll_size(L, key->count);
        if (!clua_utf8_valid((const uint8_t *)key->text, key->count)) fail(e, "the name is not UTF-8");
        if (e->encoding != ENCODE_JSON && key->count > 0) {
            bool is_taken = (key->text[0] == '[' && key->text[key->count - 1] == ']')
                || (key->count == 3 && memcmp(key->text, "$fn", 3) == 0)
                || (key->count == 5 && memcmp(key->text, "$null", 5) == 0)
                || (key->count == 6 && memcmp(key->text, "$bytes", 6) == 0);
            if (is_taken) fail(e, "the name is reserved");
        }
        need(e, clua_write_string(e->out, key->text, key->count));
        lua_pushlstring(L, key->text, key->count);
    } else {
        put(e, "\"[");
        put_integer(e, key->integer);
        put(e, "]\"");
        lua_pushinteger(L, key->integer);
    }
    put(e, ":");
    lua_rawget(L, table);
    encode_value(e, lua_gettop(L));
    lua_pop(L, 1);
}

static void encode_object(encoder *e, int table) {
    lua_State *L = e->L;
    clua_state *s = clua_of(L);
    size_t first = s->key_count;
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        clua_keys_add(L, -1);
    }
    clua_keys_sort(L, first);
    size_t last = s->key_count;
    put(e, "{");
    for (size_t i = first; i < last; i++) {
        if (i > first) put(e, ",");
        clua_key key = s->keys[i]; // the scratch may move
        encode_member(e, table, &key);
    }
    put(e, "}");
    s->key_count = first;
}

static void encode_array(encoder *e, int table, lua_Integer count) {
    lua_State *L = e->L;
    put(e, "[");
    for (lua_Integer i = 1; i <= count; i++) {
        if (i > 1) put(e, ",");
        e->path[e->depth - 1] = (clua_key){.kind = KEY_NUMBER, .integer = i};
        lua_rawgeti(L, table, i);
        encode_value(e, lua_gettop(L));
        lua_pop(L, 1);
    }
    put(e, "]");
}

typedef struct shape {
    lua_Integer integers, largest, names;
    bool is_list; // only 1...n, and not empty
} shape;

// Counts the kinds of keys; raises for keys that cannot be written.
static shape shape_of(encoder *e, int table) {
    lua_State *L = e->L;
    shape found = {0};
    bool is_positive = true;
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            found.names += 1;
        } else if (lua_isinteger(L, -1)) {
            lua_Integer key = lua_tointeger(L, -1);
            found.integers += 1;
            if (key < 1) is_positive = false;
            if (key > found.largest) found.largest = key;
        } else {
            char text[64];
            e->depth -= 1;
            snprintf(text, sizeof text, "a key that is a %s", luaL_typename(L, -1));
            fail(e, text);
        }
        if ((found.names + found.integers) % 4096 == 0) clua_poll(L);
    }
    found.is_list = is_positive && found.names == 0 && found.integers > 0 && found.largest == found.integers;
    return found;
}

typedef enum mark { MARK_NONE, MARK_ARRAY, MARK_OBJECT } mark;

static mark mark_of(lua_State *L, int table) {
    if (!lua_getmetatable(L, table)) return MARK_NONE;
    clua_state *s = clua_of(L);
    const void *metatable = lua_topointer(L, -1);
    lua_pop(L, 1);
    return metatable == s->array_mark ? MARK_ARRAY : metatable == s->object_mark ? MARK_OBJECT : MARK_NONE;
}

static void encode_table(encoder *e, int index) {
    lua_State *L = e->L;
    if (e->depth >= CLUA_DEPTH) fail(e, "more than 100 levels (a cycle?)");
    luaL_checkstack(L, 10, "JSON");
    clua_push_real(L, index);
    int table = lua_gettop(L);
    e->depth += 1;
    shape found = shape_of(e, table);
    mark marked = mark_of(L, table);
    bool is_mixed = found.integers > 0 && !found.is_list;
    if (marked == MARK_ARRAY ? found.names > 0 || is_mixed : e->encoding == ENCODE_JSON && is_mixed) {
        e->depth -= 1;
        fail(e, found.names > 0 ? "a list that has names too" : "a list with holes");
    }
    if (marked == MARK_OBJECT && found.integers > 0 && e->encoding == ENCODE_JSON) {
        e->depth -= 1;
        fail(e, "an object with an integer as name");
    }
    if (marked == MARK_ARRAY || (marked == MARK_NONE && found.is_list)) {
        encode_array(e, table, found.integers);
    } else {
        encode_object(e, table);
    }
    e->depth -= 1;
    lua_settop(L, table - 1);
}

// Leaves the stack as it was.
static void encode_value(encoder *e, int index) {
    lua_State *L = e->L;
    if (++e->values % 1024 == 0) clua_poll(L);
    size_t count;
    switch (lua_type(L, index)) {
    case LUA_TNIL: put(e, "null"); return;
    case LUA_TBOOLEAN: put(e, lua_toboolean(L, index) ? "true" : "false"); return;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            put_integer(e, lua_tointeger(L, index));
        } else {
            put_real(e, lua_tonumber(L, index));
        }
        return;
    case LUA_TSTRING: {
        const char *text = lua_tolstring(L, index, &count);
        put_string(e, text, count);
        return;
    }
    case LUA_TTABLE: encode_table(e, index); return;
    case LUA_TFUNCTION: encode_function(e, index); return;
    case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(L, index) == NULL) {
            put(e, e->encoding == ENCODE_MANIFEST ? "{\"$null\":true}" : "null");
            return;
        }
        break;
    default: break;
    }
    fail(e, "a value that is not JSON");
}

void clua_encode(lua_State *L, int index, clua_encoding encoding, clua_buffer *out) {
    encoder e = {.L = L, .out = out, .encoding = encoding};
    clua_poll(L);
    encode_value(&e, lua_absindex(L, index));
}

// Writes the values first...last as an array.
void clua_encode_list(lua_State *L, int first, int last, clua_encoding encoding, clua_buffer *out) {
    encoder e = {.L = L, .out = out, .encoding = encoding, .depth = 1};
    luaL_checkstack(L, 10, "JSON");
    put(&e, "[");
    for (int i = first; i <= last; i++) {
        if (i > first) put(&e, ",");
        e.path[0] = (clua_key){.kind = KEY_NUMBER, .integer = i - first + 1};
        encode_value(&e, i);
    }
    put(&e, "]");
}

// Pushes the metatable of lists or of objects.
void clua_push_mark(lua_State *L, bool array) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, array ? &clua_array_key : &clua_object_key);
}
