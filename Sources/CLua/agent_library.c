// The one global that is ours, and its groups json and base64.
#include "internal.h"

// agent.json.encode(value) → text
static int json_encode(lua_State *L) {
    clua_state *s = clua_of(L);
    luaL_checkany(L, 1);
    s->scratch.count = 0;
    clua_encode(L, 1, ENCODE_JSON, &s->scratch);
    lua_pushlstring(L, (const char *)s->scratch.bytes, s->scratch.count);
    return 1;
}

// agent.json.decode(text) → value, or nil and what is wrong
static int json_decode(lua_State *L) {
    size_t count;
    const char *text = luaL_checklstring(L, 1, &count);
    if (clua_decode(L, (clua_bytes){(const uint8_t *)text, count}, false)) return 1;
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

// Marks the table at 1, or a new one.
static int mark(lua_State *L, bool array) {
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        lua_newtable(L);
        lua_replace(L, 1);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    clua_state *s = clua_of(L);
    if (lua_getmetatable(L, 1)) {
        const void *metatable = lua_topointer(L, -1);
        if (metatable != s->array_mark && metatable != s->object_mark) {
            return luaL_error(L, "a table with a metatable cannot be marked");
        }
    }
    lua_settop(L, 1);
    clua_push_mark(L, array);
    lua_setmetatable(L, 1);
    return 1;
}

static int json_array(lua_State *L) { return mark(L, true); }

static int json_object(lua_State *L) { return mark(L, false); }

// Pushes nothing; keeps a metatable in the registry.
static const void *keep_mark(lua_State *L, const char *key) {
    lua_createtable(L, 0, 1);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    const void *identity = lua_topointer(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
    return identity;
}

void clua_open_json(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"array", json_array}, {"decode", json_decode}, {"encode", json_encode}, {"object", json_object}, {NULL, NULL},
    };
    clua_state *s = clua_of(L);
    s->array_mark = keep_mark(L, &clua_array_key);
    s->object_mark = keep_mark(L, &clua_object_key);
    luaL_newlib(L, functions);
    lua_pushlightuserdata(L, NULL);
    lua_setfield(L, -2, "null");
}

// agent.base64.encode(bytes, "url"?) → text
static int base64_encode(lua_State *L) {
    static const char *const alphabets[] = {"standard", "url", NULL};
    clua_state *s = clua_of(L);
    size_t count;
    const char *bytes = luaL_checklstring(L, 1, &count);
    int alphabet = luaL_checkoption(L, 2, "standard", alphabets);
    clua_poll_size(L, count);
    s->scratch.count = 0;
    if (!clua_base64_encode(&s->scratch, (const uint8_t *)bytes, count, alphabet == 1)) {
        return luaL_error(L, "not enough memory");
    }
    lua_pushlstring(L, (const char *)s->scratch.bytes, s->scratch.count);
    return 1;
}

// agent.base64.decode(text) → bytes, or nil and what is wrong
static int base64_decode(lua_State *L) {
    clua_state *s = clua_of(L);
    size_t count;
    const char *text = luaL_checklstring(L, 1, &count);
    clua_poll_size(L, count);
    s->scratch.count = 0;
    if (!clua_base64_decode(&s->scratch, (const uint8_t *)text, count)) {
        lua_pushnil(L);
        lua_pushliteral(L, "the text is not base64");
        return 2;
    }
    lua_pushlstring(L, (const char *)s->scratch.bytes, s->scratch.count);
    return 1;
}

void clua_open_base64(lua_State *L) {
    static const luaL_Reg functions[] = {{"decode", base64_decode}, {"encode", base64_encode}, {NULL, NULL}};
    luaL_newlib(L, functions);
}

// Replaces each group of the table at an index by its read-only form.
static void protect_groups(lua_State *L, int agent) {
    clua_push_ordered_keys(L, agent);
    int keys = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, keys);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, keys, i);
        const char *name = lua_tostring(L, -1);
        lua_pushfstring(L, "agent.%s", name);
        const char *shown = lua_tostring(L, -1);
        lua_getfield(L, agent, name);
        clua_push_readonly(L, shown);
        lua_setfield(L, agent, name);
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
}

void clua_open_agent(lua_State *L, clua_bytes leafs) {
    lua_newtable(L);
    int agent = lua_gettop(L);
    clua_open_json(L);
    lua_setfield(L, agent, "json");
    clua_open_base64(L);
    lua_setfield(L, agent, "base64");
    clua_open_url(L);
    lua_setfield(L, agent, "url");
    clua_open_log(L);
    lua_setfield(L, agent, "log");
    clua_add_leafs(L, agent, leafs);
    protect_groups(L, agent);
}
