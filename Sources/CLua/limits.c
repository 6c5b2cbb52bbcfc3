// Memory, time and cancellation. The kill flag is the truth; the error that is raised for it is a courtesy.
#include "internal.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

static const char kill_sentinel;
// Where there are no ticks, the hook counts instructions.
static const int hook_count = 200; // between two looks, at most
static const int64_t slow_look = 1000000; // nanoseconds: then the next look comes after one instruction
static const size_t growth_polled = 64 << 10;
static const size_t refusals_allowed = 32;
static const int64_t longest_budget = 24LL * 3600 * 1000000000;

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void clua_arm(clua_state *s, int64_t nanoseconds) {
    s->budget = nanoseconds > longest_budget ? longest_budget : nanoseconds;
    s->cpu_start = now(CLOCK_THREAD_CPUTIME_ID);
    s->wall_due = now(CLOCK_MONOTONIC) + s->budget;
    s->refused_size = 0;
    s->entry_refusals = 0;
    s->armed = true;
    s->running = s->L;
    s->is_due = true;
    s->ticks = clua_tick_begin(s);
}

int64_t clua_disarm(clua_state *s) {
    s->armed = false;
    if (s->ticks) clua_tick_end();
    s->ticks = false;
    return now(CLOCK_THREAD_CPUTIME_ID) - s->cpu_start;
}

// CPU time decides. The wall clock, which costs no system call, says when to look.
static bool is_late(clua_state *s) {
    int64_t wall = now(CLOCK_MONOTONIC);
    s->looked_at = wall;
    if (wall < s->wall_due) return false;
    int64_t left = s->budget - (now(CLOCK_THREAD_CPUTIME_ID) - s->cpu_start);
    if (left <= 0) return true;
    s->wall_due = wall + left;
    return false;
}

bool clua_killed(clua_state *s) {
    if (!s->armed) return false;
    if (s->kill != KILL_NONE) return true;
    if (clua_flag_is_set(s->flag)) {
        s->kill = KILL_CANCELLED;
    } else if (!s->ticks || s->is_due) { // between two ticks the clock is not worth a look
        s->is_due = false;
        if (is_late(s)) s->kill = KILL_TIME;
    }
    return s->kill != KILL_NONE;
}

static void hook(lua_State *L, lua_Debug *record);

// A single instruction can take long: comparing large strings, for instance. Then each is looked at.
static void adapt_count(clua_state *s, lua_State *L, int64_t since) {
    int every = s->looked_at - since > slow_look ? 1 : s->hook_every * 2;
    if (every > hook_count) every = hook_count;
    if (every == s->hook_every) return;
    s->hook_every = every;
    lua_sethook(L, hook, LUA_MASKCOUNT, every);
    s->looked_at = now(CLOCK_MONOTONIC); // that goes through all calls that are under way
}

static void hook(lua_State *L, lua_Debug *record) {
    (void)record;
    clua_state *s = clua_of(L);
    s->hooks += 1;
    int64_t before = s->looked_at;
    if (clua_killed(s)) clua_raise_kill(L);
    if (s->ticks) {
        lua_sethook(L, NULL, 0, 0); // until the next one
    } else {
        adapt_count(s, L, before);
    }
}

void clua_ask_hook(clua_state *s) { lua_sethook(s->running, hook, LUA_MASKCOUNT, 1); }

void clua_tick(clua_state *s) {
    s->is_due = true;
    clua_ask_hook(s);
}

void clua_set_hook(lua_State *L) {
    clua_state *s = clua_of(L);
    s->running = L;
    if (s->ticks) return;
    s->looked_at = now(CLOCK_MONOTONIC);
    s->hook_every = 1;
    lua_sethook(L, hook, LUA_MASKCOUNT, s->hook_every);
}

// Needs one free slot and allocates nothing.
void clua_raise_kill(lua_State *L) {
    clua_state *s = clua_of(L);
    if (s->trace.count == 0) clua_trace(s, L, 0);
    clua_ask_hook(s);
    lua_pushlightuserdata(L, (void *)&kill_sentinel);
    lua_error(L);
    abort(); // lua_error does not return
}

void clua_kill_limit(lua_State *L, const char *text) {
    clua_state *s = clua_of(L);
    s->kill = KILL_LIMIT;
    s->kill_text = text;
    clua_raise_kill(L);
}

void clua_poll(lua_State *L) {
    if (clua_killed(clua_of(L))) clua_raise_kill(L);
}

static bool is_refused(clua_state *s, size_t old_size, size_t new_size) {
    if (s->refuse_count > 0) {
        s->allocations += 1;
        if (s->allocations >= s->refuse_from && s->allocations - s->refuse_from < s->refuse_count) return true;
    }
    if (new_size > s->limits.block) return true;
    return s->used - old_size + new_size > s->limits.memory;
}

// The first refusal of a size lets Lua collect and ask again; the second ends the run, as do too many of them:
// at the limit every refused block costs a full collection.
static void *refuse(clua_state *s, size_t size) {
    s->refusals += 1;
    s->entry_refusals += 1;
    if (s->armed && s->kill == KILL_NONE && (s->refused_size == size || s->entry_refusals > refusals_allowed)) {
        s->kill = KILL_MEMORY;
        clua_ask_hook(s);
    }
    s->refused_size = size;
    return NULL;
}

void *clua_allocate(void *state, void *block, size_t old_size, size_t new_size) {
    clua_state *s = state;
    if (block == NULL) old_size = 0; // Lua passes the kind of object
    if (new_size == 0) {
        free(block);
        s->used -= old_size;
        return NULL;
    }
    bool grows = new_size > old_size;
    if (grows && s->limiting) {
        if (is_refused(s, old_size, new_size)) return refuse(s, new_size);
        if (new_size - old_size > growth_polled && clua_killed(s)) return NULL;
    }
    void *result = realloc(block, new_size);
    if (result == NULL && grows) return refuse(s, new_size);
    if (result == NULL) result = block; // shrinking never fails
    s->used += new_size - old_size;
    if (s->used > s->peak) s->peak = s->used;
    return result;
}
