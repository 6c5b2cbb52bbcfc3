// What the files of this target share. Nothing here is seen by Swift.
#ifndef CLUA_INTERNAL_H
#define CLUA_INTERNAL_H

#include "CLua.h"

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>

#if LUA_VERSION_RELEASE_NUM < 50404
#error "Lua 5.4.4 or later is needed"
#endif

#define CLUA_DEPTH 100        // levels of JSON
#define CLUA_MESSAGE 4096     // bytes of a message
#define CLUA_TRACE_LEVELS 10
#define CLUA_BIG_STRING 4096  // library functions poll for strings above this
#define CLUA_CHUNKS 16        // sources per state
#define CLUA_PROTECTED_CALLS 190 // nested

// A growable byte buffer that the state owns, so that it survives a longjmp.
struct clua_buffer {
    uint8_t *bytes;
    size_t count, capacity;
};

// A table's key while keys are put in order. Strings point into the table.
typedef struct clua_key {
    enum { KEY_NUMBER, KEY_STRING, KEY_BOOLEAN, KEY_OTHER } kind;
    bool is_integer;
    lua_Integer integer;
    lua_Number number;
    const char *text;
    size_t count;    // of text
    uint64_t prefix; // its first eight bytes, as a number of the same order
    size_t position; // in the order of lua_next
    size_t rank;     // in order, of the key that lua_next gives as this one
} clua_key;

// What makes two keys the same: kind and value, or kind and address.
typedef struct clua_identity {
    int type; // LUA_T…, or IDENTITY_INTEGER
    union {
        const void *pointer;
        lua_Integer integer;
        lua_Number number;
    };
} clua_identity;
#define IDENTITY_INTEGER 100

// An order of keys, which are given as lua_next gave them.
typedef struct clua_order {
    clua_identity *keys;
    size_t count, capacity;
} clua_order;

typedef struct clua_argument {
    clua_argument_kind kind;
    clua_buffer parts[3];
} clua_argument;

typedef struct clua_chunk {
    char *name;        // as the host gave it
    char short_name[LUA_IDSIZE]; // as Lua writes it into messages
} clua_chunk;

typedef enum clua_kill { KILL_NONE, KILL_MEMORY, KILL_TIME, KILL_CANCELLED, KILL_LIMIT } clua_kill;

// What one entry is about; its bytes belong to the caller of the entry.
typedef struct clua_task {
    clua_bytes source, module, chunk_name, path;
    bool raising;
} clua_task;

struct clua_state {
    lua_State *L;
    lua_State *script; // NULL unless one is suspended or runs; anchored in the registry
    clua_limits limits;
    clua_flag *flag;
    clua_leaf leaf;
    void *leaf_context;

    // limits.c
    size_t used, peak, refusals, entry_refusals, refused_size;
    lua_State *volatile running; // the thread whose hook looks at the limits; read by a signal handler
    bool ticks;                  // a timer asks for the hook; else it counts instructions
    volatile bool is_due;        // a tick came, and the clock was not looked at since
    bool limiting;
    bool armed; // inside an entry
    clua_kill kill;
    int protected_calls, script_protected_calls; // nested, outside of the script's thread and on it
    const char *kill_text;
    int64_t cpu_start, budget, wall_due, looked_at;
    int hook_every; // instructions between two looks, at present
    int64_t script_budget, script_spent, entry_spent;
    uint64_t hooks, host_calls, allocations, refuse_from, refuse_count;
    bool replayed;

    // entry.c, failure.c
    clua_task task;
    clua_argument *arguments;
    size_t argument_count, argument_capacity;
    clua_result result;
    bool failed;
    clua_kind kind, stage_kind; // of the failure; of an error that is raised outside plugin code
    bool undecodable;
    int line, function_line;
    const char *function_file;
    clua_buffer output, operation, message, file, trace, thrown_kind, hint;
    clua_chunk chunks[CLUA_CHUNKS];
    size_t chunk_count;

    // libraries
    clua_buffer scratch;   // decoded strings, leaf results; never kept over a call into Lua
    clua_buffer log;
    size_t log_used;
    bool decodes_xml; // there is a leaf for it
    clua_key *keys; // scratch of key_order.c
    size_t key_count, key_capacity;
    clua_order order; // the last one; its list is in the registry
    const void *array_mark, *object_mark; // identity of the metatables
    lua_Integer function_count;           // functions of the arguments of the pending request
};

// Registry keys: their addresses.
extern const char clua_modules, clua_functions, clua_script_key, clua_context_key, clua_array_key, clua_object_key,
    clua_next_key, clua_order_key, clua_environment_key, clua_pinned_key, clua_string_key;
// Keys inside metatables: the table behind a read-only one; the table a metatable was copied from.
extern const char clua_real_key, clua_original_key;

static inline clua_state *clua_of(lua_State *L) { return *(clua_state **)lua_getextraspace(L); }
static inline clua_bytes clua_view(const clua_buffer *b) { return (clua_bytes){b->bytes, b->count}; }

// buffer.c
bool clua_buffer_reserve(clua_buffer *buffer, size_t more);
void clua_buffer_free(clua_buffer *buffer);
static inline bool clua_buffer_byte(clua_buffer *b, char c) { return clua_buffer_append(b, (const uint8_t *)&c, 1); }
bool clua_buffer_text(clua_buffer *buffer, const char *text);
void clua_buffer_sanitized(clua_buffer *buffer, const char *text, size_t count, size_t limit);

// utf8.c
size_t clua_utf8_length(const uint8_t *bytes, size_t count); // of the valid character at `bytes`; 0 if invalid
bool clua_utf8_valid(const uint8_t *bytes, size_t count);
size_t clua_utf8_write(uint8_t *out, uint32_t scalar);

