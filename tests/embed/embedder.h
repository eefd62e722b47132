/* SPDX-License-Identifier: MIT */
/*
 * embedder.h - a small embedder for tests that link the shared library and
 * nothing else of this tree's code.
 */
#ifndef EMBED_EMBEDDER_H
#define EMBED_EMBEDDER_H

#include <linehook/run.h>

/* The paths of the mock agent and of the monitor, from the environment. */
const char *embedder_agent (void);
const char *embedder_monitor (void);

/* A plugin "raw" that is linked in: every line is a text. */
extern const struct lhk_plugin embedder_plugin;

/* A new host that knows this plugin. */
struct lhk_host *embedder_host (void);

/* Start the mock agent with ARGV under HOST; its events are pulled. */
struct lhk_run *embedder_start (struct lhk_host *host,
				const char *const *words);

/* Make one whole run that prints WORD and exits with STATUS; 0 if its result
 * says so. */
int embedder_try (struct lhk_host *host, const char *word, int status);

/* A callback for lhk_host_list_plugins that ignores its entry. */
void embedder_no_entry (void *user, const struct lhk_plugin_entry *entry);

/* Run FN in a child process; the test passes if it returns 0. */
void embedder_apart (int (*fn) (int arg), int arg);

#define EMBEDDER_AGENT(...)                                                    \
	((const char *const[]){ embedder_agent (), __VA_ARGS__, NULL })

#endif /* EMBED_EMBEDDER_H */
