// The child's side: one state, served frame by frame.
#include "child.h"
#include "internal.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A frame with its texts in one block of memory.
typedef struct message {
    clua_frame head;
    uint8_t *bytes;
    clua_bytes texts[CLUA_FRAME_TEXTS];
} message;

static bool receive(message *message) {
    if (!clua_read_all(CLUA_CHILD_DESCRIPTOR, &message->head, sizeof message->head, NULL)) return false;
    size_t total = 0;
    for (int i = 0; i < CLUA_FRAME_TEXTS; i++) total += message->head.counts[i];
    uint8_t *bytes = realloc(message->bytes, total + 1);
    if (bytes == NULL) return false;
    message->bytes = bytes;
    if (!clua_read_all(CLUA_CHILD_DESCRIPTOR, bytes, total, NULL)) return false;
    for (int i = 0; i < CLUA_FRAME_TEXTS; i++) {
        message->texts[i] = (clua_bytes){bytes, message->head.counts[i]};
        bytes += message->head.counts[i];
    }
    return true;
}

// A host that does not read any more is gone: then there is nobody to answer.
static void say(clua_frame frame, const clua_bytes *texts, int count) {
    for (int i = 0; i < count; i++) frame.counts[i] = (uint32_t)texts[i].count;
    bool is_sent = clua_write_all(CLUA_CHILD_DESCRIPTOR, &frame, sizeof frame, NULL);
    for (int i = 0; i < count && is_sent; i++) {
        is_sent = clua_write_all(CLUA_CHILD_DESCRIPTOR, texts[i].bytes, texts[i].count, NULL);
    }
    if (!is_sent) _exit(1);
}

// Asks the host for a leaf, in the middle of an entry.
static bool ask_leaf(void *context, const char *name, const uint8_t *arguments, size_t count, clua_buffer *result) {
    message *answer = context;
    clua_bytes texts[] = {{(const uint8_t *)name, strlen(name)}, {arguments, count}};
    say((clua_frame){.kind = CLUA_FRAME_LEAF}, texts, 2);
    if (!receive(answer) || answer->head.kind != CLUA_FRAME_LEAF_ANSWER) _exit(1);
    return clua_buffer_append(result, answer->texts[0].bytes, answer->texts[0].count) && answer->head.first;
}

static void say_log(clua_state *state) {
    clua_log_line line;
    size_t cursor = 0;
    while (clua_log_next(state, &cursor, &line)) {
        clua_bytes texts[] = {line.text, line.file};
        clua_frame frame = {.kind = CLUA_FRAME_LOG_LINE, .first = (uint8_t)line.level, .number = line.line};
        say(frame, texts, 2);
    }
    clua_log_clear(state);
    say((clua_frame){.kind = CLUA_FRAME_DONE}, NULL, 0);
}

static void say_result(const clua_state *state, clua_result result) {
    if (result == CLUA_FAILED) {
        clua_failure failure = clua_last_failure(state);
        clua_bytes texts[] = {failure.message, failure.file, failure.trace, failure.thrown_kind, failure.hint};
        clua_frame frame = {
            .kind = CLUA_FRAME_FAILED, .first = (uint8_t)failure.kind, .second = failure.undecodable,
            .number = failure.line,
        };
        say(frame, texts, 5);
        return;
    }
    clua_bytes texts[] = {clua_output(state), clua_operation(state)};
    say((clua_frame){.kind = result == CLUA_REQUEST ? CLUA_FRAME_REQUEST : CLUA_FRAME_DONE}, texts,
        result == CLUA_REQUEST ? 2 : 1);
}

// Does what a frame says; false for one that makes no sense.
static bool serve(clua_state *state, const message *asked) {
    const clua_bytes *texts = asked->texts;
    int64_t number = asked->head.number;
    switch (asked->head.kind) {
    case CLUA_FRAME_LOAD: say_result(state, clua_load(state, texts[0], texts[1], texts[2], number)); return true;
    case CLUA_FRAME_MANIFEST: say_result(state, clua_manifest(state, texts[0], number)); return true;
    case CLUA_FRAME_ARGUMENT:
        return clua_argument_add(state, (clua_argument_kind)asked->head.first, texts[0], texts[1], texts[2]);
    case CLUA_FRAME_CALL: say_result(state, clua_call(state, texts[0], texts[1], number)); return true;
    case CLUA_FRAME_START: say_result(state, clua_start(state, texts[0], texts[1], number)); return true;
    case CLUA_FRAME_RESUME: say_result(state, clua_resume(state, asked->head.first, asked->head.second)); return true;
    case CLUA_FRAME_CONTEXT: say_result(state, clua_context_member(state, texts[0])); return true;
    case CLUA_FRAME_LOG: say_log(state); return true;
    default: return false;
    }
}

static void *live(void *unused) {
    (void)unused;
    message asked = {0}, answer = {0};
    clua_limits limits;
    clua_tick_prepare(); // the jail has no way to make a timer
    if (!clua_child_shut_in() || !receive(&asked)) _exit(1);
    if (asked.head.kind != CLUA_FRAME_NEW || asked.texts[0].count != sizeof limits) _exit(1);
    memcpy(&limits, asked.texts[0].bytes, sizeof limits);
    clua_flag *flag = clua_flag_new();
    clua_state *state = flag == NULL ? NULL : clua_new(&limits, flag, asked.texts[1], ask_leaf, &answer);
    if (state == NULL) _exit(1);
    say((clua_frame){.kind = CLUA_FRAME_DONE}, NULL, 0);
    while (receive(&asked)) {
        if (!serve(state, &asked)) _exit(1);
    }
    _exit(0);
}

int clua_child_main(void) {
    // One arena: to make another, the allocator would ask how many processors there are.
    mallopt(M_ARENA_MAX, 1);
    // Lua recurses in C: it gets a stack as large as in the host.
    pthread_attr_t attributes;
    pthread_t thread;
    if (pthread_attr_init(&attributes) != 0) return 1;
    bool is_started = pthread_attr_setstacksize(&attributes, CLUA_CHILD_STACK) == 0
        && pthread_create(&thread, &attributes, live, NULL) == 0;
    pthread_attr_destroy(&attributes);
    if (!is_started) return 1;
    pthread_join(thread, NULL);
    return 1;
}
