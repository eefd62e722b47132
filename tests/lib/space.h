/* SPDX-License-Identifier: MIT */
/*
 * space.h - a pid namespace for tests that leave processes behind on purpose.
 *
 * What is left in it, whatever became of the test, dies with it.
 */
#ifndef TESTS_SPACE_H
#define TESTS_SPACE_H

/* Run TESTS in a pid namespace with a /proc of its own; its return value.
 * Where there is none to be had, TAP that skips everything, and why. */
int space_run (int (*tests) (void));

#endif /* TESTS_SPACE_H */
