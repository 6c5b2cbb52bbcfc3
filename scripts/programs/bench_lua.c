// CPU time of honest code in the sandbox and in stock Lua, in turns; the ratio of the medians.
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_ROUNDS 99

typedef struct work {
    const char *group, *name, *source; // the body of a function
    const char *stock;                 // what takes its place in stock Lua, if that is another
} work;

static const work works[] = {
    {"loops", "sum of numbers", "local n = 0 for i = 1, 3000000 do n = n + i end return n", NULL},
    {"loops", "while with a condition",
     "local i, n = 0, 0 while i < 1000000 do i = i + 1 if i % 3 == 0 then n = n + i end end return n", NULL},
    {"loops", "calls", "local function f(a, b) return a + b end local n = 0 for i = 1, 500000 do n = f(n, i) end return n", NULL},
    {"loops", "fields", "local t = { n = 0 } for i = 1, 1000000 do t.n = t.n + i end return t.n", NULL},
    {"strings", "format and concat",
     "local t = {} for i = 1, 30000 do t[i] = string.format('%s-%05d', 'run', i) end return #table.concat(t, ',')", NULL},
    {"strings", "gsub", "local s = ('word = value, '):rep(5000) for i = 1, 5 do s:gsub('(%w+) = (%w+)', '%2 = %1') end return #s", NULL},
    {"strings", "gmatch", "local s, n = ('key=value&'):rep(20000), 0 for k, v in s:gmatch('(%w+)=(%w+)') do n = n + #v end return n", NULL},
    {"strings", "find and sub",
     "local s, at, n = ('a,bc,def;'):rep(5000), 1, 0 while true do local b, e = s:find('[,;]', at) if not b then break end "
     "n = n + #s:sub(at, b - 1) at = e + 1 end return n", NULL},
    {"strings", "upper and lower", "local n = 0 for i = 1, 60000 do n = n + #(('Status' .. i):lower():upper()) end return n", NULL},
    {"tables", "fill and read",
     "local n = 0 for r = 1, 20 do local t = {} for i = 1, 20000 do t[i] = i end for i = 1, #t do n = n + t[i] end end return n", NULL},
    {"tables", "records", "local t = {} for i = 1, 60000 do t[i] = { id = i, name = 'n' .. i } end local n = 0 for i, r in ipairs(t) do n = n + r.id end return n", NULL},
    {"tables", "insert and remove", "local t = {} for i = 1, 200000 do table.insert(t, i) end while #t > 0 do table.remove(t) end return #t", NULL},
    {"tables", "sort", "local t = {} for i = 1, 30000 do t[i] = i * 7919 % 30011 end table.sort(t) return t[1]", NULL},
    {"tables", "sort strings",
     "local t = {} for i = 1, 10000 do t[i] = 'name ' .. i * 7919 % 10007 end table.sort(t) return t[1]", NULL},
    {"tables", "sort by function",
     "local t = {} for i = 1, 10000 do t[i] = { v = i * 7919 % 10007 } end table.sort(t, function(a, b) return a.v < b.v end) return t[1].v", NULL},
    {"tables", "walk with ipairs", "local t, n = {}, 0 for i = 1, 1000 do t[i] = i end for r = 1, 300 do for i, v in ipairs(t) do n = n + v end end return n", NULL},
    // pairs goes in a fixed order here: what that costs, and what it costs to have it in stock Lua.
    {"pairs", "keys",
     "local t, n = {}, 0 for i = 1, 200 do t['key' .. i] = i end for r = 1, 300 do for k, v in pairs(t) do n = n + v end end return n", NULL},
    {"pairs", "keys of records",
     "local n = 0 for i = 1, 20000 do local r = { id = i, name = 'x', state = 1, size = i } for k, v in pairs(r) do n = n + #k end end return n", NULL},
    {"pairs", "lists",
     "local t, n = {}, 0 for i = 1, 1000 do t[i] = i end for r = 1, 300 do for i, v in pairs(t) do n = n + v end end return n", NULL},
    {"pairs", "keys, sorted in both",
     "local t, n = {}, 0 for i = 1, 200 do t['key' .. i] = i end for r = 1, 300 do for k, v in pairs(t) do n = n + v end end return n",
     "local t, n = {}, 0 for i = 1, 200 do t['key' .. i] = i end for r = 1, 300 do local keys = {} "
     "for k in pairs(t) do keys[#keys + 1] = k end table.sort(keys) for _, k in ipairs(keys) do n = n + t[k] end end return n"},
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void fail(const char *name, const char *text) {
    fprintf(stderr, "%s: %s\n", name, text);
    exit(1);
}

// A function that does the work is left on the stack.
static lua_State *open_stock(const work *w) {
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    if (luaL_loadstring(L, w->stock != NULL ? w->stock : w->source) != LUA_OK) fail(w->name, lua_tostring(L, -1));
    return L;
}

static double run_stock(const work *w) {
    lua_State *L = open_stock(w);
    double begin = now();
    if (lua_pcall(L, 0, 1, 0) != LUA_OK) fail(w->name, lua_tostring(L, -1));
    double used = now() - begin;
    lua_close(L);
    return used;
}

static double run_ours(const work *w) {
    clua_limits limits = {
        .memory = 32 << 20, .block = 16 << 20, .source = 64 << 10, .output = 8 << 20, .log = 1 << 20, .host_calls = 1,
    };
    clua_flag *flag = clua_flag_new();
    clua_state *s = clua_new(&limits, flag, (clua_bytes){(const uint8_t *)"[]", 2}, NULL, NULL);
    char source[2048];
    snprintf(source, sizeof source, "return { f = function() %s end }", w->source);
    clua_bytes module = {(const uint8_t *)"m", 1}, path = {(const uint8_t *)"[\"f\"]", 5};
    clua_result result = clua_load(s, (clua_bytes){(const uint8_t *)source, strlen(source)}, module, module, 1000000000);
    double begin = now();
    if (result == CLUA_DONE) result = clua_call(s, module, path, 10000000000);
    double used = now() - begin;
    if (result != CLUA_DONE) fail(w->name, (const char *)clua_last_failure(s).message.bytes);
    clua_free(s);
    clua_flag_release(flag);
    return used;
}

static int by_size(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static double median(double *times, int count) {
    qsort(times, (size_t)count, sizeof *times, by_size);
    return times[count / 2];
}

int main(int count, char **arguments) {
    int rounds = count > 1 ? atoi(arguments[1]) : 15;
    if (rounds < 1 || rounds > MOST_ROUNDS) rounds = MOST_ROUNDS;
    printf("%-8s %-24s %9s %9s %7s\n", "", "", "stock", "sandbox", "ratio");
    for (size_t i = 0; i < sizeof works / sizeof *works; i++) {
        double stock[MOST_ROUNDS], ours[MOST_ROUNDS];
        for (int round = -1; round < rounds; round++) { // the first one warms up
            double first = run_stock(&works[i]), second = run_ours(&works[i]);
            if (round >= 0) stock[round] = first;
            if (round >= 0) ours[round] = second;
        }
        double first = median(stock, rounds), second = median(ours, rounds);
        printf("%-8s %-24s %6.2f ms %6.2f ms %7.2f\n", works[i].group, works[i].name, first, second, second / first);
    }
    return 0;
}
