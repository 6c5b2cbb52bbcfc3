// Entries: each is one protected call in which arguments are pushed, plugin code runs and results are encoded.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

// A buffer that once was large is given back, so that idle states stay small.
static void trim(clua_buffer *buffer) {
    if (buffer->capacity > 64 << 10) clua_buffer_free(buffer);
}

static void end_entry(clua_state *s) {
    for (size_t i = 0; i < s->argument_count; i++) {
        for (int part = 0; part < 3; part++) trim(&s->arguments[i].parts[part]);
    }
    s->argument_count = 0;
    trim(&s->scratch);
    clua_forget_order(s);
    if (s->key_capacity > 4096) {
        free(s->keys);
        s->keys = NULL;
        s->key_capacity = 0;
    }
}

// Runs `body` under the limits. What it raises outside plugin code has the kind s->stage_kind.
clua_result clua_enter(clua_state *s, lua_CFunction body, int64_t nanoseconds, int64_t *spent) {
    lua_State *L = s->L;
    clua_failure_reset(s);
    trim(&s->output);
    s->output.count = s->operation.count = s->scratch.count = 0;
    s->key_count = 0;
    s->protected_calls = 0;
    s->result = CLUA_DONE;
    if (s->kill == KILL_NONE && clua_flag_is_set(s->flag)) s->kill = KILL_CANCELLED;
    if (s->kill != KILL_NONE) {
        clua_failure_kill(s); // a killed state stays killed
        end_entry(s);
        return CLUA_FAILED;
    }
    clua_arm(s, nanoseconds);
    clua_set_hook(L);
    lua_pushcfunction(L, body);
    int status = lua_pcall(L, 0, 0, 0);
    int64_t used = clua_disarm(s);
    s->entry_spent = used;
    if (spent != NULL) *spent += used;
    lua_sethook(L, NULL, 0, 0);
    if (s->kill != KILL_NONE) {
        clua_failure_kill(s);
    } else if (status != LUA_OK) {
        clua_failure_status(s, L, status);
        if (s->file.count == 0 && s->function_file != NULL) {
            clua_buffer_text(&s->file, s->function_file);
            s->line = s->function_line;
        }
    }
    lua_settop(L, 0);
    end_entry(s);
    return s->failed ? CLUA_FAILED : s->result;
}

// Pops the function and its arguments; pushes what it returns, or nothing after noting the failure.
static bool call_plugin(lua_State *L, int arguments) {
    clua_state *s = clua_of(L);
    int function = lua_gettop(L) - arguments;
    lua_pushcfunction(L, clua_message_handler);
    lua_insert(L, function);
    s->stage_kind = CLUA_RUNTIME;
    int status = lua_pcall(L, arguments, LUA_MULTRET, function);
    lua_remove(L, function);
    if (status == LUA_OK) return true;
    clua_failure_status(s, L, status);
    lua_pop(L, 1);
    return false;
}

// Pushes a module's value, or raises.
void clua_push_module(lua_State *L, clua_bytes name) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_modules);
    lua_pushlstring(L, (const char *)name.bytes, name.count);
    lua_pushvalue(L, -1);
    lua_rawget(L, -3);
    if (lua_isnil(L, -1)) luaL_error(L, "no module '%s' is loaded", lua_tostring(L, -2));
    lua_replace(L, -3);
    lua_pop(L, 1);
}

// Pushes the function at a path of the task's module, or raises. A path that begins with "#" leads into the
// functions of the pending request.
static void push_function(lua_State *L) {
    clua_state *s = clua_of(L);
    clua_decode_or_raise(L, s->task.path, "path");
    int path = lua_gettop(L);
    if (lua_type(L, path) != LUA_TTABLE) luaL_error(L, "a path is a list of keys");
    lua_Integer first = 1, count = (lua_Integer)lua_rawlen(L, path);
    lua_rawgeti(L, path, 1);
    bool pending = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "#") == 0;
    lua_pop(L, 1);
    if (pending) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_functions);
        first = 2;
    } else {
        clua_push_module(L, s->task.module);
    }
    for (lua_Integer i = first; i <= count; i++) {
        if (lua_type(L, -1) != LUA_TTABLE) luaL_error(L, "there is no function at this path");
        lua_rawgeti(L, path, i);
        lua_rawget(L, -2);
        lua_replace(L, -2);
    }
    if (lua_type(L, -1) != LUA_TFUNCTION) luaL_error(L, "there is no function at this path");
    lua_replace(L, path);
}

