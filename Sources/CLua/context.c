// The context of a call: data, primitives that suspend a script, and names that are refused with a reason.
#include "internal.h"

#include <string.h>

// What the host answered is on the stack above `below`: whether it went well, and the value.
static int finish_primitive(lua_State *L, int status, lua_KContext below) {
    (void)status;
    clua_poll(L);
    lua_settop(L, (int)below + 2);
    if (lua_toboolean(L, (int)below + 1)) return 1;
    luaL_where(L, 1);
    if (lua_type(L, -2) == LUA_TTABLE) {
        lua_setfield(L, -2, "where");
    } else {
        lua_insert(L, -2);
        if (lua_type(L, -1) != LUA_TSTRING) {
            lua_pop(L, 1);
            lua_pushliteral(L, "the host refused");
        }
        lua_concat(L, 2);
    }
    return lua_error(L);
}

// Upvalues: the operation's name; the context, so that a call with ':' is noticed.
static int primitive(lua_State *L) {
    clua_state *s = clua_of(L);
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    clua_poll(L);
    int count = lua_gettop(L);
    if (count > 0 && lua_rawequal(L, 1, lua_upvalueindex(2))) {
        return luaL_error(L, "write ctx.%s with a dot, not ctx:%s", name, name);
    }
    if (s->script != L) return luaL_error(L, "'%s' cannot be used here: hooks are pure", name);
    if (!lua_isyieldable(L)) {
        return luaL_error(L, "'%s' cannot be used here (in a function that string.gsub, table.sort, a metamethod of "
                             "the host or an iterator calls)", name);
    }
    if (!s->replayed && ++s->host_calls > s->limits.host_calls) clua_kill_limit(L, "too many calls of the host");
    s->output.count = s->operation.count = 0;
    clua_encode_list(L, 1, count, ENCODE_ARGUMENTS, &s->output);
    if (!clua_buffer_text(&s->operation, name)) return luaL_error(L, "not enough memory");
    return lua_yieldk(L, 0, count, finish_primitive);
}

// Upvalue 1 is the reason.
static int refused(lua_State *L) { return luaL_error(L, "%s", lua_tostring(L, lua_upvalueindex(1))); }

// The list of primitives is on top; pops it.
static void add_primitives(lua_State *L, int context) {
    int list = lua_gettop(L);
    lua_Integer count = lua_type(L, list) == LUA_TTABLE ? (lua_Integer)lua_rawlen(L, list) : 0;
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, list, i);
        lua_pushvalue(L, -1);
        lua_pushvalue(L, context);
        lua_pushcclosure(L, primitive, 2);
        lua_rawset(L, context);
    }
    lua_pop(L, 1);
}

// The table name → reason is on top; pops it.
static void add_refusals(lua_State *L, int context) {
    int table = lua_gettop(L);
    if (lua_type(L, table) == LUA_TTABLE) {
        lua_pushnil(L);
        while (lua_next(L, table)) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_pushcclosure(L, refused, 1);
            lua_rawset(L, context);
        }
    }
    lua_settop(L, table - 1);
}

static void decode_part(lua_State *L, const clua_buffer *part) {
    if (part->count == 0) {
        lua_pushnil(L);
    } else {
        clua_decode_or_raise(L, clua_view(part), "the context");
    }
}

// Pushes the context's table, which stays reachable for clua_context_member.
void clua_push_context(lua_State *L, const clua_argument *argument) {
    luaL_checkstack(L, 12, NULL);
    decode_part(L, &argument->parts[0]);
    int context = lua_gettop(L);
    if (lua_type(L, context) != LUA_TTABLE) luaL_error(L, "the context is not an object");
    decode_part(L, &argument->parts[1]);
    add_primitives(L, context);
    decode_part(L, &argument->parts[2]);
    add_refusals(L, context);
    if (clua_of(L)->script != NULL) return; // a callback's; the script's own one is kept
    lua_pushvalue(L, context);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_context_key);
}

// Pushes all arguments of the entry, in which no traversal of an earlier one goes on.
void clua_push_arguments(lua_State *L) {
    clua_state *s = clua_of(L);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_next_key);
    for (size_t i = 0; i < s->argument_count; i++) {
        const clua_argument *argument = &s->arguments[i];
        luaL_checkstack(L, 8, NULL);
        switch (argument->kind) {
        case CLUA_JSON: clua_decode_or_raise(L, clua_view(&argument->parts[0]), "an argument"); break;
        case CLUA_RESPONSE: clua_push_response(L, argument); break;
        case CLUA_MODULE: clua_push_module(L, clua_view(&argument->parts[0])); break;
        case CLUA_CONTEXT: clua_push_context(L, argument); break;
        }
    }
}
