/// A Lua state in a process of its own: what both sides say to each other, and how the child shuts itself in.
///
/// The child is the same binary, started again. It reads frames from descriptor 3, does what they say with the
/// functions of CLua.h, and answers. After it has shut itself in, it can compute, and use this descriptor, and nothing
/// else.
#ifndef CLUA_CHILD_H
#define CLUA_CHILD_H

#include "CLua.h"

#include <sys/types.h>

#pragma clang assume_nonnull begin

/// How many texts a frame has room for.
#define CLUA_FRAME_TEXTS 6

/// What a frame asks for, or says.
typedef enum __attribute__((enum_extensibility(closed))) clua_frame_kind : uint8_t {
    // From the host.
    CLUA_FRAME_NEW = 1,       // texts: limits (clua_limits), names of leafs
    CLUA_FRAME_LOAD,          // number: nanoseconds; texts: source, module, chunk name
    CLUA_FRAME_MANIFEST,      // number: nanoseconds; texts: module
    CLUA_FRAME_ARGUMENT,      // first: clua_argument_kind; texts: the three of clua_argument_add. No answer
    CLUA_FRAME_CALL,          // number: nanoseconds; texts: module, path
    CLUA_FRAME_START,         // likewise
    CLUA_FRAME_RESUME,        // first: whether it is raised; second: whether it is replayed
    CLUA_FRAME_CONTEXT,       // texts: name of a member
    CLUA_FRAME_LOG,           // answered by a line each, then done
    CLUA_FRAME_LEAF_ANSWER,   // first: whether it is done; texts: result, or an error's text
    // From the child.
    CLUA_FRAME_DONE = 32,     // texts: output
    CLUA_FRAME_REQUEST,       // texts: output, operation
    CLUA_FRAME_FAILED,        // first: clua_kind; second: undecodable; number: line; texts: those of clua_failure
    CLUA_FRAME_LEAF,          // texts: name, arguments
    CLUA_FRAME_LOG_LINE,      // first: level; number: line; texts: text, file
} clua_frame_kind;

/// The head of a frame; its texts follow, one after the other.
typedef struct clua_frame {
    clua_frame_kind kind;
    uint8_t first, second, unused[5];
    int64_t number;
    uint32_t counts[CLUA_FRAME_TEXTS];
} clua_frame;

/// The child's whole life: shuts itself in, then serves frames until the host closes its end. Gives the exit status.
int clua_child_main(void);

/// Starts `path` with one argument and nothing but a socket at descriptor 3; the host's end in `descriptor`.
/// Gives 0, or an errno.
int clua_child_spawn(const char *path, const char *argument, int *descriptor, pid_t *process);

/// How long the other side is waited for: until the process has used CPU time up to `due` on its own clock, or has used
/// none in `looks` seconds of ours. A process that gets little of a busy machine is slow, and no more; nor does the time
/// count in which both were stopped.
typedef struct clua_patience {
    pid_t process;
    int64_t due; // nanoseconds
    int looks;
} clua_patience;

/// CPU time that a process has used, in nanoseconds; 0 if that cannot be told.
int64_t clua_process_time(pid_t process);

/// Reads or writes all of `count` bytes; false at the end of the stream, on an error, or when patience ends (NULL: never).
bool clua_read_all(int descriptor, void *bytes, size_t count, const clua_patience *_Nullable patience);
bool clua_write_all(int descriptor, const void *bytes, size_t count, const clua_patience *_Nullable patience);

/// Ends the child and takes its status away; the number of the signal that ended it, or 0.
int clua_child_end(pid_t process, int descriptor);

#pragma clang assume_nonnull end

#endif
