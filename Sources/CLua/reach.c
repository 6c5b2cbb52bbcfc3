// For tests: everything that plugin code could get hold of, also where only debug functions lead.
#include "internal.h"

#include <stdio.h>

static void visit(lua_State *L, int seen, int names, int depth);

static const char *key_name(lua_State *L, int index) {
    switch (lua_type(L, index)) {
    case LUA_TSTRING: return lua_tostring(L, index);
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        lua_tolstring(L, -1, NULL);
        lua_replace(L, index);
        return lua_tostring(L, index);
    case LUA_TLIGHTUSERDATA: return lua_touserdata(L, index) == &clua_real_key ? "(real)" : "(key)";
    default: return luaL_typename(L, index);
    }
}

// Stack: …, path, value. Visits the value under "path<separator><name>"; pops the value.
static void visit_part(lua_State *L, int seen, int names, int depth, const char *separator, const char *name) {
    lua_pushfstring(L, "%s%s%s", lua_tostring(L, -2), separator, name);
    lua_insert(L, -2);
    visit(L, seen, names, depth + 1);
    lua_pop(L, 2);
}

static void visit_table(lua_State *L, int seen, int names, int depth) {
    int table = lua_gettop(L), path = table - 1;
    clua_push_ordered_keys(L, table);
    int keys = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, keys);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, keys, i);
        lua_pushvalue(L, -1);
        const char *name = key_name(L, lua_gettop(L));
        lua_pushvalue(L, path);
        lua_pushvalue(L, -3);
        lua_rawget(L, table);
        visit_part(L, seen, names, depth, ".", name);
        lua_settop(L, keys);
    }
    lua_settop(L, table);
    lua_pushvalue(L, path);
    if (lua_getmetatable(L, table)) visit_part(L, seen, names, depth, "", "(metatable)");
    lua_settop(L, table);
}

static void visit_function(lua_State *L, int seen, int names, int depth) {
    int function = lua_gettop(L), path = function - 1;
    for (int i = 1; lua_getupvalue(L, function, i) != NULL; i++) {
        char name[32];
        lua_pushvalue(L, path);
        lua_insert(L, -2);
        visit_part(L, seen, names, depth, "", (snprintf(name, sizeof name, "(upvalue %d)", i), name));
        lua_settop(L, function);
    }
}

// Stack: path, value; leaves both.
static void visit(lua_State *L, int seen, int names, int depth) {
    luaL_checkstack(L, 20, NULL);
    int value = lua_gettop(L), type = lua_type(L, value);
    lua_pushfstring(L, "%s: %s", lua_tostring(L, value - 1), luaL_typename(L, value));
    if (type != LUA_TTABLE && type != LUA_TFUNCTION && type != LUA_TUSERDATA && type != LUA_TTHREAD) {
        lua_rawseti(L, names, (lua_Integer)lua_rawlen(L, names) + 1);
        return;
    }
    if (lua_rawgetp(L, seen, lua_topointer(L, value)) != LUA_TNIL || depth > 30) {
        lua_settop(L, value);
        return;
    }
    lua_pop(L, 1);
    lua_rawseti(L, names, (lua_Integer)lua_rawlen(L, names) + 1);
    lua_pushboolean(L, true);
    lua_rawsetp(L, seen, lua_topointer(L, value));
    if (type == LUA_TTABLE) visit_table(L, seen, names, depth);
    if (type == LUA_TFUNCTION) visit_function(L, seen, names, depth);
}

static int reach(lua_State *L) {
    lua_newtable(L);
    lua_newtable(L);
    lua_pushliteral(L, "_ENV");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_environment_key);
    visit(L, 1, 2, 0);
    lua_settop(L, 2);
    lua_pushliteral(L, "\"\"");
    lua_pushliteral(L, "");
    if (lua_getmetatable(L, -1)) {
        lua_replace(L, -2);
        visit(L, 1, 2, 0);
    }
    lua_settop(L, 2);
    clua_encode(L, 2, ENCODE_JSON, &clua_of(L)->output);
    return 0;
}

clua_result clua_reachable(clua_state *s) { return clua_enter(s, reach, 10000000000, NULL); }
