// Leafs: functions of the host that turn bytes into bytes and never see the state.
#include "internal.h"

#include <string.h>

#define XML_DECODE "xml.decode" // the leaf that response.xml needs

// A leaf's result: JSON in which {"$bytes": "<base64>"} stands for a string of any bytes. Replaces the value on top.
static void restore_bytes(lua_State *L, int depth) {
    if (lua_type(L, -1) != LUA_TTABLE || depth > CLUA_DEPTH) return;
    luaL_checkstack(L, 8, NULL);
    int table = lua_gettop(L);
    lua_pushliteral(L, "$bytes");
    if (lua_rawget(L, table) == LUA_TSTRING) {
        clua_state *s = clua_of(L);
        size_t count, mark = s->scratch.count;
        const char *text = lua_tolstring(L, -1, &count);
        if (clua_base64_decode(&s->scratch, (const uint8_t *)text, count)) {
            lua_pushlstring(L, (const char *)s->scratch.bytes + mark, s->scratch.count - mark);
            lua_replace(L, table);
        }
        s->scratch.count = mark;
        lua_settop(L, table);
        return;
    }
    lua_pop(L, 1);
    lua_pushnil(L);
    while (lua_next(L, table)) {
        if (lua_type(L, -1) != LUA_TTABLE) {
            lua_pop(L, 1);
            continue;
        }
        restore_bytes(L, depth + 1);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, table); // an existing key
    }
}

// Calls a leaf with the values first...last of the stack. Pushes its result and gives true, or pushes its error's text.
static bool try_leaf(lua_State *L, const char *name, int first, int last) {
    clua_state *s = clua_of(L);
    clua_buffer *scratch = &s->scratch;
    clua_poll(L);
    scratch->count = 0;
    clua_encode_list(L, first, last, ENCODE_RESULT, scratch);
    clua_buffer result = {0};
    bool is_done = s->leaf(s->leaf_context, name, scratch->bytes, scratch->count, &result);
    scratch->count = 0;
    bool room = clua_buffer_append(scratch, result.bytes, result.count); // what the state owns cannot be lost
    clua_buffer_free(&result);
    if (!room) luaL_error(L, "not enough memory");
    clua_poll(L);
    if (!is_done) {
        size_t count = scratch->count < 511 ? scratch->count : 511;
        lua_pushlstring(L, count == 0 ? "" : (const char *)scratch->bytes, count);
        return false;
    }
    // The decoder uses scratch behind the document; that may move it.
    lua_pushlstring(L, (const char *)scratch->bytes, scratch->count);
    size_t count;
    const char *text = lua_tolstring(L, -1, &count);
    clua_decode_or_raise(L, (clua_bytes){(const uint8_t *)text, count}, name);
    lua_remove(L, -2);
    restore_bytes(L, 0);
    return true;
}

// Calls a leaf with the values first...last of the stack; pushes its result, or raises its error.
void clua_call_leaf(lua_State *L, const char *name, int first, int last) {
    if (!try_leaf(L, name, first, last)) luaL_error(L, "%s", lua_tostring(L, -1));
}

// agent.xml.decode(text) → value, or nil and what is wrong
static int call_xml_decode(lua_State *L) {
    luaL_checkstring(L, 1);
    if (try_leaf(L, XML_DECODE, 1, 1)) return 1;
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

// Upvalue 1 is the leaf's name.
static int call_leaf(lua_State *L) {
    clua_call_leaf(L, lua_tostring(L, lua_upvalueindex(1)), 1, lua_gettop(L));
    return 1;
}

// Adds the leaf whose full name is on top ("time.parse") to the groups of agent.
static void add_leaf(lua_State *L, int agent) {
    const char *name = lua_tostring(L, -1);
    const char *dot = name == NULL ? NULL : strchr(name, '.');
    if (dot == NULL) luaL_error(L, "a leaf's name has a group");
    lua_pushlstring(L, name, (size_t)(dot - name));
    lua_pushvalue(L, -1);
    if (lua_rawget(L, agent) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, agent);
    }
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, strcmp(name, XML_DECODE) == 0 ? call_xml_decode : call_leaf, 1);
    lua_setfield(L, -2, dot + 1);
    lua_pop(L, 2);
}

void clua_add_leafs(lua_State *L, int agent, clua_bytes names) {
    clua_decode_or_raise(L, names, "leafs");
    int list = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, list, i);
        const char *name = lua_tostring(L, -1);
        if (name != NULL && strcmp(name, XML_DECODE) == 0) clua_of(L)->decodes_xml = true;
        add_leaf(L, agent);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}
