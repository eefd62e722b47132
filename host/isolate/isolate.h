/* SPDX-License-Identifier: MIT */
/*
 * isolate.h - linehook-isolate: a plugin in a process of its own, which can do
 * nothing but read lines and answer with events.
 */
#ifndef ISOLATE_ISOLATE_H
#define ISOLATE_ISOLATE_H

#include <linehook/plugin.h>

#include "common/isolate_proto.h"

/* A sanitizer's run time makes system calls of its own, and has terabytes of address
 * space: its process is not confined. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define ISOLATE_SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ISOLATE_SANITIZED 1
#endif
#endif
#ifndef ISOLATE_SANITIZED
#define ISOLATE_SANITIZED 0
#endif

/*
 * Before the plugin is loaded, for its constructors: no new process or program,
 * no socket, no file but for reading, no signal to another process.  NULL, or
 * what the system cannot do.
 */
const char *confine_loading (void);

/*
 * After it was loaded: only the system calls that reading requests from
 * descriptor 0, writing answers to descriptor 1 and memory need.  NULL, or what
 * the system cannot do.
 */
const char *confine_running (void);

/* Answer requests until there are no more.  JOURNAL may be NULL.  Returns the exit
 * status. */
int serve (const struct lhk_plugin *plugin, struct isolate_journal *journal);

#endif /* ISOLATE_ISOLATE_H */
