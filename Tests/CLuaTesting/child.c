// The test program as its own child: started with one of these arguments, it never comes to its tests.
#include "CLuaTesting.h"
#include "child.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Takes the first thing that is asked, and ends otherwise than by an answer.
static void fail_at_first_frame(void (*way)(void)) {
    clua_frame frame;
    if (clua_child_shut_in() && clua_read_all(CLUA_CHILD_DESCRIPTOR, &frame, sizeof frame, NULL)) way();
    _exit(1);
}

static void crash(void) { __builtin_trap(); }

static void reach_out(void) { (void)syscall(SYS_getppid); }

static void hang(void) {
    for (volatile int turn = 0;; turn ^= 1) {}
}

static void leave(void) { _exit(0); }

__attribute__((constructor)) static void live_as_child(int count, char **arguments) {
    if (count != 2) return;
    if (strcmp(arguments[1], "isolated-plugin") == 0) _exit(clua_child_main());
    if (strcmp(arguments[1], "child-that-crashes") == 0) fail_at_first_frame(crash);
    if (strcmp(arguments[1], "child-that-reaches-out") == 0) fail_at_first_frame(reach_out);
    if (strcmp(arguments[1], "child-that-hangs") == 0) fail_at_first_frame(hang);
    if (strcmp(arguments[1], "child-that-leaves") == 0) fail_at_first_frame(leave);
}
