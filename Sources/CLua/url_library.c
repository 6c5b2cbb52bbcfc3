// agent.url: percent-encoding, query strings, and the parts of a URL.
#include "internal.h"

#include <string.h>

static bool is_unreserved(uint8_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
        || c == '_' || c == '~';
}

static bool put_encoded(clua_buffer *out, const char *text, size_t count) {
    static const char digits[] = "0123456789ABCDEF";
    if (count > SIZE_MAX / 4 || !clua_buffer_reserve(out, count * 3)) return false;
    for (size_t i = 0; i < count; i++) {
        uint8_t c = (uint8_t)text[i];
        if (is_unreserved(c)) {
            out->bytes[out->count++] = c;
        } else {
            out->bytes[out->count++] = '%';
            out->bytes[out->count++] = (uint8_t)digits[c >> 4];
            out->bytes[out->count++] = (uint8_t)digits[c & 15];
        }
    }
    return true;
}

static int push_scratch(lua_State *L, bool room) {
    clua_state *s = clua_of(L);
    if (!room) return luaL_error(L, "not enough memory");
    lua_pushlstring(L, s->scratch.count == 0 ? "" : (const char *)s->scratch.bytes, s->scratch.count);
    return 1;
}

// agent.url.encode(text) → text in which only unreserved characters stand for themselves
static int url_encode(lua_State *L) {
    clua_state *s = clua_of(L);
    size_t count;
    const char *text = luaL_checklstring(L, 1, &count);
    clua_poll_size(L, count);
    s->scratch.count = 0;
    return push_scratch(L, put_encoded(&s->scratch, text, count));
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// agent.url.decode(text) → text; what is no escape stays, '+' too
static int url_decode(lua_State *L) {
    clua_state *s = clua_of(L);
    size_t count;
    const char *text = luaL_checklstring(L, 1, &count);
    clua_poll_size(L, count);
    s->scratch.count = 0;
    if (!clua_buffer_reserve(&s->scratch, count)) return luaL_error(L, "not enough memory");
    for (size_t i = 0; i < count; i++) {
        int high = text[i] == '%' && i + 2 < count ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        s->scratch.bytes[s->scratch.count++] = (uint8_t)(low >= 0 ? high << 4 | low : text[i]);
        if (low >= 0) i += 2;
    }
    return push_scratch(L, true);
}

// The name is at `name`, the value on top; appends name=value.
static bool put_pair(lua_State *L, int name) {
    clua_buffer *out = &clua_of(L)->scratch;
    int type = lua_type(L, -1);
    if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN) {
        luaL_error(L, "the value of '%s' is a %s", lua_tostring(L, name), luaL_typename(L, -1));
    }
    clua_tostring(L, -1);
    size_t name_count, count;
    const char *name_text = lua_tolstring(L, name, &name_count), *text = lua_tolstring(L, -1, &count);
    bool room = (out->count == 0 || clua_buffer_byte(out, '&')) && put_encoded(out, name_text, name_count)
        && clua_buffer_byte(out, '=') && put_encoded(out, text, count);
    lua_pop(L, 1);
    return room;
}

// agent.url.query(table) → text, names in order; a list gives its name several times
static int url_query(lua_State *L) {
    clua_state *s = clua_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    clua_push_ordered_keys(L, 1);
    s->scratch.count = 0;
    bool room = true;
    lua_Integer count = (lua_Integer)lua_rawlen(L, 2);
    for (lua_Integer i = 1; i <= count && room; i++) {
        if (i % 1024 == 0) clua_poll(L);
        if (lua_rawgeti(L, 2, i) != LUA_TSTRING) return luaL_error(L, "a query has names");
        lua_pushvalue(L, 3);
        if (lua_rawget(L, 1) == LUA_TTABLE) {
            lua_Integer values = (lua_Integer)lua_rawlen(L, 4);
            for (lua_Integer value = 1; value <= values && room; value++) {
                lua_rawgeti(L, 4, value);
                room = put_pair(L, 3);
                lua_pop(L, 1);
            }
        } else {
            room = put_pair(L, 3);
        }
        lua_settop(L, 2);
    }
    return push_scratch(L, room);
}

// Sets a member of the table on top unless the part is absent.
static void set_part(lua_State *L, const char *name, const char *from, const char *to) {
    if (from == NULL) return;
    lua_pushlstring(L, from, (size_t)(to - from));
    lua_setfield(L, -2, name);
}

static const char *first_of(const char *from, const char *to, const char *set) {
    while (from < to && (*from == '\0' || strchr(set, *from) == NULL)) from++;
    return from;
}

// The authority from...to: user, host, port.
static void set_authority(lua_State *L, const char *from, const char *to) {
    const char *at = NULL;
    for (const char *p = from; p < to; p++) {
        if (*p == '@') at = p;
    }
    if (at != NULL) {
        set_part(L, "user", from, at);
        from = at + 1;
    }
    const char *after = from < to && *from == '[' ? first_of(from, to, "]") : from;
    const char *colon = first_of(after, to, ":");
    set_part(L, "host", from, colon);
    if (colon < to && colon + 1 < to) {
        lua_Integer port = 0;
        for (const char *p = colon + 1; p < to; p++) {
            if (*p < '0' || *p > '9' || port > 65535) return;
            port = port * 10 + (*p - '0');
        }
        lua_pushinteger(L, port);
        lua_setfield(L, -2, "port");
    }
}

// agent.url.parse(text) → { scheme, user, host, port, path, query, fragment }, absent parts absent, nothing decoded
static int url_parse(lua_State *L) {
    size_t count;
    const char *from = luaL_checklstring(L, 1, &count), *to = from + count;
    clua_poll_size(L, count);
    lua_newtable(L);
    const char *colon = first_of(from, to, ":/?#");
    if (colon < to && *colon == ':' && colon > from) {
        set_part(L, "scheme", from, colon);
        from = colon + 1;
    }
    if (to - from >= 2 && from[0] == '/' && from[1] == '/') {
        const char *end = first_of(from + 2, to, "/?#");
        set_authority(L, from + 2, end);
        from = end;
    }
    const char *end = first_of(from, to, "?#");
    set_part(L, "path", from, end);
    if (end < to && *end == '?') {
        const char *hash = first_of(end, to, "#");
        set_part(L, "query", end + 1, hash);
        end = hash;
    }
    if (end < to) set_part(L, "fragment", end + 1, to);
    return 1;
}

void clua_open_url(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"decode", url_decode}, {"encode", url_encode}, {"parse", url_parse}, {"query", url_query}, {NULL, NULL},
    };
    luaL_newlib(L, functions);
}
