/* SPDX-License-Identifier: MIT */
/*
 * pidns.h - a pid namespace for tests that leave processes behind on purpose.
 *
 * The processes in it die with it, whatever the test did.
 */
#ifndef TESTS_PIDNS_H
#define TESTS_PIDNS_H

/* Run TESTS in a pid namespace with a /proc of its own.  Returns what it
 * returned.  Where namespaces are not permitted, prints TAP that skips
 * everything and gives the reason. */
int pidns_run (int (*tests) (void));

/* Go on in a pid namespace of our own, with its own mounts and /proc: whatever
 * is left in it dies with this program.  Where that is not permitted, go on as
 * before. */
void pidns_enter (void);

#endif /* TESTS_PIDNS_H */
