// A look at the limits every ten milliseconds of the thread's processor time, without counting instructions: a hook that counts makes each of them
// twice as slow. A timer of the thread sends it a signal, whose handler asks for the hook, as lua.c does for an
// interrupt; the hook then runs at the next instruction, however long the one before it took.
//
// The signal is a real-time one that had no handler, and goes to this thread only. No other thread is interrupted; what
// the process starts inherits neither handler nor timer, and no mask is changed but that of threads of Lua, which had
// the signal unblocked anyway.
#include "internal.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

// ThreadSanitizer holds signals back until the thread calls into something that it knows, which Lua code need not do.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CLUA_NO_TICKS
#endif
#endif

static const long interval = 10 * 1000000;

// A thread's timer. Its signal carries the address: to ask for a thread-local variable may allocate, which a handler
// must not.
typedef struct ticker {
    timer_t timer;
    clua_state *volatile state; // NULL outside of entries
} ticker;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t tickers; // of threads; they end with them
static int signal_number;     // 0 if there can be no ticks

static void on_signal(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    if (info->si_code != SI_TIMER) return; // somebody else's, who may send what he likes
    clua_state *s = ((ticker *)info->si_value.sival_ptr)->state;
    if (s != NULL) clua_tick(s);
}

static void change_mask(int how) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    pthread_sigmask(how, &set, NULL);
}

static void end_ticker(void *given) {
    change_mask(SIG_BLOCK); // a signal on its way must not find what is freed
    timer_delete(((ticker *)given)->timer);
    free(given);
}

// A real-time signal that nobody handles, from the last but some on; 0 if there is none.
static int take_signal(void) {
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_RESTART | SA_SIGINFO}, present;
    sigemptyset(&action.sa_mask);
    for (int number = SIGRTMAX - 3; number >= SIGRTMIN; number--) {
        if (sigaction(number, NULL, &present) != 0 || (present.sa_flags & SA_SIGINFO) != 0) continue;
        if (present.sa_handler == SIG_DFL && sigaction(number, &action, NULL) == 0) return number;
    }
    return 0;
}

static void prepare(void) {
#ifndef CLUA_NO_TICKS
    if (pthread_key_create(&tickers, end_ticker) == 0) signal_number = take_signal();
#endif
}

// The calling thread's one, made at first use; NULL if there can be none.
static ticker *ticker_of_thread(void) {
    pthread_once(&once, prepare);
    if (signal_number == 0) return NULL;
    ticker *t = pthread_getspecific(tickers);
    if (t != NULL) return t;
    t = calloc(1, sizeof *t);
    if (t == NULL) return NULL;
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = signal_number, .sigev_value = {.sival_ptr = t},
    };
    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    // Not the wall's time: a thread that seldom gets a processor would do nothing but answer ticks, each of which goes
    // through all calls that are under way.
    if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &t->timer) != 0) {
        free(t);
        return NULL;
    }
    if (pthread_setspecific(tickers, t) != 0) {
        end_ticker(t);
        return NULL;
    }
    change_mask(SIG_UNBLOCK);
    return t;
}

void clua_tick_prepare(void) { (void)ticker_of_thread(); }

bool clua_tick_begin(clua_state *s) {
    ticker *t = ticker_of_thread();
    if (t == NULL) return false;
    // A short budget has its end looked at in time.
    long first = s->budget < interval ? (long)s->budget + 100000 : interval;
    struct itimerspec every = {.it_interval = {.tv_nsec = interval}, .it_value = {.tv_nsec = first}};
    t->state = s;
    if (timer_settime(t->timer, 0, &every, NULL) == 0) return true;
    t->state = NULL;
    return false;
}

void clua_tick_end(void) {
    ticker *t = ticker_of_thread();
    if (t == NULL) return;
    struct itimerspec never = {0};
    t->state = NULL;
    timer_settime(t->timer, 0, &never, NULL);
}
