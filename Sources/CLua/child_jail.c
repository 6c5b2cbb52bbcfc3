// How the child shuts itself in: nothing but memory, time and its one descriptor is left.
#include "child.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define JAIL_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define JAIL_ARCH AUDIT_ARCH_AARCH64
#else
#error "the filter of system calls has to be told about this processor"
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define ARGUMENT(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (n)))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
// Goes on behind the next `count` statements unless the value is `k`.
#define UNLESS(k, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(k), 0, count)
#define CALL(name) UNLESS(__NR_##name, 1), ALLOW
// Reads and writes go to the one descriptor.
#define ON_SOCKET(name) UNLESS(__NR_##name, 4), ARGUMENT(0), UNLESS(CLUA_CHILD_DESCRIPTOR, 1), ALLOW, KILL
// Memory never becomes code.
#define NOT_EXECUTABLE(name) \
    UNLESS(__NR_##name, 4), ARGUMENT(2), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0), ALLOW, KILL

static struct sock_filter filter[] = {
    LOAD(arch), UNLESS(JAIL_ARCH, 1), LOAD(nr), UNLESS(0xFFFFFFFF, 0),
    ON_SOCKET(read), ON_SOCKET(write),
    // The last of these is of the first thread, which may still be making the second.
    CALL(futex), CALL(clock_gettime), CALL(exit), CALL(exit_group), CALL(rt_sigprocmask),
    // The timer that asks for looks at the limits was made before.
    CALL(timer_settime), CALL(rt_sigreturn),
    CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise), NOT_EXECUTABLE(mmap), NOT_EXECUTABLE(mprotect),
    KILL,
};

static bool limit(int resource, rlim_t most) {
    struct rlimit bounds = {most, most};
    return setrlimit((__rlimit_resource_t)resource, &bounds) == 0;
}

// A crash is to show as what it is: handlers that want to report it would trip over the filter.
static void forget_handlers(void) {
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) signal(crashes[i], SIG_DFL);
}

bool clua_child_shut_in(void) {
    forget_handlers();
    // It ends with its host by itself, as soon as it has nothing to compute: its descriptor is closed then. (A signal
    // at the parent's death would come with the end of the thread that started the child.)
    if (prctl(PR_SET_DUMPABLE, 0) != 0) return false;
    if (close_range(0, CLUA_CHILD_DESCRIPTOR - 1, 0) != 0 || close_range(CLUA_CHILD_DESCRIPTOR + 1, ~0U, 0) != 0) return false;
    bool is_limited = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0)
        && limit(RLIMIT_NOFILE, CLUA_CHILD_DESCRIPTOR + 1) && limit(RLIMIT_DATA, CLUA_CHILD_MEMORY);
    if (!is_limited || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}
