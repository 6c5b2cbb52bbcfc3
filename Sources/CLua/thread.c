// A thread with a stack of a chosen size.
#include "internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct start {
    void (*body)(void *context);
    void *context;
    char name[16];
} start;

static void *run(void *argument) {
    start begun = *(start *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), begun.name);
    begun.body(begun.context);
    return NULL;
}

bool clua_thread_start(const char *name, size_t stack, void (*body)(void *context), void *context) {
    pthread_attr_t attributes;
    pthread_t thread;
    start *begun = calloc(1, sizeof *begun);
    if (begun == NULL || pthread_attr_init(&attributes) != 0) {
        free(begun);
        return false;
    }
    begun->body = body;
    begun->context = context;
    strncpy(begun->name, name, sizeof begun->name - 1);
    bool is_set = pthread_attr_setstacksize(&attributes, stack) == 0
        && pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0;
    bool is_started = is_set && pthread_create(&thread, &attributes, run, begun) == 0;
    pthread_attr_destroy(&attributes);
    if (!is_started) free(begun);
    return is_started;
}

int32_t clua_thread_clock(void) {
    clockid_t clock;
    return pthread_getcpuclockid(pthread_self(), &clock) == 0 ? clock : 0;
}

int64_t clua_thread_clock_time(int32_t clock) {
    struct timespec time;
    // 0 is the clock on the wall, which never stands for a thread.
    if (clock == 0 || clock_gettime(clock, &time) != 0) return 0;
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}
