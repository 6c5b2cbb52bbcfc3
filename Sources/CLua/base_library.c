// Own versions of what the stock base library does in ways that plugins must not have.
#include "internal.h"

#include <string.h>

// pcall and xpcall: a kill passes through, and primitives may yield inside.

static int *protected_calls(lua_State *L) {
    clua_state *s = clua_of(L);
    return L == s->script ? &s->script_protected_calls : &s->protected_calls;
}

// Elsewhere the C stack limits their nesting. In a script it does not: what is caught there leaves the C stack. A kill
// would then pass a million levels one by one, each of which looks at the whole stack.
static void enter_protected(lua_State *L) {
    int *count = protected_calls(L);
    if (*count >= CLUA_PROTECTED_CALLS) luaL_error(L, "stack overflow (too many nested protected calls)");
    *count += 1;
}

static int finish_pcall(lua_State *L, int status, lua_KContext skip) {
    *protected_calls(L) -= 1;
    if (clua_of(L)->kill != KILL_NONE) clua_raise_kill(L);
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)skip;
    lua_pushboolean(L, false);
    lua_pushvalue(L, -2);
    return 2;
}

static int own_pcall(lua_State *L) {
    luaL_checkany(L, 1);
    enter_protected(L);
    lua_pushboolean(L, true);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

// Stack: handler, true or false, results.
static int finish_handler(lua_State *L, int status, lua_KContext context) {
    (void)status;
    (void)context;
    return lua_gettop(L) - 1;
}

// The handler is called after unwinding, as an ordinary call, so that limits hold in it.
static int finish_xpcall(lua_State *L, int status, lua_KContext context) {
    (void)context;
    *protected_calls(L) -= 1;
    if (clua_of(L)->kill != KILL_NONE) clua_raise_kill(L);
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - 1;
    lua_replace(L, 2); // handler, error
    lua_settop(L, 2);
    lua_pushboolean(L, false);
    lua_insert(L, 2);
    lua_pushvalue(L, 1);
    lua_insert(L, 3);
    lua_callk(L, 1, LUA_MULTRET, 0, finish_handler);
    return lua_gettop(L) - 1;
}

static int own_xpcall(lua_State *L) {
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_insert(L, 1); // handler, function, handler, arguments
    lua_pushboolean(L, true);
    lua_replace(L, 3);
    lua_pushvalue(L, 2);
    lua_remove(L, 2); // handler, true, arguments, function
    lua_insert(L, 3);
    enter_protected(L);
    int status = lua_pcallk(L, lua_gettop(L) - 3, LUA_MULTRET, 0, 0, finish_xpcall);
    return finish_xpcall(L, status, 0);
}

// Metatables are copied, so that nothing can be added to them behind our back.

static bool is_named(const char *name, size_t count, const char *other) {
    return strlen(other) == count && memcmp(name, other, count) == 0;
}

// Pushes a copy of the metamethods of the table at an index.
static void push_metatable_copy(lua_State *L, int index) {
    static const char *const refused[] = {"__gc", "__close", "__mode"};
    lua_newtable(L);
    lua_pushnil(L);
    for (unsigned seen = 1; lua_next(L, index); seen++) {
        if (seen % 4096 == 0) clua_poll(L);
        size_t count;
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &count) : NULL;
        if (name == NULL || count < 2 || name[0] != '_' || name[1] != '_') {
            lua_pop(L, 1);
            continue;
        }
        for (size_t i = 0; i < 3; i++) {
            if (is_named(name, count, refused[i])) {
                luaL_error(L, "metamethod '%s' is not available to plugins", refused[i]);
            }
        }
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
    lua_pushvalue(L, index);
    lua_rawsetp(L, -2, &clua_original_key);
}

static int own_setmetatable(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, lua_isnil(L, 2) || lua_istable(L, 2), 2, "nil or table");
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
    lua_settop(L, 2);
    if (lua_istable(L, 2)) {
        push_metatable_copy(L, 2);
    } else {
        lua_pushnil(L);
    }
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

// Gives the table that was handed to setmetatable, not the copy.
static int own_getmetatable(lua_State *L) {
    luaL_checkany(L, 1);
    if (!lua_getmetatable(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushliteral(L, "__metatable");
    if (lua_rawget(L, -2) != LUA_TNIL) return 1;
    lua_rawgetp(L, -2, &clua_original_key);
    return 1;
}

static int own_rawset(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    clua_check_writable(L, 1);
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 1;
}

// tostring: without addresses.

void clua_tostring(lua_State *L, int index) {
    index = lua_absindex(L, index);
    if (luaL_callmeta(L, index, "__tostring")) {
        if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "'__tostring' must return a string");
        return;
    }
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        lua_tolstring(L, -1, NULL); // converts the copy
        return;
    case LUA_TSTRING: lua_pushvalue(L, index); return;
    case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false"); return;
    case LUA_TLIGHTUSERDATA:
        lua_pushstring(L, lua_touserdata(L, index) == NULL ? "null" : "userdata");
        return;
    default: lua_pushstring(L, luaL_typename(L, index));
    }
}

static int own_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    clua_tostring(L, 1);
    return 1;
}

// pairs and next: in a fixed order, which differs between states otherwise. The elements 1 to n come first, so that those of
// a list are given one after the other, and its keys are put in order only if it has others.

typedef struct walk {
    lua_Integer given;  // elements: 1 to this
    lua_Integer length; // the table's, in the beginning
    lua_Integer at;     // in the keys in order
    bool is_list;       // whether there were as many keys as elements
    bool is_sorted;     // whether the keys in order are there
} walk;

