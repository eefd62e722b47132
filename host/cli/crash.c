/* SPDX-License-Identifier: MIT */
/* crash.c - a plugin that crashes, or ends the process, leaves a result. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/alloc.h"
#include "cli/crash.h"
#include "cli/sentence.h"
#include "cli/output/stdout.h"
#include "common/macros.h"

/* Seconds that the kernel may take to write a core file. */
#define CORE_SECONDS 60u

/* Bytes of the stack of the handler: the view, a record and a result need some
 * tens of KiB. */
#define HANDLER_STACK ((size_t) 256 << 10)

#define SENTENCE_MAX 300

static const struct crash_owner *_Atomic current;
static _Atomic int is_ending;

static const struct {
	int signo;
	const char *name;
} crashes[] = {
	{ SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" },	{ SIGFPE, "SIGFPE" },
	{ SIGILL, "SIGILL" },	{ SIGABRT, "SIGABRT" }, { SIGTRAP, "SIGTRAP" },
	{ SIGSYS, "SIGSYS" },
};

/* ---- the end of the process ---- */

static void
on_alarm (int signo)
{
	(void) signo;
	_exit (STATUS_HOST);
}

static void
limit_time (unsigned int seconds)
{
	struct sigaction action = { .sa_handler = on_alarm };
	sigset_t set;

	sigaction (SIGALRM, &action, NULL);
	sigemptyset (&set);
	sigaddset (&set, SIGALRM);
	pthread_sigmask (SIG_UNBLOCK, &set, NULL);
	alarm (seconds);
}

void
crash_is_survived (void)
{
	alarm (0);
}

static int
end (const struct crash_owner *o, int crashed, const char *text)
{
	int status;

	limit_time (o->seconds);
	cli_alloc_leave_malloc ();
	status = o->end (o->user, crashed, text);
	alarm (0);
	return stdout_finish (o->who, status);
}

void
crash_end_hung (const char *text)
{
	const struct crash_owner *o = atomic_load (&current);

	atomic_store (&is_ending, 1);
	_exit (end (o, 0, text));
}

void
crash_describe (const struct lhk_callback *callback, char *to, size_t size)
{
	const char *name = lhk_callback_name (callback->callback);

	if (callback->line != 0)
		snprintf (to, size, "%s, line %" PRIu64, name, callback->line);
	else
		snprintf (to, size, "%s", name);
}

/* ---- a callback that crashes, or ends the process ---- */

/* The callback that this thread, the main one, is in.  NULL: none, or the process
 * is being ended already. */
static const struct crash_owner *
find_callback (struct lhk_callback *ret)
{
	const struct crash_owner *o = atomic_load (&current);

	if (o == NULL || getpid () != (pid_t) syscall (SYS_gettid)
	    || !lhk_host_callback (o->host, ret) || ret->in_host
	    || atomic_exchange (&is_ending, 1))
		return NULL;
	return o;
}

/* As fork, but nothing of the C library is touched. */
static pid_t
fork_bare (void)
{
#ifdef __s390__
	return (pid_t) syscall (SYS_clone, 0, SIGCHLD, 0, 0, 0);
#else
	return (pid_t) syscall (SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

/* A child dies of the signal in our place, with the same memory and the same
 * stack, so that there is a core file as ever, and we can still exit with the
 * status of the verdict.  1: this is the child. */
static int
leave_core (void)
{
	pid_t pid = fork_bare ();

	if (pid <= 0)
		return pid == 0;
	limit_time (CORE_SECONDS);
	while (waitpid (pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	return 0;
}

/* What the process would have died of without us. */
static void
act_as_before (int signo, const siginfo_t *info)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction (signo, &usual, NULL);
	/* One that somebody sent does not come again by itself. */
	if (info->si_code <= 0)
		kill (getpid (), signo);
}

static void
on_crash (int signo, siginfo_t *info, void *context)
{
	const struct crash_owner *o;
	struct lhk_callback callback;
	char text[SENTENCE_MAX], where[64];
	size_t i = 0;
	int status;

	(void) context;
	o = find_callback (&callback);
	if (o == NULL) {
		act_as_before (signo, info);
		return;
	}
	while (i + 1 < ARRAY_SIZE (crashes) && crashes[i].signo != signo)
		i++;
	crash_describe (&callback, where, sizeof where);
	snprintf (text, sizeof text, "plugin '%.64s' crashed with %s in %s",
		  callback.plugin->name, crashes[i].name, where);
	status = end (o, 1, text);
	if (!leave_core ())
		_exit (status);
	act_as_before (signo, info);
}

static void
on_exit_call (void)
{
	struct lhk_callback callback;
	const struct crash_owner *o = find_callback (&callback);
	char text[SENTENCE_MAX], where[64];

	if (o == NULL)
		return;
	crash_describe (&callback, where, sizeof where);
	snprintf (text, sizeof text, "plugin '%.64s' called exit in %s",
		  callback.plugin->name, where);
	_exit (end (o, 1, text));
}

/* A stack that somebody else has given to the thread stays.  1; 0: there is none.
 */
static int
give_stack (void)
{
	static char stack[HANDLER_STACK];
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
	stack_t old;

	if (sigaltstack (NULL, &old) < 0)
		return 0;
	return (old.ss_flags & SS_DISABLE) == 0
	       || sigaltstack (&own, NULL) == 0;
}

void
crash_catch (const struct crash_owner *owner)
{
	struct sigaction action = { .sa_sigaction = on_crash,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK
						| SA_NODEFER };
	struct sigaction old;
	size_t i;

	atomic_store (&current, owner);
	(void) !atexit (on_exit_call);
	(void) !at_quick_exit (on_exit_call);
	if (!give_stack ())
		return;
	for (i = 0; i < ARRAY_SIZE (crashes); i++)
		if (sigaction (crashes[i].signo, NULL, &old) == 0
		    && old.sa_handler == SIG_DFL)
			sigaction (crashes[i].signo, &action, NULL);
}

void
crash_release (void)
{
	atomic_store (&current, NULL);
}