// Remembers where the function on top was defined, for errors in what it returns.
static void note_function(lua_State *L) {
    clua_state *s = clua_of(L);
    lua_Debug record;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &record);
    for (size_t i = 0; i < s->chunk_count; i++) {
        if (strcmp(s->chunks[i].short_name, record.short_src) != 0) continue;
        s->function_file = s->chunks[i].name;
        s->function_line = record.linedefined;
    }
}

// The record of a chunk's name; NULL if there are too many, or no memory.
static clua_chunk *note_chunk(clua_state *s, clua_bytes name) {
    for (size_t i = 0; i < s->chunk_count; i++) {
        const char *known = s->chunks[i].name;
        if (strlen(known) == name.count && memcmp(known, name.bytes, name.count) == 0) return &s->chunks[i];
    }
    if (s->chunk_count == CLUA_CHUNKS) return NULL;
    clua_chunk *chunk = &s->chunks[s->chunk_count];
    chunk->name = strndup(name.count == 0 ? "" : (const char *)name.bytes, name.count);
    if (chunk->name == NULL) return NULL;
    // As luaO_chunkid shortens the name of a file.
    size_t count = strlen(chunk->name);
    if (count < LUA_IDSIZE) {
        memcpy(chunk->short_name, chunk->name, count + 1);
    } else {
        memcpy(chunk->short_name, "...", 3);
        memcpy(chunk->short_name + 3, chunk->name + count - (LUA_IDSIZE - 4), LUA_IDSIZE - 3);
    }
    s->chunk_count += 1;
    return chunk;
}

// Pushes the compiled source, or notes why there is none.
static bool compile(lua_State *L) {
    clua_state *s = clua_of(L);
    clua_bytes source = s->task.source;
    clua_chunk *chunk = note_chunk(s, s->task.chunk_name);
    if (chunk == NULL) luaL_error(L, "at most %d sources fit one state", CLUA_CHUNKS);
    s->stage_kind = CLUA_SYNTAX;
    s->function_file = chunk->name;
    s->function_line = 1;
    if (source.count > s->limits.source) {
        luaL_error(L, "the source has more than %d KiB", (int)(s->limits.source >> 10));
    }
    if (source.count > 0 && source.bytes[0] == 0x1B) luaL_error(L, "precompiled chunks are refused");
    const char *name = lua_pushfstring(L, "@%s", chunk->name);
    const char *text = source.count == 0 ? "" : (const char *)source.bytes;
    int status = luaL_loadbufferx(L, text, source.count, name, "t");
    lua_remove(L, -2);
    if (status != LUA_OK) {
        clua_failure_status(s, L, status);
        return false;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_environment_key);
    lua_setupvalue(L, -2, 1);
    return true;
}

static int load(lua_State *L) {
    clua_state *s = clua_of(L);
    if (!compile(L) || !call_plugin(L, 0)) return 0;
    s->stage_kind = CLUA_USAGE;
    if (lua_gettop(L) == 0 || lua_isnil(L, 1)) return luaL_error(L, "the file must return one table");
    lua_settop(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_modules);
    lua_pushlstring(L, (const char *)s->task.module.bytes, s->task.module.count);
    lua_pushvalue(L, 1);
    lua_rawset(L, -3);
    return 0;
}

clua_result clua_load(
    clua_state *s, clua_bytes source, clua_bytes module, clua_bytes chunk_name, int64_t nanoseconds) {
    s->task = (clua_task){.source = source, .module = module, .chunk_name = chunk_name};
    if (s->script == NULL) s->log_used = 0;
    return clua_enter(s, load, nanoseconds, NULL);
}

static int manifest(lua_State *L) {
    clua_state *s = clua_of(L);
    clua_push_module(L, s->task.module);
    if (lua_type(L, -1) != LUA_TTABLE) return luaL_error(L, "the file must return one table");
    clua_encode(L, -1, ENCODE_MANIFEST, &s->output);
    return 0;
}

clua_result clua_manifest(clua_state *s, clua_bytes module, int64_t nanoseconds) {
    s->task = (clua_task){.module = module};
    return clua_enter(s, manifest, nanoseconds, NULL);
}

static int call(lua_State *L) {
    clua_state *s = clua_of(L);
    push_function(L);
    note_function(L);
    clua_push_arguments(L);
    if (!call_plugin(L, lua_gettop(L) - 1)) return 0;
    s->output.count = 0;
    clua_encode_list(L, 1, lua_gettop(L), ENCODE_RESULT, &s->output);
    return 0;
}

