// The table that stands for an answer: status, url, body, headers in any case, json and xml on first use.
#include "internal.h"

#include <string.h>

// Pushes the text at an index in lower case (ASCII).
static void push_lower(lua_State *L, int index) {
    size_t count;
    const char *text = lua_tolstring(L, index, &count);
    char small[256];
    if (count >= sizeof small) {
        lua_pushlstring(L, text, count);
        return;
    }
    for (size_t i = 0; i < count; i++) small[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
    lua_pushlstring(L, small, count);
}

// headers:all(name) → list of values. Upvalue 1: name → list.
static int headers_all(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TSTRING);
    push_lower(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TTABLE) return 1;
    lua_newtable(L);
    clua_push_mark(L, true);
    lua_setmetatable(L, -2);
    return 1;
}

// __index of headers. Upvalues: name → first value; the function `all`.
static int headers_index(lua_State *L) {
    if (lua_type(L, 2) != LUA_TSTRING) return 0;
    if (strcmp(lua_tostring(L, 2), "all") == 0) {
        lua_pushvalue(L, lua_upvalueindex(2));
        return 1;
    }
    push_lower(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    return 1;
}

// The table on top is name → list of values as they came; pushes name in lower case → list, and → first value.
static void push_header_tables(lua_State *L) {
    int given = lua_gettop(L);
    lua_newtable(L);
    lua_newtable(L);
    if (lua_type(L, given) != LUA_TTABLE) return;
    lua_pushnil(L);
    while (lua_next(L, given)) {
        if (lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TTABLE) {
            push_lower(L, -2);
            lua_pushvalue(L, -1);
            lua_pushvalue(L, -3);
            lua_rawset(L, given + 1);
            lua_rawgeti(L, -2, 1);
            lua_rawset(L, given + 2);
        }
        lua_pop(L, 1);
    }
}

// Replaces the table on top (name → list) by the read-only headers table.
static void make_headers(lua_State *L) {
    int given = lua_gettop(L);
    luaL_checkstack(L, 12, NULL);
    push_header_tables(L);
    lua_pushvalue(L, given + 2);
    clua_push_readonly(L, "response.headers");
    lua_getmetatable(L, -1);
    lua_pushvalue(L, given + 2);
    lua_pushvalue(L, given + 1);
    lua_pushcclosure(L, headers_all, 1);
    lua_pushcclosure(L, headers_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    lua_replace(L, given);
    lua_settop(L, given);
}

// Pushes the decoded body, or nil.
static void push_json(lua_State *L) {
    clua_state *s = clua_of(L);
    size_t count;
    const char *text = lua_tolstring(L, lua_upvalueindex(1), &count);
    if (clua_decode(L, (clua_bytes){(const uint8_t *)text, count}, false)) return;
    s->undecodable = true;
    lua_pop(L, 1);
    lua_pushnil(L);
}

static int decode_xml(lua_State *L) {
    clua_call_leaf(L, "xml.decode", 1, 1);
    return 1;
}

static void push_xml(lua_State *L) {
    clua_state *s = clua_of(L);
    if (!s->decodes_xml) {
        lua_pushnil(L);
        return;
    }
    lua_pushcfunction(L, decode_xml);
    lua_pushvalue(L, lua_upvalueindex(1));
    if (lua_pcall(L, 1, 1, 0) == LUA_OK) return;
    if (s->kill != KILL_NONE) clua_raise_kill(L);
    s->undecodable = true;
    lua_pop(L, 1);
    lua_pushnil(L);
}

// __index of a response. Upvalues: body; whether json, and xml, is settled (number of a bit).
static int response_index(lua_State *L) {
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    bool is_json = strcmp(key, "json") == 0;
    if (!is_json && strcmp(key, "xml") != 0) return 0;
    lua_Integer settled = lua_tointeger(L, lua_upvalueindex(2)), bit = is_json ? 1 : 2, failed = bit << 2;
    clua_state *s = clua_of(L);
    if (settled & bit) {
        if (settled & failed) s->undecodable = true;
        return 0;
    }
    bool before = s->undecodable;
    s->undecodable = false;
    if (is_json) {
        push_json(L);
    } else {
        push_xml(L);
    }
    lua_pushinteger(L, settled | bit | (s->undecodable ? failed : 0));
    lua_replace(L, lua_upvalueindex(2));
    s->undecodable |= before;
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    return 1;
}

// True if the member was given; a null is removed.
static bool settle(lua_State *L, int response, const char *name) {
    lua_getfield(L, response, name);
    bool is_given = !lua_isnil(L, -1);
    if (lua_islightuserdata(L, -1)) {
        lua_pushnil(L);
        lua_setfield(L, response, name);
    }
    lua_pop(L, 1);
    return is_given;
}

// Pushes the response's table.
void clua_push_response(lua_State *L, const clua_argument *argument) {
    luaL_checkstack(L, 12, NULL);
    if (!clua_decode(L, clua_view(&argument->parts[0]), true)) {
        luaL_error(L, "the head is not JSON: %s", lua_tostring(L, -1));
    }
    int response = lua_gettop(L);
    if (lua_type(L, response) != LUA_TTABLE) luaL_error(L, "the head is not an object");
    lua_Integer settled = settle(L, response, "json") | settle(L, response, "xml") << 1;
    settle(L, response, "url");
    lua_getfield(L, response, "headers");
    make_headers(L);
    lua_setfield(L, response, "headers");
    const clua_buffer *body = &argument->parts[1];
    lua_pushlstring(L, body->count == 0 ? "" : (const char *)body->bytes, body->count);
    lua_pushvalue(L, -1);
    lua_setfield(L, response, "body");
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, -2);
    lua_pushinteger(L, settled);
    lua_pushcclosure(L, response_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, response);
    lua_settop(L, response);
}