// Upvalues: the table, its keys in order once they are needed, a walk (a block of memory: that is changed without a call).
static int next_pair(lua_State *L) {
    walk *w = lua_touserdata(L, lua_upvalueindex(3));
    if (!w->is_sorted) {
        if (w->given < w->length) {
            lua_pushinteger(L, w->given + 1);
            if (lua_rawgeti(L, lua_upvalueindex(1), w->given + 1) != LUA_TNIL) {
                w->given += 1;
                return 2;
            }
        } else if (w->is_list) {
            lua_pushnil(L);
            return 1;
        }
        clua_push_ordered_keys(L, lua_upvalueindex(1));
        lua_replace(L, lua_upvalueindex(2));
        w->is_sorted = true;
    }
    for (;;) {
        if (lua_rawgeti(L, lua_upvalueindex(2), ++w->at) == LUA_TNIL) return 1;
        bool was_given = w->given > 0 && lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 1
                         && lua_tointeger(L, -1) <= w->given;
        lua_pushvalue(L, -1);
        if (!was_given && lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 2;
        lua_pop(L, 2); // given, or removed meanwhile
        if (w->at % 4096 == 0) clua_poll(L);
    }
}

static int finish_pairs(lua_State *L, int status, lua_KContext context) {
    (void)L;
    (void)status;
    (void)context;
    return 3;
}

static int own_pairs(lua_State *L) {
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, finish_pairs);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    clua_push_real(L, 1);
    int table = lua_gettop(L);
    walk begun = {.is_sorted = lua_rawgeti(L, table, 1) == LUA_TNIL};
    lua_settop(L, table);
    if (begun.is_sorted) {
        clua_push_ordered_keys(L, table);
    } else {
        begun.length = (lua_Integer)lua_rawlen(L, table);
        begun.is_list = clua_key_count(L, table) == begun.length;
        lua_pushnil(L);
    }
    *(walk *)lua_newuserdatauv(L, sizeof(walk), 0) = begun;
    lua_pushcclosure(L, next_pair, 3);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

// Traversals by next are remembered, the latest ones: several tables may be walked in turns.
static const lua_Integer most_traversals = 4;

// Pushes { table, its keys, position } of the latest use of next for the table at 1, which is real, or a new one.
// The keys stay until next is called without a key.
static void push_traversal(lua_State *L, bool is_new) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_next_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_createtable(L, (int)most_traversals, 0);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_next_key);
    }
    int list = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, list);
    lua_Integer at = 1; // of this table's traversal
    for (; at <= count; at++) {
        lua_rawgeti(L, list, at);
        lua_rawgeti(L, -1, 1);
        bool is_same = lua_rawequal(L, -1, 1);
        lua_pop(L, 1);
        if (is_same && !is_new) return;
        lua_pop(L, 1);
        if (is_same) break;
    }
    lua_createtable(L, 3, 0);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, 1);
    clua_push_ordered_keys(L, 1);
    lua_rawseti(L, -2, 2);
    lua_pushinteger(L, 0);
    lua_rawseti(L, -2, 3);
    // In front; the one of the same table goes, or the oldest.
    if (at > most_traversals) at = most_traversals;
    for (; at > 1; at--) {
        lua_rawgeti(L, list, at - 1);
        lua_rawseti(L, list, at);
    }
    lua_pushvalue(L, -1);
    lua_rawseti(L, list, 1);
}

// Position of the key at 2 in the keys at an index; 0 if it is not there.
static lua_Integer position_of(lua_State *L, int keys, lua_Integer expected) {
    lua_rawgeti(L, keys, expected);
    bool is_expected = lua_rawequal(L, -1, 2);
    lua_pop(L, 1);
    if (is_expected) return expected;
    lua_Integer count = (lua_Integer)lua_rawlen(L, keys);
    for (lua_Integer i = 1; i <= count; i++) {
        if (i % 4096 == 0) clua_poll(L);
        lua_rawgeti(L, keys, i);
        bool is_found = lua_rawequal(L, -1, 2);
        lua_pop(L, 1);
        if (is_found) return i;
    }
    return 0;
}

static int own_next(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    clua_push_real(L, 1);
    lua_replace(L, 1);
    bool is_first = lua_isnil(L, 2);
    push_traversal(L, is_first);
    int traversal = lua_gettop(L);
    lua_rawgeti(L, traversal, 2);
    int keys = lua_gettop(L);
    lua_rawgeti(L, traversal, 3);
    lua_Integer at = is_first ? 0 : position_of(L, keys, lua_tointeger(L, -1));
    if (at == 0 && !is_first) return luaL_error(L, "invalid key to 'next'");
    for (;;) {
        at += 1;
        if (lua_rawgeti(L, keys, at) == LUA_TNIL) return 1;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) break;
        lua_pop(L, 2);
    }
    lua_pushinteger(L, at);
    lua_rawseti(L, traversal, 3);
    return 2;
}

void clua_add_base(lua_State *L, int environment) {
    static const luaL_Reg functions[] = {
        {"getmetatable", own_getmetatable}, {"next", own_next},         {"pairs", own_pairs},
        {"pcall", own_pcall},               {"rawset", own_rawset},     {"setmetatable", own_setmetatable},
        {"tostring", own_tostring},         {"xpcall", own_xpcall},     {NULL, NULL},
    };
    lua_pushvalue(L, environment);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
