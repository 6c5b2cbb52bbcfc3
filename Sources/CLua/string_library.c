// The string library, and the metatable of strings.
#include "internal.h"

static const char *const names[] = {
    "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse", "sub", "upper", NULL,
};

// Pushes the library's table.
void clua_open_string(lua_State *L) {
    lua_pushcfunction(L, luaopen_string); // sets the metatable of strings, with arithmetic on digits
    lua_call(L, 0, 1);
    lua_createtable(L, 0, 16);
    for (size_t i = 0; names[i] != NULL; i++) {
        lua_getfield(L, -2, names[i]);
        lua_setfield(L, -2, names[i]);
    }
    lua_remove(L, -2);
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}
