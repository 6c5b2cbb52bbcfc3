/// A sandboxed Lua 5.4 state behind an opaque type: bytes go in, bytes come out.
///
/// Swift imports this header only, never lua.h. No Lua error leaves these functions: each runs inside one
/// protected call and answers with a result. A state belongs to one thread at a time; only `clua_flag` may be
/// used from any thread.
///
/// Values cross as UTF-8 JSON. What Lua hands to the host (manifests, results, arguments of primitives) is
/// *host JSON*, which is JSON with these additions:
///
///   {"$fn": ["poll", "classify"]}   a function, as the keys that lead to it from the module's root. In the
///                                   arguments of a primitive {"$fn": ["#", 1]}: callable until the next resume
///   {"$null": true}                 agent.json.null, in manifests only (elsewhere plain null)
///   {"$bytes": "<base64>"}          a string that is not UTF-8
///   {"[1]": …, "[409]": …, "a": …}  a table with integer keys that is not a list 1..n: integers come first,
///                                   ascending, then names by bytes; "[1]" is never a name
///
/// Lists 1..n are arrays; an empty table is {} unless agent.json.array marked it; names are sorted by bytes.
/// Functions in results, cycles (as depth), NaN and infinities are errors that name the path.
#ifndef CLUA_H
#define CLUA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct clua_state clua_state;
typedef struct clua_flag clua_flag;
typedef struct clua_buffer clua_buffer;

/// Bytes that somebody else owns; `bytes` may be NULL if `count` is 0.
typedef struct clua_bytes {
    const uint8_t *_Nullable bytes;
    size_t count;
} clua_bytes;

typedef enum __attribute__((enum_extensibility(closed))) clua_result {
    CLUA_DONE,     // clua_output has the JSON
    CLUA_REQUEST,  // a script waits: clua_operation has the name, clua_output the JSON of its argument list
    CLUA_FAILED,   // clua_last_failure says why
} clua_result;

typedef enum __attribute__((enum_extensibility(closed))) clua_kind {
    CLUA_SYNTAX,
    CLUA_RUNTIME,
    CLUA_MEMORY,
    CLUA_TIME,
    CLUA_CANCELLED,
    CLUA_USAGE,
    CLUA_LIMIT,
} clua_kind;

typedef struct clua_limits {
    size_t memory;       // bytes the Lua heap may hold
    size_t block;        // bytes of its largest block
    size_t source;       // bytes of one source
    size_t output;       // bytes of one JSON text, either way
    size_t log;          // bytes of log text per call or script
    uint64_t host_calls; // primitives a script may call
} clua_limits;

/// Why an entry failed; the bytes are valid until the next entry. `line` is 0 if unknown.
typedef struct clua_failure {
    clua_kind kind;
    clua_bytes message;
    clua_bytes file;
    int line;
    clua_bytes trace;
    clua_bytes thrown_kind; // `kind` of a table that was raised
    clua_bytes hint;        // `hint` of a table that was raised
    bool undecodable;       // response.json or response.xml was asked of a body that is neither, in this entry
} clua_failure;

typedef struct clua_statistics {
    size_t used, peak, refusals;
    uint64_t hooks, host_calls;
    int64_t script_time; // nanoseconds of CPU the script has used
    int64_t entry_time;  // nanoseconds of CPU the last entry has used
} clua_statistics;

typedef struct clua_log_line {
    int level; // 0 debug, 1 info, 2 warning, 3 error
    int line;  // 0 if unknown
    clua_bytes file;
    clua_bytes text;
} clua_log_line;

/// A function of the host behind agent.<group>.<name>: gets its arguments as host JSON in an array and appends
/// the result as JSON, or appends an error's text and returns false. Must not touch the state.
typedef bool (*clua_leaf)(
    void *_Nullable context, const char *name, const uint8_t *arguments, size_t count, clua_buffer *result);

/// Appends to what a leaf gives back; false if there is no memory.
bool clua_buffer_append(clua_buffer *buffer, const uint8_t *_Nullable bytes, size_t count);

// A cancel flag has its own life, so that who cancels may outlive the state.
clua_flag *_Nullable clua_flag_new(void);
void clua_flag_retain(clua_flag *flag);
void clua_flag_release(clua_flag *flag);
void clua_flag_set(clua_flag *flag);
bool clua_flag_is_set(const clua_flag *flag);

/// Makes a state whose environment is the allow-list plus leafs ("time.parse" becomes agent.time.parse), given as
/// a JSON array of names; NULL if there is no memory.
clua_state *_Nullable clua_new(
    const clua_limits *limits, clua_flag *flag, clua_bytes leafs, clua_leaf _Nullable leaf, void *_Nullable context);
