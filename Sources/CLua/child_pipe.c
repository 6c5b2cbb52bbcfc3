// Frames on their way, and the child's begin and end as the host sees them.
#include "child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t clua_process_time(pid_t process) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Waits until the descriptor can go on; false if it never will, or when patience ends.
static bool wait_for(int descriptor, short events, const clua_patience *patience) {
    if (patience == NULL) return true;
    int64_t seen = clua_process_time(patience->process);
    for (int idle = 0; idle < patience->looks;) {
        struct pollfd entry = {descriptor, events, 0};
        int ready = poll(&entry, 1, 1000);
        if (ready > 0) return true;
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) return false;
        int64_t used = clua_process_time(patience->process);
        if (used >= patience->due) return false;
        idle = used == seen ? idle + 1 : 0;
        seen = used;
    }
    return false;
}

bool clua_read_all(int descriptor, void *bytes, size_t count, const clua_patience *patience) {
    uint8_t *at = bytes;
    while (count > 0) {
        if (!wait_for(descriptor, POLLIN, patience)) return false;
        ssize_t done = read(descriptor, at, count);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        at += done;
        count -= (size_t)done;
    }
    return true;
}

bool clua_write_all(int descriptor, const void *bytes, size_t count, const clua_patience *patience) {
    const uint8_t *at = bytes;
    while (count > 0) {
        if (!wait_for(descriptor, POLLOUT, patience)) return false;
        // A child that is gone is an error here, no signal: SIGPIPE is ignored by the host.
        ssize_t done = write(descriptor, at, count);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        at += done;
        count -= (size_t)done;
    }
    return true;
}

int clua_child_spawn(const char *path, const char *argument, int *descriptor, pid_t *process) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&actions);
    if (error == 0) error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        close(ends[0]);
        close(ends[1]);
        return error;
    }
    // Also where the end has that number already: then it only stays open.
    int given = ends[1];
    error = posix_spawn_file_actions_adddup2(&actions, given, CLUA_CHILD_DESCRIPTOR);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, CLUA_CHILD_DESCRIPTOR + 1);
    if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (error == 0) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char *arguments[] = {(char *)path, (char *)argument, NULL};
    char *environment[] = {NULL};
    if (error == 0) error = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (error != 0) close(ends[0]);
    else *descriptor = ends[0];
    return error;
}

int clua_child_end(pid_t process, int descriptor) {
    close(descriptor);
    kill(process, SIGKILL);
    int status = 0;
    pid_t ended;
    do { ended = waitpid(process, &status, 0); } while (ended < 0 && errno == EINTR);
    return ended == process && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
