// The environment of plugin code: built from an allow-list, read-only, strict about names.
#include "internal.h"

#include <string.h>

static const char *const base_names[] = {
    "assert", "error", "ipairs", "rawequal", "rawget", "rawlen", "select", "tonumber", "type", NULL,
};
static const char *const math_names[] = {
    "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "huge", "log", "max", "maxinteger",
    "min", "mininteger", "modf", "pi", "rad", "sin", "sqrt", "tan", "tointeger", "type", "ult", NULL,
};
static const char *const utf8_names[] = {"char", "charpattern", "codepoint", "codes", "len", "offset", NULL};

// Upvalue 1 is the library's name.
static int refuse_write(lua_State *L) {
    return luaL_error(L, "%s is read-only", lua_tostring(L, lua_upvalueindex(1)));
}

// Pops a table; pushes an empty one that shows it and cannot be changed.
void clua_push_readonly(lua_State *L, const char *name) {
    lua_newtable(L);
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, name);
    lua_pushcclosure(L, refuse_write, 1);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushvalue(L, -3);
    lua_rawsetp(L, -2, &clua_real_key);
    lua_setmetatable(L, -2);
    lua_replace(L, -2);
}

// Pushes the table behind a read-only one, or the table itself; true for a read-only one. Allocates nothing.
bool clua_push_real(lua_State *L, int index) {
    index = lua_absindex(L, index);
    if (lua_getmetatable(L, index)) {
        if (lua_rawgetp(L, -1, &clua_real_key) == LUA_TTABLE) {
            lua_replace(L, -2);
            return true;
        }
        lua_pop(L, 2);
    }
    lua_pushvalue(L, index);
    return false;
}

void clua_check_writable(lua_State *L, int index) {
    if (!lua_getmetatable(L, index)) return;
    lua_pop(L, 1);
    bool is_readonly = clua_push_real(L, index);
    lua_pop(L, 1);
    if (is_readonly) luaL_error(L, "this table is read-only");
}

static const char *name_of(lua_State *L, int index) {
    return lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : luaL_typename(L, index);
}

// __index of the environment: whatever gets here was never declared.
static int undefined(lua_State *L) { return luaL_error(L, "global '%s' is not defined", name_of(L, 2)); }

static int refuse_global(lua_State *L) {
    const char *name = name_of(L, 2);
    return luaL_error(L, "plugins keep no globals: use 'local %s'", name);
}

// Upvalue 1 is a stock function without upvalues, which may take long over a large string.
static int call_polled(lua_State *L) {
    for (int i = lua_gettop(L); i > 0; i--) {
        if (lua_type(L, i) == LUA_TSTRING) clua_poll_size(L, lua_rawlen(L, i));
    }
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

// Puts a poll before the function NAME of the table at an index.
void clua_add_poll(lua_State *L, int table, const char *name) {
    lua_getfield(L, table, name);
    lua_pushcclosure(L, call_polled, 1);
    lua_setfield(L, table, name);
}

// Copies the named members of the table on top into the one at `to`.
static void copy_names(lua_State *L, int to, const char *const *names) {
    for (size_t i = 0; names[i] != NULL; i++) {
        lua_getfield(L, -1, names[i]);
        if (lua_isnil(L, -1)) luaL_error(L, "Lua lacks %s", names[i]);
        lua_setfield(L, to, names[i]);
    }
}

// Sets environment.NAME to a read-only table with the named members of a stock library.
static void add_library(lua_State *L, int environment, const char *name, lua_CFunction open, const char *const *names) {
    lua_newtable(L);
    int table = lua_gettop(L);
    lua_pushcfunction(L, open);
    lua_call(L, 0, 1);
    copy_names(L, table, names);
    lua_pop(L, 1);
    for (size_t i = 0; names == utf8_names && names[i] != NULL; i++) {
        lua_getfield(L, table, names[i]);
        bool is_function = lua_isfunction(L, -1);
        lua_pop(L, 1);
        if (is_function) clua_add_poll(L, table, names[i]);
    }
    clua_push_readonly(L, name);
    lua_setfield(L, environment, name);
}

// Pops the library's table.
static void add_own(lua_State *L, int environment, const char *name) {
    clua_push_readonly(L, name);
    lua_setfield(L, environment, name);
}

// The table that chunks get as _ENV: empty, so that no write is missed.
static void push_guarded(lua_State *L, int environment) {
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, undefined);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, environment);
    lua_newtable(L);
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, environment);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, refuse_global);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pushvalue(L, environment);
    lua_rawsetp(L, -2, &clua_real_key);
    lua_setmetatable(L, -2);
}

// Leaves the environment in the registry, and the stack as it was.
void clua_build_environment(lua_State *L, clua_bytes leafs) {
    lua_newtable(L);
    int environment = lua_gettop(L);
    lua_pushcfunction(L, luaopen_base);
    lua_call(L, 0, 1);
    copy_names(L, environment, base_names);
    lua_pop(L, 1);
    clua_add_poll(L, environment, "tonumber");
    clua_add_poll(L, environment, "rawequal");
    clua_add_base(L, environment);
    add_library(L, environment, "math", luaopen_math, math_names);
    add_library(L, environment, "utf8", luaopen_utf8, utf8_names);
    clua_open_string(L);
    add_own(L, environment, "string");
    clua_open_table(L);
    add_own(L, environment, "table");
    clua_open_agent(L, leafs);
    add_own(L, environment, "agent");
    push_guarded(L, environment);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_environment_key);
    lua_settop(L, environment - 1);
}