clua_result clua_call(clua_state *s, clua_bytes module, clua_bytes path, int64_t nanoseconds) {
    s->task = (clua_task){.module = module, .path = path};
    if (s->script == NULL) s->log_used = 0; // a script's quota is for its callbacks too
    return clua_enter(s, call, nanoseconds, NULL);
}

static int context_member(lua_State *L) {
    clua_state *s = clua_of(L);
    s->stage_kind = CLUA_RUNTIME;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &clua_context_key) == LUA_TTABLE) {
        lua_pushlstring(L, (const char *)s->task.module.bytes, s->task.module.count);
        lua_rawget(L, -2);
    }
    clua_encode(L, -1, ENCODE_RESULT, &s->output);
    return 0;
}

clua_result clua_context_member(clua_state *s, clua_bytes name) {
    s->task = (clua_task){.module = name};
    return clua_enter(s, context_member, 1000000000, NULL);
}

// Steps of a script.

static void end_script(lua_State *L) {
    clua_of(L)->running = L; // no tick may find the thread that is collected now
    clua_of(L)->script = NULL;
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_script_key);
}

// Resumes the script with `count` values on its stack, and notes what it came to.
static void step(lua_State *L, int count) {
    clua_state *s = clua_of(L);
    lua_State *script = s->script;
    int results = 0;
    clua_poll(L); // the hook's count starts anew at each resume
    clua_set_hook(script);
    s->stage_kind = CLUA_RUNTIME;
    int status = lua_resume(script, L, count, &results);
    if (s->kill == KILL_NONE) clua_set_hook(L);
    if (status == LUA_YIELD) {
        s->result = CLUA_REQUEST; // the primitive has filled operation and output
        lua_pop(script, results);
    } else if (status == LUA_OK) {
        luaL_checkstack(L, results, NULL);
        lua_xmove(script, L, results);
        end_script(L);
        s->output.count = 0; // a primitive whose arguments were no JSON has left a part of them
        clua_encode_list(L, lua_gettop(L) - results + 1, lua_gettop(L), ENCODE_RESULT, &s->output);
    } else {
        if (s->kill == KILL_NONE) clua_trace(s, script, 0);
        clua_failure_status(s, script, status);
        end_script(L);
    }
}

static int start(lua_State *L) {
    clua_state *s = clua_of(L);
    if (s->script != NULL) return luaL_error(L, "a script is running in this state");
    push_function(L);
    note_function(L);
    clua_push_arguments(L);
    int count = lua_gettop(L);
    lua_State *script = lua_newthread(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_script_key);
    if (!lua_checkstack(script, count)) return luaL_error(L, "too many arguments");
    lua_xmove(L, script, count);
    s->script = script;
    s->script_protected_calls = 0;
    step(L, count - 1);
    return 0;
}

clua_result clua_start(clua_state *s, clua_bytes module, clua_bytes path, int64_t nanoseconds) {
    s->task = (clua_task){.module = module, .path = path};
    s->log_used = 0;
    s->host_calls = 0;
    s->replayed = false;
    s->script_budget = nanoseconds;
    s->script_spent = 0;
    return clua_enter(s, start, nanoseconds, &s->script_spent);
}

static int resume(lua_State *L) {
    clua_state *s = clua_of(L);
    if (s->script == NULL) return luaL_error(L, "no script waits in this state");
    lua_newtable(L); // handles of the answered request end here
    lua_rawsetp(L, LUA_REGISTRYINDEX, &clua_functions);
    s->function_count = 0;
    lua_settop(L, 0);
    lua_pushboolean(L, !s->task.raising);
    clua_push_arguments(L);
    if (lua_gettop(L) != 2) return luaL_error(L, "a script is resumed with one answer");
    if (!lua_checkstack(s->script, 2)) return luaL_error(L, "stack overflow");
    lua_xmove(L, s->script, 2);
    step(L, 2);
    return 0;
}

clua_result clua_resume(clua_state *s, bool raising, bool replayed) {
    s->task = (clua_task){.raising = raising};
    s->replayed = replayed;
    if (replayed) return clua_enter(s, resume, s->script_budget, NULL);
    int64_t left = s->script_budget - s->script_spent;
    return clua_enter(s, resume, left > 0 ? left : 0, &s->script_spent);
}
