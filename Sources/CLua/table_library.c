// The table library.
#include "internal.h"

static const char *const names[] = {"concat", "insert", "move", "pack", "remove", "sort", "unpack", NULL};

// Pushes the library's table.
void clua_open_table(lua_State *L) {
    lua_pushcfunction(L, luaopen_table);
    lua_call(L, 0, 1);
    lua_createtable(L, 0, 8);
    for (size_t i = 0; names[i] != NULL; i++) {
        lua_getfield(L, -2, names[i]);
        lua_setfield(L, -2, names[i]);
    }
    lua_remove(L, -2);
}
