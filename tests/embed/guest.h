/* SPDX-License-Identifier: MIT */
/* guest.h - what the tests of embedders share: they link the library alone. */
#ifndef EMBED_GUEST_H
#define EMBED_GUEST_H

#include <linehook/run.h>

/* Paths from the environment of the test. */
const char *guest_agent (void);
const char *guest_helper (void);

/* "raw", linked in: every line is a text. */
extern const struct lhk_plugin guest_plugin;

/* A host with that plugin. */
struct lhk_host *guest_host (void);

/* Start agent words under HOST; its events are pulled. */
struct lhk_run *guest_start (struct lhk_host *host, const char *const *words);

/* One whole run that says WORD and exits with STATUS; 0 if it did. */
int guest_try (struct lhk_host *host, const char *word, int status);

/* For lhk_host_list_plugins. */
void guest_no_entry (void *user, const struct lhk_plugin_entry *entry);

/* Run FN in a process of its own; it passes by exit status 0. */
void guest_apart (int (*fn) (int arg), int arg);

#define GUEST_AGENT(...)                                                       \
	((const char *const[]){ guest_agent (), __VA_ARGS__, NULL })

#endif /* EMBED_GUEST_H */