void clua_free(clua_state *state);

/// Compiles a text source, runs it, and keeps the one value it returns under `module`.
clua_result clua_load(
    clua_state *state, clua_bytes source, clua_bytes module, clua_bytes chunk_name, int64_t nanoseconds);

/// The table that a module returned, as host JSON.
clua_result clua_manifest(clua_state *state, clua_bytes module, int64_t nanoseconds);

typedef enum __attribute__((enum_extensibility(closed))) clua_argument_kind {
    CLUA_JSON,     // first: JSON
    CLUA_RESPONSE, // first: head (JSON object: status, headers {name: [values]}, url, json?, xml?); second: body
    CLUA_MODULE,   // first: a module's name; passes the module's value itself
    CLUA_CONTEXT,  // first: JSON object; second: JSON array of primitives; third: JSON object name → refusal
} clua_argument_kind;

/// Adds an argument for the next call, start or resume; copies the bytes. False if there is no memory.
bool clua_argument_add(
    clua_state *state, clua_argument_kind kind, clua_bytes first, clua_bytes second, clua_bytes third);

/// Calls the function at `path` (a JSON array of keys) of a module; its results are a JSON array.
clua_result clua_call(clua_state *state, clua_bytes module, clua_bytes path, int64_t nanoseconds);

/// Calls a function as a script, whose primitives suspend it; `nanoseconds` of CPU are for all its steps together.
clua_result clua_start(clua_state *state, clua_bytes module, clua_bytes path, int64_t nanoseconds);

/// Answers what the script waits for with the one added argument; raised in the script if `raising`.
/// A `replayed` step is neither counted as host call nor charged to the script's time.
clua_result clua_resume(clua_state *state, bool raising, bool replayed);

/// A member of the last context that was passed to a script, or to a call while no script waited, as host JSON
/// ("null" if there is none).
clua_result clua_context_member(clua_state *state, clua_bytes name);

/// What the last entry gave; valid until the next one.
clua_bytes clua_output(const clua_state *state);
clua_bytes clua_operation(const clua_state *state);
clua_failure clua_last_failure(const clua_state *state);
clua_statistics clua_statistics_of(const clua_state *state);

/// The log line at `cursor` (begin with 0), which moves on; false at the end.
bool clua_log_next(const clua_state *state, size_t *cursor, clua_log_line *line);
void clua_log_clear(clua_state *state);

/// For tests: in the next entries the allocation number `from` (1 is the first) and `count` - 1 after it are refused.
void clua_refuse(clua_state *state, uint64_t from, uint64_t count);

/// For tests: the output is a JSON list of all that leads from the environment, through tables, metatables and
/// upvalues, as "_ENV.string.format: function".
clua_result clua_reachable(clua_state *state);

/// Runs `body` on a new detached thread with a stack of its own size; false if there can be none. The system shows
/// 15 bytes of the name.
bool clua_thread_start(
    const char *name, size_t stack, void (*body)(void *_Nullable context), void *_Nullable context);

/// The clock of the calling thread's CPU time, and what such a clock shows, in nanoseconds, to any thread; 0 if there is
/// none.
int32_t clua_thread_clock(void);
int64_t clua_thread_clock_time(int32_t clock);

// MARK: JSON without a state

typedef enum __attribute__((enum_extensibility(closed))) clua_token_kind {
    CLUA_TOKEN_NULL,
    CLUA_TOKEN_FALSE,
    CLUA_TOKEN_TRUE,
    CLUA_TOKEN_INTEGER,
    CLUA_TOKEN_REAL,
    CLUA_TOKEN_DIGITS, // an integer beyond 64 bits: its text, as for a string
    CLUA_TOKEN_STRING, // UTF-8, always valid
    CLUA_TOKEN_ARRAY,  // count elements follow
    CLUA_TOKEN_OBJECT, // count times a string and a value follow
} clua_token_kind;

typedef struct clua_token {
    clua_token_kind kind;
    int64_t integer;
    double real;
    const uint8_t *_Nullable text; // into the document, or into the tape's own memory
    size_t count;
} clua_token;

typedef struct clua_tape clua_tape;

/// Reads a document into tokens in its order; NULL only without memory. Keeps pointers into `document`.
clua_tape *_Nullable clua_tape_new(clua_bytes document, size_t limit);
void clua_tape_free(clua_tape *tape);
size_t clua_tape_count(const clua_tape *tape);
clua_token clua_tape_token(const clua_tape *tape, size_t index);
/// NULL if the document was read; else what is wrong with it, at byte `offset`.
const char *_Nullable clua_tape_error(const clua_tape *tape, size_t *offset);

#pragma clang assume_nonnull end

#include "CLuaChild.h"

#endif