// limits.c
void *clua_allocate(void *state, void *block, size_t old_size, size_t new_size);
void clua_arm(clua_state *s, int64_t nanoseconds);
int64_t clua_disarm(clua_state *s); // CPU used since armed
bool clua_killed(clua_state *s);    // polls; true if the state must stop
void clua_poll(lua_State *L);       // polls and raises
_Noreturn void clua_raise_kill(lua_State *L);
_Noreturn void clua_kill_limit(lua_State *L, const char *text);
void clua_set_hook(lua_State *L);   // of the thread that is about to run
void clua_ask_hook(clua_state *s);  // at the next instruction
void clua_tick(clua_state *s);      // the same, and the clock is looked at; for a signal handler of the state's thread
static inline void clua_poll_size(lua_State *L, size_t bytes) {
    if (bytes > CLUA_BIG_STRING) clua_poll(L);
}

// tick.c
void clua_tick_prepare(void);           // makes the calling thread's timer beforehand
bool clua_tick_begin(clua_state *s);    // from now on; false if there can be no ticks
void clua_tick_end(void);

// failure.c
void clua_failure_reset(clua_state *s);
void clua_failure_kill(clua_state *s);
void clua_failure_status(clua_state *s, lua_State *L, int status); // describes the error on top of L
void clua_failure_text(clua_state *s, clua_kind kind, const char *text);
int clua_message_handler(lua_State *L);
void clua_trace(clua_state *s, lua_State *L, int level); // from this level on

// json_scan.c
typedef struct clua_scanner {
    const uint8_t *start, *at, *end;
    const char *error;
    size_t error_offset;
    clua_buffer *scratch; // strings with escapes, appended
} clua_scanner;
typedef enum clua_number { NUMBER_BAD, NUMBER_INTEGER, NUMBER_REAL, NUMBER_DIGITS } clua_number;
void clua_scan_begin(clua_scanner *scanner, clua_bytes document, clua_buffer *scratch);
void clua_scan_space(clua_scanner *scanner);
bool clua_scan_fail(clua_scanner *scanner, const char *error); // always false
// A string at `at`; the result points into the document, or is a range of scratch (text NULL, offset instead).
typedef struct clua_scanned { const uint8_t *text; size_t offset, count; } clua_scanned;
bool clua_scan_string(clua_scanner *scanner, clua_scanned *result);
clua_number clua_scan_number(clua_scanner *scanner, int64_t *integer, double *real, clua_scanned *digits);
bool clua_scan_word(clua_scanner *scanner, const char *word);

// json_decode.c
// Pushes the value and returns true, or pushes the error's text and returns false. `top_nulls` keeps nulls of the
// outermost object as agent.json.null.
bool clua_decode(lua_State *L, clua_bytes document, bool top_nulls);
// Pushes the value, raises an error if there is none.
void clua_decode_or_raise(lua_State *L, clua_bytes document, const char *what);

// json_encode.c
typedef enum clua_encoding {
    ENCODE_JSON,      // strictly JSON
    ENCODE_RESULT,    // host JSON without functions
    ENCODE_ARGUMENTS, // host JSON, functions become handles
    ENCODE_MANIFEST,  // host JSON, functions become paths
} clua_encoding;
void clua_encode(lua_State *L, int index, clua_encoding encoding, clua_buffer *out);
void clua_encode_list(lua_State *L, int first, int last, clua_encoding encoding, clua_buffer *out);
void clua_push_mark(lua_State *L, bool array); // pushes the metatable
bool clua_write_string(clua_buffer *out, const char *text, size_t count); // false without memory

// key_order.c
void clua_keys_add(lua_State *L, int key_index);
void clua_keys_sort(lua_State *L, size_t first); // keys[first...]
void clua_push_ordered_keys(lua_State *L, int table_index); // pushes a list that nobody may change
lua_Integer clua_key_count(lua_State *L, int table_index);
void clua_forget_order(clua_state *s);

// log.c
void clua_log_write(clua_state *s, lua_State *L, int level, const char *text, size_t count); // may kill at the quota

// base64.c
bool clua_base64_encode(clua_buffer *out, const uint8_t *bytes, size_t count, bool url);
bool clua_base64_decode(clua_buffer *out, const uint8_t *text, size_t count);

// environment.c and the libraries; each clua_open_… pushes one table
void clua_build_environment(lua_State *L, clua_bytes leafs);
void clua_push_readonly(lua_State *L, const char *name); // pops a table, pushes what stands before it
bool clua_push_real(lua_State *L, int index);            // pushes the table behind a read-only one, if it is one
void clua_check_writable(lua_State *L, int index);
void clua_add_poll(lua_State *L, int table, const char *name); // before the stock function of that name
void clua_tostring(lua_State *L, int index); // pushes text without addresses
void clua_add_base(lua_State *L, int environment);
void clua_open_string(lua_State *L);
void clua_open_table(lua_State *L);
void clua_open_agent(lua_State *L, clua_bytes leafs);
void clua_open_json(lua_State *L);
void clua_open_base64(lua_State *L);
void clua_open_url(lua_State *L);
void clua_open_log(lua_State *L);
void clua_add_leafs(lua_State *L, int agent, clua_bytes names);
void clua_call_leaf(lua_State *L, const char *name, int first, int last); // pushes one result, or raises

// entry.c, context.c, response.c
clua_result clua_enter(clua_state *s, lua_CFunction body, int64_t nanoseconds, int64_t *spent);
void clua_push_module(lua_State *L, clua_bytes name); // pushes its value, or raises
void clua_push_arguments(lua_State *L); // pushes all, returns nothing
void clua_push_response(lua_State *L, const clua_argument *argument);
void clua_push_context(lua_State *L, const clua_argument *argument);

#endif
